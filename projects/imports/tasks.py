"""The scheduled task of imports: it polls the table, because requests send no message."""

import logging

from celery import shared_task

from projects.imports.work import do_waiting, erase_old

log = logging.getLogger(__name__)


@shared_task(name="projects.imports.tasks.work_on_imports")
def work_on_imports() -> int:
    """Do what officers asked for, and erase what is old."""
    erased, done = erase_old(), do_waiting()
    if erased or done:
        log.info("%d imports were worked on, %d were erased", done, erased)
    return done

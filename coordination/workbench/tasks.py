"""The scheduled task of exports: it polls the table, because requests send no message."""

import logging

from celery import shared_task

from coordination.workbench.export.build import build_waiting, expire_old

log = logging.getLogger(__name__)


@shared_task(name="coordination.workbench.tasks.build_exports")
def build_exports() -> int:
    """Build pending exports, and delete expired files."""
    expired, ready = expire_old(), build_waiting()
    if expired or ready:
        log.info("%d exports are ready, %d have expired", ready, expired)
    return ready

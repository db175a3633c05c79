"""The worker's task of the record."""

import logging

from celery import shared_task

from projects.record.acts import forget_acts

log = logging.getLogger(__name__)


@shared_task(name="projects.record.tasks.forget_old_acts")
def forget_old_acts() -> int:
    """Delete the acts that are older than they are kept."""
    forgotten = forget_acts()
    log.info("deleted %d acts", forgotten)
    return forgotten

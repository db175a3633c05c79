"""The worker's part: it looks for what waits, since nobody tells it."""

import logging

from celery import shared_task

from coordination.workbench.export.build import build_waiting, expire_old

log = logging.getLogger(__name__)


@shared_task(name="coordination.workbench.tasks.build_exports")
def build_exports() -> int:
    """Build what waits, and throw away what is over."""
    expired, ready = expire_old(), build_waiting()
    if expired or ready:
        log.info("%d exports are ready, %d have expired", ready, expired)
    return ready

"""What the worker does for tickets, unattended."""

import logging

from celery import shared_task

from coordination.tickets.anchors import anchor_missing

log = logging.getLogger(__name__)


@shared_task(name="coordination.tasks.anchor_events")
def anchor_events() -> int:
    """Seal the days that are over."""
    made = anchor_missing()
    log.info("sealed %d days of events", made)
    return made

"""The worker's task for tickets that are near or past their deadline."""

import logging

from celery import shared_task

from coordination.escalation.escalate import sweep

log = logging.getLogger(__name__)


@shared_task(name="coordination.escalation.tasks.escalate_tickets")
def escalate_tickets() -> int:
    """Give every escalation step that is due."""
    swept = sweep()
    log.info("%d steps given, %d without service hours", swept.given, swept.unknown)
    return swept.given

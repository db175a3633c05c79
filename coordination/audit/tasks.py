"""The scheduled task of checks: it polls, because requests send no message."""

import logging

from celery import shared_task

from coordination.audit.check import check_due

log = logging.getLogger(__name__)


@shared_task(name="coordination.audit.tasks.check_record")
def check_record() -> int:
    """Check the record where that is due."""
    found = check_due()
    if found:
        log.error("%d rows differ from the record", found)
    return found

"""The scheduled task of checks: it polls, because requests send no message."""

import logging
from typing import Final

from celery import shared_task

from coordination.audit.check import check_due

# Seconds. A check that is ended by it goes on with the next part.
_LIMIT: Final = 7200

log = logging.getLogger(__name__)


@shared_task(
    name="coordination.audit.tasks.check_record", time_limit=_LIMIT, soft_time_limit=_LIMIT - 60
)
def check_record() -> int:
    """Check the record where that is due."""
    found = check_due()
    if found:
        log.error("%d rows differ from the record", found)
    return found

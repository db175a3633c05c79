"""The worker's tasks of referrals."""

import logging

from celery import shared_task

from coordination.referrals.chase import chase_due

log = logging.getLogger(__name__)


@shared_task(name="coordination.referrals.tasks.chase_departments")
def chase_departments() -> int:
    """Chase every department for which that is due."""
    chased = chase_due()
    log.info("%d departments chased", chased)
    return chased

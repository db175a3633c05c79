"""What the worker does for referrals, unattended."""

import logging

from celery import shared_task

from coordination.referrals.chase import chase_due

log = logging.getLogger(__name__)


@shared_task(name="coordination.referrals.tasks.chase_departments")
def chase_departments() -> int:
    """Give every step of the chasing that is due."""
    swept = chase_due()
    log.info("%d departments chased, %d without a calendar", swept.given, swept.unknown)
    return swept.given

"""The scheduled tasks of the bulletins."""

import logging

from celery import shared_task

from coordination.bulletins.briefs import build as briefs
from coordination.bulletins.build import build_missing
from coordination.bulletins.sealing import seal_missing

log = logging.getLogger(__name__)


@shared_task(name="coordination.bulletins.tasks.build_missing_bulletins")
def build_missing_bulletins() -> int:
    """Build every due week that is missing; safe to repeat."""
    built = build_missing()
    for bulletin in built:
        log.info("bulletin of %s: %s", bulletin.cut_off.isoformat(), bulletin.hash)
    return len(built)


@shared_task(name="coordination.bulletins.tasks.build_missing_briefs")
def build_missing_briefs() -> int:
    """Build every due day's brief that is missing; safe to repeat."""
    built = briefs.build_missing_briefs()
    for brief in built:
        log.info("brief of %s: %s", brief.day.isoformat(), brief.hash)
    return len(built)


@shared_task(name="coordination.bulletins.tasks.seal_counts")
def seal_counts() -> int:
    """Seal the totals of every day that is over; safe to repeat."""
    return seal_missing()

"""What the worker does for bulletins, unattended."""

import logging

from celery import shared_task

from coordination.bulletins.build import build_missing

log = logging.getLogger(__name__)


@shared_task(name="coordination.bulletins.tasks.build_missing_bulletins")
def build_missing_bulletins() -> int:
    """Build every week that is owed and missing; doing it twice does nothing more."""
    built = build_missing()
    for bulletin in built:
        log.info("bulletin of %s: %s", bulletin.cut_off.isoformat(), bulletin.hash)
    return len(built)

"""The worker's tasks of the daily monitoring."""

import logging

from celery import shared_task

from coordination.monitoring.ask import ask_due
from coordination.monitoring.erase import erase_ended

log = logging.getLogger(__name__)


@shared_task(name="coordination.monitoring.tasks.ask_reporters")
def ask_reporters() -> int:
    """Ask or chase every reporter for whom that is due."""
    asked = ask_due()
    log.info("%d reporters asked", asked)
    return asked


@shared_task(name="coordination.monitoring.tasks.erase_ended_reporters")
def erase_ended_reporters() -> int:
    """Erase reporters who ended thirty days ago."""
    return erase_ended()

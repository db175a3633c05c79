"""Scheduled tasks of tickets."""

import logging

from celery import shared_task

from coordination.tickets.verbs.lapse import lapse_questions as lapse_all
from coordination.tickets.verbs.reckon_again import reckon_all_again

log = logging.getLogger(__name__)


@shared_task(name="coordination.tickets.tasks.lapse_questions")
def lapse_questions() -> int:
    """Lapse the questions that were not answered in time."""
    lapsed = lapse_all()
    log.info("%d questions lapsed", lapsed)
    return lapsed


@shared_task(name="coordination.tickets.tasks.reckon_deadlines_again")
def reckon_deadlines_again() -> int:
    """Reckon the provisional deadlines of the years that were entered again."""
    settled = reckon_all_again()
    log.info("%d tickets with a provisional deadline were reckoned again", settled)
    return settled

"""Scheduled tasks of tickets."""

import logging

from celery import shared_task

from coordination.tickets.anchors import anchor_missing
from coordination.tickets.verbs.lapse import lapse_questions as lapse_all

log = logging.getLogger(__name__)


@shared_task(name="coordination.tickets.tasks.anchor_events")
def anchor_events() -> int:
    """Anchor the days that are over."""
    made = anchor_missing()
    log.info("sealed %d days of events", made)
    return made


@shared_task(name="coordination.tickets.tasks.lapse_questions")
def lapse_questions() -> int:
    """Lapse the questions that were not answered in time."""
    lapsed = lapse_all()
    log.info("%d questions lapsed", lapsed)
    return lapsed

"""Loading the data set, once."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from coordination.bulletins.periods import begin_service
from coordination.demo.enrolment import SERVICE_BEGAN, enrol_all, post_all, serve_all
from coordination.demo.investing import invest_all
from coordination.demo.issues import enter_letterheads
from coordination.demo.models import DemoCase, DemoProgress
from coordination.demo.people import appoint
from coordination.demo.reporters import name_reporters
from coordination.demo.reporting import schedule_reports
from coordination.demo.requests import Case, cases_of, schedule_requests
from coordination.demo.schedule import OPENING, Schedule, moment
from projects.record.clock import clock_at
from projects.register.models import Batch


def is_loaded() -> bool:
    """Whether the data set is loaded: it is loaded completely or not at all."""
    return Batch.objects.filter(year=2020, ordinal=1).exists()


def load() -> bool:
    """Load the data set up to its opening, unless it is loaded; returns whether it did.

    Its later events are played as the clock passes them: see play.py.

    In one transaction, so that a load that was interrupted leaves nothing behind. Raises
    ImproperlyConfigured if the deployment does not allow the clock to be set, as in production.
    """
    if not settings.DEMO_CLOCK:
        raise ImproperlyConfigured("the demonstration is not loaded where DEMO_CLOCK is off")
    with transaction.atomic():
        if is_loaded():
            return False
        _load_2020()
    return True


def _load_2020() -> None:
    with clock_at(moment(SERVICE_BEGAN, 8)):
        staff = appoint()
        begin_service(on=SERVICE_BEGAN)
        enter_letterheads()
    with clock_at(moment(SERVICE_BEGAN, 9)):
        entries = enrol_all(by=staff.duty_desk)
    with clock_at(moment(SERVICE_BEGAN, 14)):
        serve_all(entries, staff)
        post_all(entries, staff)
        name_reporters(entries, by=staff.duty_desk)
    invest_all(entries, staff)
    schedule = Schedule()
    schedule_reports(schedule, entries)
    cases = cases_of(entries, staff)
    schedule_requests(schedule, cases)
    schedule.run(until=OPENING)
    _store_progress(cases)


def _store_progress(cases: list[Case]) -> None:
    """Store how many steps each ticket has taken, for the player of the rest."""
    DemoProgress.objects.create(played_until=OPENING)
    DemoCase.objects.bulk_create(
        DemoCase(number=case.filing.number, ticket=case.ticket, steps=case.steps)
        for case in cases
        if case.ticket is not None and not case.is_over
    )

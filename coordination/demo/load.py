"""Loading the whole of it, once."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from coordination.bulletins.periods import begin_service
from coordination.demo.diary import OPENING, Diary, moment
from coordination.demo.enrolment import SERVICE_BEGAN, enrol_all, serve_all
from coordination.demo.models import DemoCase, DemoProgress
from coordination.demo.people import appoint
from coordination.demo.reporting import note_reports
from coordination.demo.requests import Case, cases_of, note_requests
from projects.record.clock import clock_at
from projects.register.models import Batch


def is_loaded() -> bool:
    """The first batch of 2020 is there; it came with all the rest or not at all."""
    return Batch.objects.filter(year=2020, ordinal=1).exists()


def load(*, leave_out_report_of: str | None = None) -> bool:
    """Load the data set up to its opening; does nothing where it is there. Says whether it loaded.

    What it has of the time after is played as the clock passes it: see play.py.

    In one transaction, so that a load that was interrupted leaves nothing behind. The reports of
    one project (by its code) may be left out. Raises ImproperlyConfigured where the deployment
    does not let the clock be set: in production.
    """
    if not settings.DEMO_CLOCK:
        raise ImproperlyConfigured("the demonstration is not loaded where DEMO_CLOCK is off")
    with transaction.atomic():
        if is_loaded():
            return False
        _live_through_2020(leave_out_report_of)
    return True


def _live_through_2020(leave_out_report_of: str | None) -> None:
    with clock_at(moment(SERVICE_BEGAN, 8)):
        staff = appoint()
        begin_service(on=SERVICE_BEGAN)
    with clock_at(moment(SERVICE_BEGAN, 9)):
        entries = enrol_all(by=staff.duty_desk)
    with clock_at(moment(SERVICE_BEGAN, 14)):
        serve_all(entries, staff)
    diary = Diary()
    note_reports(diary, entries, leave_out_report_of=leave_out_report_of)
    cases = cases_of(entries, staff)
    note_requests(diary, cases)
    diary.live_through(until=OPENING)
    _keep(cases)


def _keep(cases: list[Case]) -> None:
    """How far each ticket has come, for whoever plays the rest."""
    DemoProgress.objects.create(played_until=OPENING)
    DemoCase.objects.bulk_create(
        DemoCase(number=case.filing.number, ticket=case.ticket, steps=case.steps)
        for case in cases
        if case.ticket is not None and not case.is_over
    )

"""Loading the whole of it, once."""

from datetime import date
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from coordination.bulletins.periods import begin_service
from coordination.demo.diary import Diary, moment
from coordination.demo.enrolment import SERVICE_BEGAN, enrol_all, serve_all
from coordination.demo.people import appoint
from coordination.demo.reporting import note_reports
from coordination.demo.requests import note_requests
from projects.record.clock import clock_at
from projects.register.models import Batch

SERVICE_ENDED: Final = date(2020, 4, 1)


def is_loaded() -> bool:
    """The first batch of 2020 is there; it came with all the rest or not at all."""
    return Batch.objects.filter(year=2020, ordinal=1).exists()


def load(*, leave_out_report_of: str | None = None) -> bool:
    """Load the data set; does nothing where it is there. Says whether it loaded.

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
        begin_service(on=timezone.localdate())  # so that the running week can be seen today
    return True


def _live_through_2020(leave_out_report_of: str | None) -> None:
    with clock_at(moment(SERVICE_BEGAN, 8)):
        staff = appoint()
        begin_service(on=SERVICE_BEGAN, until=SERVICE_ENDED)
    with clock_at(moment(SERVICE_BEGAN, 9)):
        entries = enrol_all(by=staff.duty_desk)
    with clock_at(moment(SERVICE_BEGAN, 14)):
        serve_all(entries, staff)
    diary = Diary()
    note_reports(diary, entries, leave_out_report_of=leave_out_report_of)
    note_requests(diary, entries, staff)
    diary.live_through()

"""The demonstration lives: its clock runs on, its days are played, its Monday has a bulletin."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import F, Max

from coordination.bulletins.models import Bulletin
from coordination.demo.catalogue import CUT_OFF_DAY
from coordination.demo.diary import OPENING
from coordination.demo.load import load
from coordination.escalation.models import Escalation
from coordination.tickets.chain import altered
from coordination.tickets.flow import Verb
from coordination.tickets.models import EventAnchor, Ticket, TicketEvent
from projects.progress.models import DailyReport
from projects.record.clock import now
from projects.record.demo_clock import open_clock
from projects.register.models import Project

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2020, 3, 16, 17, 35, tzinfo=SHANGHAI)
CUT_OFF = datetime(2020, 3, 16, 17, tzinfo=SHANGHAI)
WEEK_BEFORE = CUT_OFF - timedelta(days=7)


@pytest.fixture
def opened(transactional_db: None, settings: Any) -> Iterator[None]:
    """The data set, loaded, with its clock running from the opening."""
    load()
    settings.DEMONSTRATION = True
    open_clock(OPENING)
    yield
    settings.DEMONSTRATION = False


def resumed_by(moment: datetime) -> set[int]:
    """The projects whose last report up to the moment says that they have resumed."""
    last: dict[int, DailyReport] = {}
    for report in DailyReport.objects.filter(recorded_at__lte=moment).order_by("day", "revision"):
        last[report.project_id] = report
    return {project for project, report in last.items() if report.resumed}


def test_monday_comes_with_all_that_lies_before_it(opened: None) -> None:
    call_command("demo_forward", "monday")
    assert now() >= MONDAY
    assert now() - MONDAY < timedelta(minutes=1)
    _the_bulletin_is_what_was_recorded()
    _the_days_were_lived()


def _the_bulletin_is_what_was_recorded() -> None:
    """Its figures, counted here by other means than those of the bulletin."""
    built = Bulletin.objects.order_by("cut_off")
    assert built.count() == 7  # from the service's first Monday on
    newest = built[6]
    assert newest.cut_off == CUT_OFF
    figures = {name: block["figures"] for name, block in newest.blocks.items()}
    resumed = resumed_by(CUT_OFF)
    planned = {
        project.pk
        for project in Project.objects.exclude(planned_resumption=None)
        if project.planned_resumption and project.planned_resumption <= CUT_OFF.date()
    }
    counted = figures["resumption"]
    assert (counted["planned"], counted["resumed"]) == (len(planned), len(planned & resumed))
    assert counted["planned"] == 336
    assert counted["resumed"] > 313
    for kind, row in figures["tickets"].items():
        filed = Ticket.objects.filter(kind=kind, filed_at__gt=WEEK_BEFORE, filed_at__lte=CUT_OFF)
        assert row["filed"] == filed.count(), kind
        ended = TicketEvent.objects.filter(
            ticket__kind=kind, to_status__in=("closed", "declined", "withdrawn"),
            recorded_at__gt=WEEK_BEFORE, recorded_at__lte=CUT_OFF,
        ).exclude(from_status=F("to_status"))  # fmt: skip
        assert row["ended"] == ended.count(), kind


def _the_days_were_lived() -> None:
    verbs = set(TicketEvent.objects.filter(recorded_at__gt=OPENING).values_list("verb", flat=True))
    assert verbs >= {
        Verb.SUBMIT, Verb.ACCEPT, Verb.FULFIL, Verb.ASK, Verb.SUPPLEMENT, Verb.EXTEND, Verb.GRANT,
        Verb.RESOLVE, Verb.CONFIRM, Verb.ESCALATE,
    }  # fmt: skip
    days = DailyReport.objects.filter(day__gt=CUT_OFF_DAY).values_list("day", flat=True)
    assert set(days) >= {date(2020, 3, day) for day in (10, 11, 12, 13, 16)}
    assert set(Escalation.objects.values_list("level", flat=True)) >= {"L1", "L2"}
    assert EventAnchor.objects.latest("day").day == date(2020, 3, 15)
    newest = TicketEvent.objects.aggregate(newest=Max("recorded_at"))["newest"]
    assert newest <= now()
    events = TicketEvent.objects.order_by("ticket", "seq").select_related("text")
    assert list(altered(events.iterator())) == []
    assert Ticket.objects.filter(filed_at__gt=OPENING).exclude(title__contains="示例").count() == 0

"""The demonstration lives: its clock runs on, its days are played, its Monday has a bulletin."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import F, Max
from django.utils import timezone

from coordination.audit.models import RecordCheck
from coordination.bulletins.models import Bulletin
from coordination.demo.catalogue import CUT_OFF_DAY
from coordination.demo.forward import PLAYER_LOCK, advance, ask_forward, standing, target_of
from coordination.demo.models import DemoProgress
from coordination.demo.play import moments
from coordination.demo.schedule import OPENING
from coordination.demo.timetable import next_duty
from coordination.escalation.flow import EscalationVerb
from coordination.escalation.models import Escalation
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from projects.flow.chain import altered
from projects.progress.models import DailyReport
from projects.record.clock import now
from projects.record.demo_clock import move_clock, open_clock
from projects.record.models import Anchor, ClockOffset
from projects.record.refusals import Invalid
from projects.register.models import Project
from tests.bed.races import race
from tests.coordination.demo.luoyang import luoyang

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2020, 3, 16, 17, 35, tzinfo=SHANGHAI)
CUT_OFF = datetime(2020, 3, 16, 17, tzinfo=SHANGHAI)
WEEK_BEFORE = CUT_OFF - timedelta(days=7)


@pytest.fixture
def opened(transactional_db: None, settings: Any) -> Iterator[None]:
    """The data set, loaded, with its clock running from the opening."""
    with luoyang():
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


def lived() -> list[int]:
    return [model._default_manager.count() for model in (Ticket, TicketEvent, DailyReport)]


@pytest.mark.timeout(900)  # a data set is loaded, and a week of it played
def test_monday_comes_with_all_that_lies_before_it(opened: None) -> None:
    before = lived()
    move_clock(OPENING + timedelta(hours=1, minutes=30))
    assert lived() == before
    assert advance()  # as the worker does, of itself
    assert lived()[0] > before[0]
    call_command("demo_forward", "monday")
    assert now() >= MONDAY
    assert now() - MONDAY < timedelta(minutes=5)
    _the_bulletin_is_what_was_recorded()
    _the_days_were_lived()
    _nothing_is_played_twice()


def _nothing_is_played_twice() -> None:
    """As if whoever played had been killed before he could note how far he had come."""
    before = lived()
    DemoProgress.objects.update(played_until=OPENING)
    assert advance()
    assert lived() == before


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
        Verb.RESOLVE, Verb.CONFIRM, EscalationVerb.ESCALATE,
    }  # fmt: skip
    days = DailyReport.objects.filter(day__gt=CUT_OFF_DAY).values_list("day", flat=True)
    assert set(days) >= {date(2020, 3, day) for day in (10, 11, 12, 13, 16)}
    assert set(Escalation.objects.values_list("level", flat=True)) >= {"L1", "L2"}
    nights = RecordCheck.objects.order_by("pk").values_list("began_at", "found")
    assert [(timezone.localdate(began).day, found) for began, found in nights][-1] == (16, 0)
    assert Anchor.objects.count() == len(nights)
    newest = TicketEvent.objects.aggregate(newest=Max("recorded_at"))["newest"]
    assert newest <= now()
    events = TicketEvent.objects.order_by("ticket", "seq").select_related("text")
    assert list(altered(events.iterator())) == []
    assert Ticket.objects.filter(filed_at__gt=OPENING).exclude(title__contains="示例").count() == 0


@pytest.fixture
def waiting(transactional_db: None, settings: Any) -> Iterator[None]:
    """A demonstration in which everything has been played."""
    settings.DEMONSTRATION = True
    open_clock(OPENING)
    DemoProgress.objects.create(played_until=OPENING + timedelta(days=365))
    yield
    settings.DEMONSTRATION = False


def test_two_who_press_at_once_are_both_heard(waiting: None) -> None:
    outcomes = race(*[lambda: ask_forward("1d")] * 2)
    assert [each.error for each in outcomes] == [None, None]
    first, second = sorted(each.result for each in outcomes if each.result)
    assert second - first == timedelta(days=1)
    found = standing()
    assert found is not None
    assert found.forward_to == second


def test_one_plays_and_the_other_leaves_it_to_him(
    waiting: None, second_connection: psycopg.Connection[Any]
) -> None:
    target = ask_forward("1d")
    second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [PLAYER_LOCK])
    assert advance() is False
    found = standing()
    assert found is not None
    assert (found.forward_to, found.at < OPENING + timedelta(hours=1)) == (target, True)
    second_connection.rollback()
    assert advance() is True
    found = standing()
    assert found is not None
    assert (found.forward_to, found.at >= target) == (None, True)


@pytest.mark.parametrize(
    ("by", "start", "target"),
    [
        ("2h", (10, 9, 0), (10, 11, 0)), ("1d", (10, 9, 0), (11, 9, 0)),
        ("31d", (1, 9, 0), (32, 9, 0)), ("monday", (10, 9, 0), (16, 17, 35)),
        ("monday", (16, 17, 34), (16, 17, 35)), ("monday", (16, 17, 35), (23, 17, 35)),
    ],
)  # fmt: skip
def test_how_far_it_goes(by: str, start: tuple[int, ...], target: tuple[int, ...]) -> None:
    assert target_of(by, march(*start)) == march(*target)


@pytest.mark.parametrize(
    ("after", "duty"),
    [
        ((10, 9, 0), (10, 9, 30)), ((10, 9, 29), (10, 9, 30)), ((10, 17, 59), (10, 18, 0)),
        ((10, 18, 0), (11, 0, 10)), ((10, 23, 50), (11, 0, 10)), ((11, 0, 5), (11, 0, 10)),
        ((11, 0, 10), (11, 8, 0)), ((11, 7, 45), (11, 8, 0)), ((14, 0, 5), (14, 0, 10)),
        ((14, 9, 0), (15, 0, 10)), ((15, 9, 0), (16, 0, 10)),
    ],
)  # fmt: skip
def test_the_timetable_is_looked_after_by_day_and_once_a_night(
    after: tuple[int, ...], duty: tuple[int, ...]
) -> None:
    assert next_duty(march(*after)) == march(*duty)


def march(day: int, hour: int, minute: int) -> datetime:
    return datetime(2020, 3, 1, hour, minute, tzinfo=SHANGHAI) + timedelta(days=day - 1)


def test_the_data_set_has_something_on_each_day_until_its_last() -> None:
    days = {moment.astimezone(SHANGHAI).date() for moment in moments()}
    assert min(moments()) > OPENING
    assert days >= {date(2020, 3, day) for day in range(10, 28) if day not in (21, 22)}


def test_a_word_that_says_nothing_moves_nothing(waiting: None) -> None:
    for word in ("soon", "0h", "32d"):
        with pytest.raises(CommandError, match="monday"):
            call_command("demo_forward", word)
    with pytest.raises(Invalid):
        ask_forward("")
    found = standing()
    assert found is not None
    assert (found.forward_to, found.at < OPENING + timedelta(minutes=1)) == (None, True)


def test_there_is_nothing_to_move_outside_a_demonstration(transactional_db: None) -> None:
    DemoProgress.objects.create(played_until=OPENING)
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("demo_forward", "1d")
    with pytest.raises(ImproperlyConfigured, match="DEMONSTRATION"):
        advance()
    assert (DemoProgress.objects.get().forward_to, ClockOffset.objects.count()) == (None, 0)

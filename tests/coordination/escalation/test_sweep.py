"""The sweep: each step once, with its event, its record and whoever it concerns told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from coordination.delivery.models import Notice
from coordination.escalation import escalate as module
from coordination.escalation.escalate import Swept, escalate, sweep
from coordination.escalation.explain import explain
from coordination.escalation.models import Escalation
from coordination.tickets.lines.settle import fulfil
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handle import accept, ask, resolve
from projects.flow.actors import SYSTEM
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.bed.races import race
from tests.factories.coordination import Desk, desk, filed

CHINA = ZoneInfo("Asia/Shanghai")


def on(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=CHINA)


@contextmanager
def days(first: datetime, number: int) -> Iterator[Iterator[datetime]]:
    """Four times a day, for so many days."""
    yield (first + timedelta(hours=6 * turn) for turn in range(4 * number))


def accepted(at: Desk) -> Ticket:
    """Accepted on Tuesday, 3 March 2020; due on Friday at the end of its term."""
    with clock_at(on(3)):
        ticket = filed(at)
        accept(ticket=ticket, by=at.liaison)
    return Ticket.objects.get(pk=ticket.pk)


def sweep_at(moment: datetime) -> Swept:
    with clock_at(moment):
        return sweep()


def given() -> list[tuple[str, int]]:
    rows = Escalation.objects.order_by("recorded_at", "level")
    return [(row.level, row.recorded_at.astimezone(CHINA).day) for row in rows]


@pytest.fixture
def at() -> Desk:
    with clock_at(on(2)):
        return desk()


@pytest.mark.django_db
def test_swept_again_and_again_each_step_is_given_once(at: Desk) -> None:
    ticket = accepted(at)
    assert ticket.due_at is not None
    assert ticket.due_at.astimezone(CHINA).date() == on(6).date()
    with days(on(3, 10), 30) as moments:
        for moment in moments:
            sweep_at(moment)
            sweep_at(moment)
    assert given() == [("L0", 6), ("L1", 9), ("L2", 12), ("L3", 17), ("L4", 25)]
    events = TicketEvent.objects.filter(ticket=ticket, verb="escalate").order_by("seq")
    assert [event.payload["level"] for event in events] == ["L0", "L1", "L2", "L3", "L4"]
    assert {(event.by_system, event.is_internal) for event in events} == {(True, True)}


@pytest.mark.django_db
def test_after_a_month_asleep_it_urges_first_and_once(at: Desk) -> None:
    accepted(at)
    month_later = on(9, month=4)
    assert sweep_at(month_later) == Swept(given=1, unknown=0)
    assert sweep_at(month_later) == Swept(given=0, unknown=0)
    assert given() == [("L1", 9)]
    with days(month_later, 40) as moments:
        for moment in moments:
            sweep_at(moment)
    assert [level for level, _day in given()] == ["L1", "L2", "L3", "L4"]


@pytest.mark.django_db
def test_each_step_tells_whom_it_concerns(at: Desk) -> None:
    accepted(at)
    told = {}
    for moment in (on(6), on(9), on(12), on(17), on(25)):
        before = Notice.objects.count()
        sweep_at(moment)
        rows = Notice.objects.order_by("pk")[before:]
        told[Escalation.objects.latest("recorded_at").level] = {row.officer for row in rows}
    centre = {at.duty_desk, at.director}
    assert told == {
        "L0": {at.liaison},
        "L1": {at.liaison, at.lead},
        "L2": {at.liaison, at.lead, at.duty_desk},
        "L3": {at.liaison, at.lead, *centre},
        "L4": {at.lead, *centre},
    }
    urging = Notice.objects.filter(officer=at.lead).earliest("pk")
    assert urging.title.startswith("催办通知书：工单 ")
    assert "2020-03-06" in urging.text


@pytest.mark.django_db
def test_an_explanation_puts_the_bulletin_off(at: Desk) -> None:
    ticket = accepted(at)
    sweep_at(on(9))
    sweep_at(on(12))
    with clock_at(on(16)):
        explain(ticket=ticket, reason="等交警支队批复", by=at.liaison)
    sweep_at(on(17))
    assert [level for level, _day in given()] == ["L1", "L2"]
    sweep_at(on(24))
    assert [level for level, _day in given()] == ["L1", "L2", "L3"]


@pytest.mark.django_db
def test_what_waits_for_an_answer_or_is_resolved_does_not_climb(at: Desk) -> None:
    waiting, done = accepted(at), accepted(at)
    with clock_at(on(4)):
        ask(ticket=waiting, question="哪个路口", by=at.liaison)
        fulfil(ticket=done, line=1, quantity=Decimal(1), by=at.liaison)
        resolve(ticket=done, result="已放行", by=at.liaison)
    assert sweep_at(on(10)) == Swept(given=0, unknown=0)
    assert given() == []


@pytest.mark.django_db
def test_nothing_is_escalated_that_is_not_due(at: Desk) -> None:
    ticket = accepted(at)
    before = (TicketEvent.objects.count(), Notice.objects.count())
    with clock_at(on(5)), pytest.raises(NotAllowed):
        escalate(ticket=ticket, by=SYSTEM)
    assert (TicketEvent.objects.count(), Notice.objects.count()) == before


@pytest.mark.django_db
def test_where_nobody_can_be_told_nothing_is_given(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = accepted(at)
    before = TicketEvent.objects.filter(ticket=ticket).count()

    def fail(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "announce", fail)
    with clock_at(on(9)), pytest.raises(ZeroDivisionError):
        escalate(ticket=ticket, by=SYSTEM)
    assert (TicketEvent.objects.filter(ticket=ticket).count(), given()) == (before, [])


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_give_each_step_once() -> None:
    with clock_at(on(2)):
        at = desk()
    for _number in range(5):
        accepted(at)
    race(*[lambda: sweep_at(on(9))] * 3)
    assert [level for level, _day in given()] == ["L1"] * 5
    assert TicketEvent.objects.filter(verb="escalate").count() == 5

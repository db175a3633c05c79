"""Steps that were given for a provisional deadline, and would not have been for the true one."""

from datetime import date, datetime

import psycopg
import pytest
from django.db import DatabaseError, transaction

from coordination.delivery.models import Notice
from coordination.escalation.admin_ladder import ladder_panel
from coordination.escalation.models import Annulment, Escalation
from coordination.escalation.queries_named import named_between
from coordination.tickets.models import Ticket, TicketEvent
from projects.record.clock import clock_at
from projects.worktime.models import CalendarOverride
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import (
    december,
    do,
    enter,
    file,
    handled,
    on,
    reckoned,
    swept,
)
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db


def steps() -> list[tuple[str, int, int, bool]]:
    """Level, day in January, how often it was annulled before, whether it is annulled."""
    rows = Escalation.objects.order_by("recorded_at", "pk")
    return [
        (row.level, row.recorded_at.astimezone(on(1).tzinfo).day, row.annulled_before,
         Annulment.objects.filter(escalation=row).exists())
        for row in rows
    ]  # fmt: skip


def told(who: int) -> list[str]:
    rows = Notice.objects.filter(officer=who, topic="ticket.urged").order_by("pk")
    return [row.title for row in rows]


def test_an_urging_before_the_true_deadline_is_annulled_and_the_ladder_begins_anew(
    at: Desk,
) -> None:
    ticket = handled(at)  # by weekdays due on Tuesday the 5th; in truth on the 6th
    swept(on(5, 9), on(6, 9))
    assert steps() == [("L0", 5, 0, False), ("L1", 6, 0, False)]
    enter()
    assert reckoned(on(6, 10)) == 1
    assert steps() == [("L0", 5, 0, True), ("L1", 6, 0, True)]
    event = TicketEvent.objects.filter(ticket=ticket).latest("seq")
    assert event.payload["annulled"] == list(Escalation.objects.values_list("pk", flat=True))
    assert set(Annulment.objects.values_list("event", "recorded_at")) == {(event.pk, on(6, 10))}
    number = Ticket.objects.get(pk=ticket.pk).number
    assert told(at.lead.pk) == [
        f"催办通知书：工单 {number} 已超期",
        f"工单 {number}：此前按暂定期限作出的催办已撤销",
    ]
    swept(on(6, 11), on(6, 12), on(7, 9), on(8, 9))
    assert steps()[2:] == [("L0", 6, 1, False), ("L1", 7, 1, False)]
    panel = ladder_panel(ticket, at.liaison)
    assert panel is not None
    given = [each.step for each in panel["entries"]]  # the latest first
    assert [(each.level, hasattr(each, "annulment")) for each in given] == [
        ("L1", False), ("L0", False), ("L1", True), ("L0", True),
    ]  # fmt: skip


def test_steps_that_the_true_deadline_would_have_given_stand(at: Desk) -> None:
    handled(at)
    swept(on(5, 9), on(6, 9))
    enter({date(2027, 2, 8): False})  # New Year's Day was worked after all
    assert reckoned(on(6, 10)) == 1
    assert steps() == [("L0", 5, 0, False), ("L1", 6, 0, False)]
    swept(on(6, 11), on(7, 9))
    assert len(steps()) == 2


def test_only_the_steps_that_came_too_early_are_annulled(at: Desk) -> None:
    handled(at)
    swept(on(5, 9), on(7, 9), on(12, 9))  # the sweep slept on the 6th, so L1 came on the 7th
    assert [level for level, *_rest in steps()] == ["L0", "L1", "L2"]
    enter({date(2027, 1, 1): False, date(2027, 1, 11): False})
    assert reckoned(on(12, 10)) == 1
    assert steps() == [("L0", 5, 0, True), ("L1", 7, 0, False), ("L2", 12, 0, True)]
    swept(on(12, 11), on(13, 9))  # two whole working days since the 7th: the 8th and the 12th
    assert steps()[3:] == [("L2", 13, 1, False)]


def test_steps_of_an_acceptance_that_is_over_are_annulled_too(at: Desk) -> None:
    ticket = file(at, december(31, 16))  # by weekdays to be accepted on the 1st, 9:30
    swept(on(1, 9), on(4, 8))
    assert [level for level, *_rest in steps()] == ["L0", "L1"]
    do("accept", ticket, at.liaison, on(4, 9))
    enter()
    reckoned(on(4, 10))
    assert [annulled for *_step, annulled in steps()] == [True, True]


def test_steps_of_a_deadline_that_was_never_provisional_are_left_alone(at: Desk) -> None:
    ticket = file(at, december(30))
    swept(december(30, 10), december(31, 9))
    do("accept", ticket, at.liaison, december(31, 10))
    enter()
    assert reckoned(on(4, 10)) == 1
    assert steps() == [("L0", 30, 0, False), ("L1", 31, 0, False)]


def test_a_bulletin_names_whom_it_named_until_the_step_was_annulled(at: Desk) -> None:
    handled(at)
    swept(on(5, 9), on(6, 9), on(11, 9), on(14, 9))
    assert [level for level, *_rest in steps()] == ["L0", "L1", "L2", "L3"]
    enter({date(2027, 1, day): False for day in (1, 4, 5, 6, 7, 8)})
    reckoned(on(18, 9))
    assert [annulled for *_step, annulled in steps()] == [True] * 4
    assert named_between(on(11, 17), on(18, 8)).count() == 1  # as it was counted then
    assert named_between(on(11, 17), on(18, 17)).count() == 0


def test_an_annulment_is_a_fact(at: Desk) -> None:
    handled(at)
    swept(on(5, 9))
    enter()
    reckoned(on(5, 10))
    for change in (
        Annulment.objects.all().delete,
        lambda: Annulment.objects.update(recorded_at=on(9)),
    ):
        with pytest.raises((DatabaseError, psycopg.Error)), transaction.atomic():
            change()
    assert Annulment.objects.get().recorded_at == on(5, 10)


# Days off that were added after a deadline was told


@pytest.mark.parametrize(
    ("days", "moments", "reminded"),
    [
        ({date(2027, 1, 5): False}, (on(4, 8, 30), on(5, 9)), [4]),
        ({date(2027, 1, 5): False, date(2027, 1, 4): False}, (on(3, 9), on(4, 9), on(5, 9)), []),
        ({date(2027, 1, 3): True}, (on(3, 9), on(4, 9), on(5, 0)), [5]),
        ({}, (on(4, 9), on(5, 9)), [5]),
    ],
)
def test_a_reminder_never_falls_on_a_day_off(
    at: Desk, days: dict[date, bool], moments: tuple[datetime, ...], reminded: list[int]
) -> None:
    enter({date(2027, 2, 8): False})
    ticket = handled(at)
    assert ticket.due_at == on(5, 17)
    with clock_at(on(2)):
        for day, worked in days.items():
            CalendarOverride.objects.create(day=day, is_working=worked, reason="调整")
    swept(*moments)
    assert [day for _level, day, *_rest in steps()] == reminded
    ticket.refresh_from_db()
    assert ticket.due_at == on(5, 17)  # as it was told

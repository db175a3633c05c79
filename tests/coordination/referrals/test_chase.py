"""Chasing: when each step is due, each once, however long nobody looked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.delivery.models import Delivery, Notice, State
from coordination.referrals.chase import chase, chase_due
from coordination.referrals.chasing import ChaseKind, next_chase
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Chase, Referral, ReferralLink
from coordination.tickets.clocks.queries import rules
from coordination.tickets.verbs.registry import perform
from projects.flow.actors import SYSTEM
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race
from tests.coordination.referrals.scene import (
    DAY,
    HEALTH,
    SAID,
    TRAFFIC,
    department,
    everything,
    on,
    referred,
    token_of,
)
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Iterator[Desk]:
    with clock_at(on(2, 8)):
        yield desk()


def sweep_at(moment: Any) -> int:
    with clock_at(moment):
        return chase_due()


def steps() -> list[tuple[str, str]]:
    rows = Chase.objects.order_by("pk").values_list("step", "day")
    return [(step, f"{day:%m-%d}") for step, day in rows]


@pytest.mark.parametrize(
    ("due", "at", "given", "step"),
    [
        (on(5, 17), on(4, 8, 29), (), None),
        (on(5, 17), on(4, 8, 30), (), ChaseKind.REMINDED),
        (on(5, 17), on(4, 8, 30), (ChaseKind.REMINDED,), None),
        (on(5, 17), on(5, 17), (), ChaseKind.REMINDED),  # late, and still of use
        (on(5, 17), on(5, 18), (), None),
        (on(5, 17), on(6, 8, 29), (), None),
        (on(5, 17), on(6, 8, 30), (), ChaseKind.OVERDUE),
        (on(5, 17), on(6, 8, 30), (ChaseKind.OVERDUE,), None),
        (on(9, 17), on(6, 9), (), ChaseKind.REMINDED),  # Friday before a Monday
        (on(6, 17), on(7, 9), (), None),  # a Saturday
        (on(6, 17), on(9, 9), (), ChaseKind.OVERDUE),
        (on(3, 17), on(3, 9), (), None),  # asked on the day before: reminded by being asked
        (on(5, 17), on(30, 9), (), ChaseKind.OVERDUE),  # no reminder that comes too late
    ],
)  # fmt: skip
def test_when_each_step_is_due(due: Any, at: Any, given: Any, step: ChaseKind | None) -> None:
    assert next_chase(on(2), due, given, at, rules().calendar) == step


def test_each_step_once_with_a_fresh_link_and_the_handler_told(at: Desk) -> None:
    with clock_at(on(2)):
        row = referred(at)
    first = token_of(row)
    moments = [on(day, hour) for day in (2, 3, 4, 5, 6, 9, 10) for hour in (8, 9, 16)]
    tokens = {first} | {token_of(row) for moment in moments if sweep_at(moment)}
    assert steps() == [("reminded", "03-04"), ("overdue", "03-06")]
    assert len(tokens) == 3
    assert list(ReferralLink.objects.order_by("pk").values_list("ended_because", flat=True)) == [
        "replaced", "replaced", "",
    ]  # fmt: skip
    letters = Delivery.objects.order_by("pk")
    assert [each.payload["title"].partition("：")[0] for each in letters] == [
        "会办", "会办提醒", "会办超期",
    ]  # fmt: skip
    assert [each.state for each in letters] == [State.DEAD, State.DEAD, State.PENDING]
    (told,) = Notice.objects.filter(topic="ticket.referred")
    assert (told.officer, told.created_at) == (at.liaison, on(6))
    assert TRAFFIC in told.text
    events = row.ticket.events.filter(verb="chase")
    assert [each.payload["step"] for each in events] == ["reminded", "overdue"]
    assert {(each.by_system, each.is_internal) for each in events} == {(True, True)}
    assert list(audit()) == []


def test_a_desk_that_slept_a_month_chases_once(at: Desk) -> None:
    with clock_at(on(2)):
        referred(at)
    month_later = on(1, month=4)
    assert [sweep_at(month_later), sweep_at(month_later), sweep_at(month_later + DAY)] == [1, 0, 0]
    assert steps() == [("overdue", "04-01")]


def test_who_has_no_mail_keeps_the_link_that_he_was_given(at: Desk) -> None:
    with clock_at(on(2)):
        row = referred(at, to=department(email=""))
        perform(ReferralVerb.CHASE, ticket=row.ticket, referral=row, by=at.liaison)
    assert (sweep_at(on(4)), sweep_at(on(6))) == (1, 1)
    assert (ReferralLink.objects.count(), Delivery.objects.count()) == (0, 0)
    told = Notice.objects.filter(topic="ticket.referred").order_by("pk")
    assert [each.title.partition("：")[2] for each in told] == [
        "请自行提醒没有邮箱的会办部门", "会办部门答复超期",
    ]  # fmt: skip


def test_an_officer_chases_once_a_day(at: Desk) -> None:
    with clock_at(on(2)):
        row = referred(at)
        chase(ticket=row.ticket, referral=row, by=at.liaison)
        before = everything(row.ticket)
        with pytest.raises(Invalid) as refused:
            chase(ticket=row.ticket, referral=row, by=at.lead)
        assert [(each.path, each.code) for each in refused.value.errors] == [
            (("referral",), "today")
        ]
        assert everything(row.ticket) == before
    with clock_at(on(3)):
        chase(ticket=row.ticket, referral=row, by=at.lead)
    assert steps() == [("by_hand", "03-02"), ("by_hand", "03-03")]


def test_the_system_chases_nobody_too_early(at: Desk) -> None:
    with clock_at(on(2)):
        row = referred(at)
        before = everything(row.ticket)
        with pytest.raises(NotAllowed):
            chase(ticket=row.ticket, referral=row, by=SYSTEM)
        assert everything(row.ticket) == before


def test_what_was_answered_or_recalled_is_not_chased(at: Desk) -> None:
    with clock_at(on(2)):
        one = referred(at)
        two = referred(at, one.ticket, department(HEALTH))
        perform(ReferralVerb.ANSWER_REFERRAL, ticket=one.ticket, referral=one, by=SYSTEM, **SAID)
        perform(ReferralVerb.RECALL, ticket=one.ticket, referral=two, reason="x", by=at.liaison)
    assert sweep_at(on(20)) == 0


def test_in_a_year_that_is_not_entered_a_department_is_chased_by_weekdays(at: Desk) -> None:
    with clock_at(on(2)):
        unknown, known = referred(at), referred(at)
    Referral.objects.filter(pk=unknown.pk).update(due_at=on(2).replace(year=2050))
    with clock_at(on(6)):
        assert chase_due() == 1
    assert Chase.objects.get().referral == known
    with clock_at(on(1).replace(year=2050)):  # a Tuesday, the day before its answer is due
        assert chase_due() == 1
    assert {(each.referral_id, each.step) for each in Chase.objects.all()} == {
        (known.pk, "overdue"), (unknown.pk, "reminded"),
    }  # fmt: skip


def test_a_sweep_asks_the_database_as_often_for_many_that_are_not_due(at: Desk) -> None:
    counts = []
    with clock_at(on(2)):
        for _round in range(2):
            for _number in range(2):
                referred(at)
            with CaptureQueriesContext(connection) as asked:
                assert chase_due() == 0
            counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_give_each_step_once() -> None:
    with clock_at(on(2)):
        at = desk()
        for _number in range(4):
            referred(at)
    race(*[lambda: sweep_at(on(6))] * 3)
    assert [step for step, _day in steps()] == ["overdue"] * 4

"""A year whose days off are not entered stops nothing; its deadlines are provisional."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation

from coordination.delivery.models import Notice
from coordination.tickets.clocks.account import account_of
from coordination.tickets.clocks.keep import said
from coordination.tickets.clocks.queries import count_provisional
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.lapse import lapse_questions
from coordination.tickets.verbs.reckon_again import reckon_again, reckon_all_again
from projects.flow.actors import SYSTEM
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from projects.worktime.models import CalendarOverride, ServiceHours
from tests.bed.races import race
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import (
    december,
    desk_without_years,
    do,
    enter,
    file,
    handled,
    on,
    reckoned,
)
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
PROVISIONAL = (
    "This deadline is provisional: the days off of 2027 are not entered yet, so every day from "
    "Monday to Friday counts as worked. It is reckoned again once they are entered, and the later "
    "of the two deadlines holds."
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def last(ticket: Ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).latest("seq")


# Receipt


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (december(31, 15, 30), on(1, 9)),
        (december(31, 23, 59), on(1, 10, 30)),
        (on(2, 10), on(4, 10, 30)),  # a Saturday
        (on(30, 10, 0, 12, 2030), on(30, 12, 0, 12, 2030)),  # years later
    ],
)
def test_a_ticket_is_filed_and_told_that_its_deadline_is_provisional(
    at: Desk, moment: datetime, due: datetime
) -> None:
    ticket = file(at, moment)
    assert (ticket.accept_due, ticket.due_is_provisional) == (due, True)
    assert ticket.awaits_year == due.year
    assert last(ticket).payload["clock"]["provisional"]
    assert last(ticket).payload["clock"]["due"] == said(due)
    account = account_of(ticket, moment)
    assert account is not None
    assert account.sentences[-1] == PROVISIONAL.replace("2027", str(due.year))


def test_a_deadline_within_the_known_year_is_certain(at: Desk) -> None:
    ticket = file(at, december(31, 15))
    assert (ticket.accept_due, ticket.due_is_provisional) == (december(31, 17), False)
    assert (ticket.awaits_year, count_provisional()) == (None, 0)
    assert not last(ticket).payload["clock"]["provisional"]


@pytest.mark.parametrize(
    ("verb", "who", "inputs", "payload"),
    [
        ("accept", "liaison", {}, "clock"),
        ("regrade", "lead", {"urgency": "urgent", "reason": "急"}, "clock"),
        ("ask", "liaison", {"question": "哪个路口"}, "answer_due"),
    ],
)
def test_every_verb_that_sets_a_deadline_goes_on(
    at: Desk, verb: str, who: str, inputs: dict[str, Any], payload: str
) -> None:
    ticket = do(verb, file(at, december(31, 16)), getattr(at, who), december(31, 16, 30), **inputs)
    assert (last(ticket).verb, payload in last(ticket).payload) == (verb, True)
    assert ticket.awaits_year == 2027


def test_asking_answering_extending_and_reopening_go_on(at: Desk) -> None:
    ticket = handled(at)
    ticket = do("ask", ticket, at.liaison, december(31, 10), question="哪个路口")
    assert (ticket.answer_due, ticket.answer_is_provisional) == (on(7, 17), True)
    ticket = do("supplement", ticket, at.key, on(1, 18), answer="谷水")
    assert (ticket.due_at, ticket.answer_is_provisional) == (on(6, 17), False)
    do("extend", ticket, at.liaison, on(4), amount=1, reason="等批复")
    ticket = do("grant", ticket, at.lead, on(4))
    assert (ticket.due_at, ticket.due_is_provisional) == (on(7, 17), True)
    resolve(at, ticket, on(5))
    do("redo", ticket, at.key, on(5), reason="未放行")
    resolve(at, ticket, on(6))
    do("confirm", ticket, at.key, on(6), satisfaction=5)
    ticket = do("reopen", ticket, at.lead, on(7), reason="再次出现")
    assert (ticket.due_at, ticket.due_is_provisional) == (on(12, 17), True)
    assert list(audit()) == []


def resolve(at: Desk, ticket: Ticket, moment: datetime) -> Ticket:
    return do("resolve", ticket, at.liaison, moment, result="已协调", reasons={1: "改道"})


# Entered


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ({date(2027, 1, 1): False}, on(6, 17)),
        ({date(2027, 1, 1): False, date(2027, 1, 4): False}, on(7, 17)),
        ({date(2027, 1, 1): False, date(2027, 1, 2): True}, on(5, 17)),
        ({date(2027, 1, 2): True}, on(5, 17)),  # the true one is the 4th: the later holds
        ({date(2027, 2, 8): False}, on(5, 17)),
    ],
)
def test_of_the_provisional_and_the_true_deadline_the_later_holds(
    at: Desk, days: dict[date, bool], due: datetime
) -> None:
    ticket = handled(at)
    assert (ticket.due_at, ticket.due_is_provisional, count_provisional()) == (
        on(5, 17), True, 1,
    )  # fmt: skip
    enter(days)
    assert reckoned(on(4)) == 1
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_is_provisional, ticket.awaits_year) == (due, False, None)
    assert ticket.warn_at is not None
    event = last(ticket)
    assert (event.verb, event.by_system, event.is_internal) == ("reckon_again", True, False)
    assert event.payload["clock"] == {
        "stage": "handle", "from": said(december(31)), "amount": 3, "unit": "working_day",
        "extension": 0, "due": said(due), "run": 2, "provisional": False,
        "warn": said(ticket.warn_at),
    }  # fmt: skip
    moved = Notice.objects.filter(officer=at.liaison, topic="ticket.clock")
    assert moved.count() == (due != on(5, 17))
    assert (reckoned(on(4, 10)), reckoned(on(20))) == (0, 0)
    assert TicketEvent.objects.filter(verb="reckon_again").count() == 1
    assert list(audit()) == []


def test_nothing_is_reckoned_again_before_the_year_is_entered(at: Desk) -> None:
    ticket = handled(at)
    before = list(TicketEvent.objects.values("id"))
    CalendarOverride.objects.create(day=date(2027, 1, 1), is_working=False, reason="元旦")
    assert reckoned(on(4)) == 0
    with clock_at(on(4)), pytest.raises(NotAllowed):
        reckon_again(ticket=ticket, by=SYSTEM)
    assert list(TicketEvent.objects.values("id")) == before
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_is_provisional) == (on(5, 17), True)


def test_a_ticket_that_was_accepted_meanwhile_was_accepted_in_time(at: Desk) -> None:
    ticket = file(at, december(31, 16))
    assert ticket.accept_due == on(1, 9, 30)
    ticket = do("accept", ticket, at.liaison, on(4, 9))  # the desk was closed until then
    assert (ticket.ever_red, ticket.was_surely_red) == (True, False)
    enter()
    assert reckoned(on(4, 10)) == 1
    ticket.refresh_from_db()
    assert (ticket.accept_due, ticket.due_at, ticket.ever_red) == (on(4, 9, 30), on(7, 17), False)
    assert [each["stage"] for each in last(ticket).payload["earlier"]] == ["accept"]


def test_a_ticket_that_was_accepted_too_late_stays_so(at: Desk) -> None:
    ticket = do("accept", file(at, december(31, 16)), at.liaison, on(4, 9, 31))
    enter()
    reckoned(on(4, 10))
    ticket.refresh_from_db()
    assert (ticket.ever_red, ticket.was_surely_red) == (True, True)


def test_what_was_overdue_by_a_certain_deadline_stays_so(at: Desk) -> None:
    ticket = do("accept", file(at, december(30)), at.liaison, december(31))
    assert (ticket.ever_red, ticket.was_surely_red) == (True, True)
    enter()
    reckoned(on(4, 10))
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.ever_red) == (on(6, 17), True)


@pytest.mark.parametrize(
    ("days", "in_time"),
    [({date(2027, 1, 1): False}, True), ({date(2027, 2, 8): False}, False)],
)
def test_a_ticket_resolved_meanwhile_is_judged_by_the_true_deadline(
    at: Desk, days: dict[date, bool], *, in_time: bool
) -> None:
    ticket = resolve(at, handled(at), on(6, 10))
    before = account_of(ticket, on(6, 11))
    assert before is not None
    assert (before.in_time, ticket.ever_red) == (False, True)
    assert before.sentences[-1] == PROVISIONAL
    enter(days)
    assert reckoned(on(6, 12)) == 1
    ticket.refresh_from_db()
    after = account_of(ticket, on(6, 13))
    assert after is not None
    assert (after.in_time, ticket.ever_red, ticket.status) == (in_time, not in_time, "resolved")


def test_a_ticket_written_off_meanwhile_is_too_and_nobody_is_told(at: Desk) -> None:
    ticket = resolve(at, handled(at), on(5, 10))
    ticket = do("confirm", ticket, at.key, on(5, 11), satisfaction=5)
    enter()
    notices = Notice.objects.count()
    assert reckoned(on(6)) == 1
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, ticket.ended_at) == (Status.CLOSED, on(6, 17), on(5, 11))
    assert (last(ticket).is_internal, Notice.objects.count()) == (True, notices)


def test_while_it_stands_both_its_clock_and_the_answers_are_reckoned(at: Desk) -> None:
    ticket = do("ask", handled(at), at.liaison, on(4), question="哪个路口")
    assert (ticket.answer_due, ticket.due_at) == (on(11, 17), on(5, 17))
    enter({date(2027, 1, 1): False, date(2027, 1, 8): False})
    assert reckoned(on(5)) == 1
    ticket.refresh_from_db()
    assert (ticket.answer_due, ticket.due_at) == (on(12, 17), on(6, 17))
    assert (ticket.answer_is_provisional, ticket.status) == (False, Status.NEED_INFO)
    with clock_at(on(12, 16)):
        assert lapse_questions() == 0
    ticket = do("supplement", ticket, at.key, on(6), answer="谷水")
    assert ticket.due_at == on(11, 17)  # 4, 5 January given back; 8 January off


def test_an_answer_that_came_meanwhile_leaves_nothing_to_reckon(at: Desk) -> None:
    ticket = file(at, december(30))
    ticket = do("ask", ticket, at.liaison, december(30, 10), question="哪个路口")
    assert (ticket.due_is_provisional, ticket.awaits_year) == (False, 2027)
    ticket = do("supplement", ticket, at.key, december(30, 11), answer="谷水")
    enter()
    assert (reckoned(on(4)), reckoned(on(4, 10))) == (1, 0)
    assert (last(ticket).payload, last(ticket).is_internal) == ({}, True)


def test_two_workers_reckon_each_ticket_once(transactional_db: None) -> None:
    at = desk_without_years()
    tickets = [handled(at) for _number in range(4)]
    enter()

    def work() -> int:
        with clock_at(on(4)):
            return reckon_all_again()

    outcomes = race(*[work] * 3)
    assert sum(each.result or 0 for each in outcomes) == len(tickets)
    rows = TicketEvent.objects.filter(verb=Verb.RECKON_AGAIN).values_list("ticket", flat=True)
    assert sorted(rows) == sorted(each.pk for each in tickets)


# Told deadlines and an edited calendar

_TOLD = (
    "as told on 31 December 2026, 09:00; the working calendar or the service hours have changed "
    "since, and the deadline stays as it was told"
)


@pytest.mark.parametrize(
    ("days", "term"),
    [
        ({date(2027, 1, 4): False}, _TOLD),
        ({date(2027, 1, 2): True}, _TOLD),
        ({date(2027, 1, 4): False, date(2027, 1, 3): True}, "3 working days from 31 December 2026"),
    ],
)
def test_the_sentence_claims_no_count_that_the_calendar_does_not_bear_out(
    at: Desk, days: dict[date, bool], term: str
) -> None:
    enter({date(2027, 2, 8): False})
    ticket = handled(at)
    for day, worked in days.items():
        CalendarOverride.objects.create(day=day, is_working=worked, reason="调整")
    account = account_of(ticket, on(4))
    assert account is not None
    assert account.must == "to be resolved by Tuesday 5 January, 17:00"
    assert account.how == (f"Filed Thursday 31 December 2026, 09:00; {term}.",)


def test_nor_one_that_other_service_hours_do_not(at: Desk) -> None:
    ticket = file(at, december(31, 14))
    ServiceHours.objects.filter(opens__gt="12:00").update(closes="15:00")
    account = account_of(ticket, december(31, 15))
    assert account is not None
    told = (
        "as told on 31 December, 14:00; the working calendar or the service hours have changed "
        "since, and the deadline stays as it was told"
    )
    assert account.must == "to be accepted by Thursday 31 December, 16:00"
    assert account.how == (f"Filed Thursday 31 December, 14:00; {told}.",)

"""Provisional deadlines of tickets that had several: redone, revived, extended, regraded, asked."""

from datetime import date, datetime

import pytest

from coordination.escalation.models import Annulment, Escalation
from coordination.tickets.clocks.keep import said
from coordination.tickets.models import Ticket, TicketEvent
from projects.worktime.calendar import SHANGHAI
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


def days_of_steps() -> list[int]:
    steps = Escalation.objects.order_by("pk").values_list("recorded_at", flat=True)
    return [moment.astimezone(SHANGHAI).day for moment in steps]


def resolve(at: Desk, ticket: Ticket, moment: datetime) -> Ticket:
    return do("resolve", ticket, at.liaison, moment, result="已协调", reasons={1: "改道"})


def test_a_revived_ticket_gets_no_handling_deadline(at: Desk) -> None:
    original = file(at, december(31))
    one = handled(at)
    one = do("duplicate", one, at.liaison, december(31, 11), number=original.number, reason="重复")
    do("decline", original, at.liaison, on(1), reason="不属于", duplicates="revive")
    one.refresh_from_db()
    assert (one.status, one.due_at) == ("submitted", None)
    enter()
    assert reckoned(on(4)) == 1
    one.refresh_from_db()
    assert one.due_at is None


def test_a_question_that_a_decline_ended_does_not_stop_the_next_term(at: Desk) -> None:
    one = do("ask", handled(at), at.liaison, december(31, 10), question="哪")
    one = do("decline", one, at.liaison, december(31, 11), reason="不属于")
    one = do("reopen", one, at.lead, december(31, 14), reason="再")
    due = one.due_at
    one = resolve(at, one, on(8))
    assert (one.due_is_provisional, one.ever_red, due) == (True, True, on(5, 17))
    enter({date(2027, 2, 8): False})
    reckoned(on(9))
    one.refresh_from_db()
    assert (one.ever_red, one.was_surely_red) == (True, True)


def test_what_was_overdue_before_an_extension_stays_so(at: Desk) -> None:
    one = handled(at)
    one = do("extend", one, at.liaison, on(4), amount=1, reason="等")
    one = do("grant", one, at.lead, on(6, 10))
    assert (one.ever_red, one.due_at) == (True, on(6, 17))
    enter({date(2027, 2, 8): False})
    reckoned(on(6, 11))
    one.refresh_from_db()
    assert one.ever_red


def test_steps_before_an_extension_stand(at: Desk) -> None:
    one = handled(at)
    one = do("extend", one, at.liaison, on(4), amount=1, reason="等")
    swept(on(5, 9), on(6, 9))
    one = do("grant", one, at.lead, on(6, 10))
    enter({date(2027, 2, 8): False})
    reckoned(on(6, 11))
    assert Annulment.objects.count() == 0


def test_what_was_overdue_before_a_regrading_stays_so(at: Desk) -> None:
    one = handled(at)
    one = do("regrade", one, at.lead, on(6, 10), urgency="complex", reason="难")
    assert one.ever_red
    enter({date(2027, 2, 8): False})
    reckoned(on(6, 11))
    one.refresh_from_db()
    assert one.ever_red


def test_two_terms_with_one_deadline_are_told_apart(at: Desk) -> None:
    one = handled(at)
    one = resolve(at, one, on(4))
    one = do("confirm", one, at.key, on(4, 10), satisfaction=5)
    one = do("reopen", one, at.lead, on(4, 11), reason="再")
    first = one.due_at
    one = resolve(at, one, on(4, 14))
    one = do("confirm", one, at.key, on(4, 15), satisfaction=5)
    one = do("reopen", one, at.lead, on(4, 16), reason="再")
    assert one.due_at == first
    handled(at)
    swept(on(7, 9), on(8, 9))
    enter({date(2027, 1, 1): False, date(2027, 1, 6): False})
    assert reckoned(on(8, 10)) == 2


def test_a_term_in_hours_is_not_reminded_of_on_a_day_off(at: Desk) -> None:
    enter({date(2027, 2, 8): False})
    one = file(at, on(8, 15))
    one = do("ask", one, at.liaison, on(8, 16, 2), question="哪")
    one = do("supplement", one, at.key, on(9, 10), answer="谷水")
    swept(on(9, 10, 5), on(11, 8, 35))
    assert days_of_steps() == [11]


def test_every_deadline_is_in_an_event_by_its_number(at: Desk) -> None:
    one = resolve(at, handled(at), on(6, 10))
    one = do("redo", one, at.key, on(11), reason="未")
    assert one.clock_run == 3
    enter()
    reckoned(on(11, 10))
    one.refresh_from_db()
    clock = TicketEvent.objects.filter(ticket=one).latest("seq").payload["clock"]
    assert clock["run"] == one.clock_run


def test_a_deadline_at_midnight_is_urged_on_the_next_working_day(at: Desk) -> None:
    enter({date(2027, 2, 8): False})
    one = file(at, on(7), urgency="critical")  # Thursday
    one = do("accept", one, at.liaison, on(7, 9, 30))
    assert one.due_at == on(8, 0)
    swept(on(7, 10), on(8, 9), on(11, 9))
    assert days_of_steps() == [7, 8]


def test_a_reminder_before_a_redo_stands(at: Desk) -> None:
    one = handled(at)
    swept(on(5, 9))
    one = resolve(at, one, on(5, 10))
    one = do("redo", one, at.key, on(11), reason="未")
    enter({date(2027, 2, 8): False})
    reckoned(on(11, 10))
    assert Annulment.objects.count() == 0


def test_a_reminder_before_a_question_stands(at: Desk) -> None:
    one = handled(at)
    swept(on(5, 9))
    one = do("ask", one, at.liaison, on(5, 10), question="哪")
    one = do("supplement", one, at.key, on(8, 10), answer="谷水")
    enter({date(2027, 2, 8): False})
    reckoned(on(8, 11))
    assert Annulment.objects.count() == 0


def test_an_urging_before_a_regrading_stands(at: Desk) -> None:
    one = handled(at)
    swept(on(5, 9), on(6, 9))
    one = do("regrade", one, at.lead, on(6, 10), urgency="complex", reason="难")
    enter({date(2027, 2, 8): False})
    reckoned(on(6, 11))
    assert Annulment.objects.count() == 0


def test_a_ticket_awaits_the_first_year_that_is_not_entered(at: Desk) -> None:
    one = file(at, on(31, 16, 0, 12, 2027))
    Ticket.objects.update(awaits_year=2027)
    enter({})
    reckoned(on(1, 10, 0, 1, 2028))
    one.refresh_from_db()
    assert one.awaits_year == 2028


def test_a_question_before_a_revival_does_not_stop_the_acceptance_clock(at: Desk) -> None:
    original = file(at, december(31))
    one = file(at, december(31))
    one = do("ask", one, at.liaison, december(31, 10), question="哪")
    one = do("duplicate", one, at.liaison, december(31, 11), number=original.number, reason="重复")
    do("decline", original, at.liaison, december(31, 16), reason="不属于", duplicates="revive")
    one.refresh_from_db()
    one = do("accept", one, at.liaison, on(6, 10))
    assert one.ever_red
    enter({date(2027, 2, 8): False})
    reckoned(on(6, 11))
    one.refresh_from_db()
    assert (one.ever_red, one.was_surely_red) == (True, True)


def test_a_redo_is_no_pause_of_the_deadline_before_it(at: Desk) -> None:
    one = resolve(at, handled(at), on(4))
    one = do("redo", one, at.key, on(11), reason="未")
    enter()
    reckoned(on(11, 10))
    payload = TicketEvent.objects.filter(ticket=one).latest("seq").payload
    assert [(each["run"], each["due"]) for each in payload["earlier"]] == [(2, said(on(6, 17)))]
    assert (payload["clock"]["run"], payload["clock"]["due"]) == (3, said(on(13, 17)))


@pytest.mark.parametrize("verb", ["supplement", "reckon_again"])
@pytest.mark.parametrize(
    ("filed", "asked"),
    [
        (on(2), on(2, 9, 10)),  # in truth due on Saturday
        (on(2, 16), on(2, 16, 10)),  # in truth on Sunday at 9:30
        (on(3, 8), on(3, 8, 10)),  # in truth on Sunday
    ],
)
def test_the_warning_belongs_to_the_deadline_that_holds(
    at: Desk, verb: str, filed: datetime, asked: datetime
) -> None:
    """The provisional one, on Monday, was the later."""
    one = do("ask", file(at, filed), at.liaison, asked, question="哪")
    assert one.accept_due == on(4, 10, 30)
    enter({date(2027, 1, 2): True, date(2027, 1, 3): True})
    if verb == "supplement":
        do(verb, one, at.key, asked, answer="谷水")
    else:
        reckoned(asked)
    one.refresh_from_db()
    assert (one.accept_due, one.warn_at) == (on(4, 10, 30), on(4, 9, 30))

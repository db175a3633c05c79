"""Every running deadline has a ladder of its own; days are of November 2026.

Filed on Monday the 2nd at nine, a ticket is to be accepted by eleven. Accepted that day, it is due
on Thursday the 5th at 17:00.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Max

from coordination.escalation.escalate import sweep
from coordination.escalation.explain import explain
from coordination.escalation.models import Escalation
from coordination.escalation.queries import candidates, overdue_of
from coordination.escalation.queries_named import named_between
from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.lapse import lapse_questions
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Given = list[tuple[int, str, str]]


def on(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    with clock_at(on(1)):
        return desk()


def file(at: Desk, **values: Any) -> Ticket:
    with clock_at(on(2)):
        return filed(at, **values)


def do(verb: Verb, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def accepted(at: Desk, **values: Any) -> Ticket:
    return do(Verb.ACCEPT, file(at, **values), at.liaison, on(2, 10, 30))


def resolved(at: Desk, ticket: Ticket, moment: datetime) -> Ticket:
    return do(Verb.RESOLVE, ticket, at.liaison, moment, result="已协调", reasons={1: "改道"})


def swept(start: datetime, end: datetime, every: timedelta = HOUR) -> None:
    """The worker comes every hour, from one moment until another."""
    while start <= end:
        with clock_at(start):
            sweep()
        start += every


def given(ticket: Ticket) -> Given:
    """Each step as its deadline's number, its level, and when it was given."""
    rows = Escalation.objects.filter(ticket=ticket).order_by("recorded_at")
    return [
        (row.run, row.level, f"{row.recorded_at.astimezone(SHANGHAI):%m-%d %H:%M}") for row in rows
    ]


def test_a_reminder_for_acceptance_does_not_spend_that_for_handling(at: Desk) -> None:
    ticket = file(at)
    swept(on(2, 9, 30), on(2, 10, 30), timedelta(minutes=5))
    assert given(ticket) == [(1, "L0", "11-02 10:00")]
    ticket = do(Verb.ACCEPT, ticket, at.liaison, on(2, 10, 30))
    assert (ticket.clock_run, ticket.due_at) == (2, on(5, 17))
    swept(on(2, 11), on(5, 17))
    assert given(ticket)[1:] == [(2, "L0", "11-05 00:00")]


def test_an_urging_for_acceptance_does_not_spend_that_for_handling(at: Desk) -> None:
    ticket = file(at)
    swept(on(2, 12), on(3, 9))
    assert given(ticket) == [(1, "L1", "11-03 00:00")]
    ticket = do(Verb.ACCEPT, ticket, at.liaison, on(3, 10))
    assert ticket.due_at == on(6, 17)
    swept(on(3, 11), on(9, 18))
    assert given(ticket)[1:] == [(2, "L0", "11-06 00:00"), (2, "L1", "11-09 00:00")]


def test_accepted_after_every_step_a_ticket_is_reminded_and_urged_anew(at: Desk) -> None:
    ticket = file(at)
    swept(on(2, 12), on(30), 6 * HOUR)
    assert [level for _run, level, _when in given(ticket)] == ["L1", "L2", "L3", "L4"]
    ticket = do(Verb.ACCEPT, ticket, at.liaison, on(30))
    swept(on(30, 10), on(7, month=12), 6 * HOUR)
    assert given(ticket)[4:] == [(2, "L0", "12-03 04:00"), (2, "L1", "12-04 04:00")]


def test_a_granted_extension_is_another_deadline(at: Desk) -> None:
    ticket = accepted(at)
    ticket = do(Verb.EXTEND, ticket, at.liaison, on(5, 10), amount=2, reason="未回函")
    swept(on(5, 10), on(6, 10))
    assert given(ticket) == [(2, "L0", "11-05 10:00"), (2, "L1", "11-06 00:00")]
    ticket = do(Verb.GRANT, ticket, at.lead, on(6, 11))
    assert (ticket.clock_run, ticket.due_at) == (3, on(9, 17))
    swept(on(6, 11), on(10, 10))
    assert given(ticket)[2:] == [(3, "L0", "11-09 00:00"), (3, "L1", "11-10 00:00")]


def regrade(at: Desk, ticket: Ticket, urgency: str, moment: datetime) -> Ticket:
    return do(Verb.REGRADE, ticket, at.lead, moment, urgency=urgency, reason="情况有变")


def test_another_urgency_is_another_deadline_where_it_moves_it(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(5, 10), on(5, 10))
    ticket = regrade(at, ticket, "complex", on(5, 11))
    assert (ticket.clock_run, ticket.due_at) == (3, on(11, 17))
    swept(on(5, 12), on(12, 10))
    assert given(ticket) == [
        (2, "L0", "11-05 10:00"), (3, "L0", "11-11 00:00"), (3, "L1", "11-12 00:00"),
    ]  # fmt: skip
    ticket = regrade(at, ticket, "urgent", on(12, 11))  # overdue: the deadline stands
    assert (ticket.clock_run, ticket.due_at) == (3, on(11, 17))
    swept(on(12, 11), on(17, 10))
    assert given(ticket)[3:] == [(3, "L2", "11-17 00:00")]


def test_another_urgency_with_the_same_deadline_is_the_same_run(at: Desk) -> None:
    ticket = file(at)
    swept(on(3, 8), on(3, 8))
    ticket = regrade(at, ticket, "urgent", on(3, 9))  # one term for acceptance, whatever urgency
    assert (ticket.clock_run, ticket.accept_due) == (1, on(2, 11))
    swept(on(3, 10), on(6, 0))
    assert given(ticket) == [(1, "L1", "11-03 08:00"), (1, "L2", "11-06 00:00")]


def fully_climbed(at: Desk) -> Ticket:
    ticket = accepted(at)
    swept(on(5), on(30), 6 * HOUR)
    assert [level for _run, level, _when in given(ticket)] == ["L0", "L1", "L2", "L3", "L4"]
    return ticket


def test_reopened_after_every_step_a_ticket_has_a_new_term_and_ladder(at: Desk) -> None:
    ticket = resolved(at, fully_climbed(at), on(30, 10))
    ticket = do(Verb.CONFIRM, ticket, at.key, on(30, 11), satisfaction=3)
    ticket = do(Verb.REOPEN, ticket, at.lead, on(2, month=12), reason="再次受阻")
    assert (ticket.clock_run, ticket.due_at) == (3, on(7, 17, month=12))
    assert light_of(ticket, on(2, month=12)) == Light.GREEN
    swept(on(2, 10, month=12), on(30, month=12))
    found = given(ticket)[5:]
    assert found == [
        (3, "L0", "12-07 00:00"), (3, "L1", "12-08 00:00"), (3, "L2", "12-11 00:00"),
        (3, "L3", "12-16 00:00"), (3, "L4", "12-24 00:00"),
    ]  # fmt: skip
    named = named_between(on(1), on(31, month=12)).order_by("recorded_at")
    assert [(row.ticket, row.run) for row in named] == [(ticket, 2), (ticket, 3)]


def test_declined_after_an_urging_and_reopened_it_has_a_new_ladder(at: Desk) -> None:
    ticket = file(at)
    swept(on(3, 8), on(3, 8))
    ticket = do(Verb.DECLINE, ticket, at.liaison, on(3), reason="不属于")
    ticket = do(Verb.REOPEN, ticket, at.lead, on(4), reason="应予受理")
    assert ticket.clock_run == 2
    swept(on(4, 10), on(10, 9))
    assert given(ticket)[1:] == [(2, "L0", "11-09 00:00"), (2, "L1", "11-10 00:00")]


def test_redone_after_every_step_an_overdue_ticket_is_urged_again(at: Desk) -> None:
    ticket = resolved(at, fully_climbed(at), on(30, 10))
    ticket = do(Verb.REDO, ticket, at.key, on(7, month=12), reason="未放行")
    assert (ticket.clock_run, ticket.due_at, ticket.ever_red) == (3, on(5, 17), True)
    swept(on(7, 10, month=12), on(14, month=12))
    assert given(ticket)[5:] == [(3, "L1", "12-07 10:00"), (3, "L2", "12-10 00:00")]


def test_redone_with_time_given_back_it_is_reminded_again(at: Desk) -> None:
    ticket = accepted(at)
    ticket = do(Verb.REDO, resolved(at, ticket, on(3, 10)), at.key, on(23), reason="未放行")
    swept(on(23, 10), on(26, 10))
    assert given(ticket) == [(3, "L0", "11-25 00:00"), (3, "L1", "11-26 00:00")]


def test_nobody_is_reminded_twice_of_one_deadline(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(5), on(5, 9))
    ticket = do(Verb.REDO, resolved(at, ticket, on(5, 10)), at.key, on(5, 11), reason="未放行")
    assert (ticket.clock_run, ticket.due_at) == (3, on(5, 17))
    swept(on(5, 11), on(6, 10))
    assert given(ticket) == [(2, "L0", "11-05 09:00"), (3, "L1", "11-06 00:00")]


def test_passed_on_a_ticket_climbs_on(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(6, 8), on(6, 8))
    ticket = do(Verb.PASS_ON, ticket, at.liaison, on(6), reason="不属", group=at.other_group)
    ticket = do(Verb.ACCEPT, ticket, at.other_liaison, on(9))
    swept(on(9, 10), on(11, 10))
    assert ticket.clock_run == 2
    assert given(ticket) == [(2, "L1", "11-06 08:00"), (2, "L2", "11-11 00:00")]


def test_an_answer_moves_the_deadline_of_the_same_run(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(5, 10), on(5, 10))
    ticket = do(Verb.ASK, ticket, at.liaison, on(5, 11), question="哪个路口")
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(9, 10), answer="谷水")
    assert (ticket.clock_run, ticket.due_at) == (2, on(9, 17))
    swept(on(9, 11), on(10, 10))
    assert given(ticket) == [(2, "L0", "11-05 10:00"), (2, "L1", "11-10 00:00")]


def test_days_on_which_an_answer_was_awaited_do_not_count_towards_the_next_step(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(6, 8), on(6, 8))
    ticket = do(Verb.ASK, ticket, at.liaison, on(6, 10), question="哪个路口")
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(11, 10), answer="谷水")
    swept(on(11, 11), on(20))
    # two working days since the 6th on which the clock ran to the end: the 11th and the 12th
    assert given(ticket)[1:] == [(2, "L2", "11-13 00:00"), (2, "L3", "11-18 00:00")]


def test_an_explanation_counts_for_its_deadline_alone(at: Desk) -> None:
    ticket = accepted(at)
    swept(on(6, 8), on(11))
    with clock_at(on(12)):
        explain(ticket=ticket, reason="等交警支队批复", by=at.liaison)
        stands = overdue_of(Ticket.objects.get(pk=ticket.pk))
    assert stands is not None
    assert stands.explained_at == on(12)
    ticket = do(Verb.REDO, resolved(at, ticket, on(12, 10)), at.key, on(12, 11), reason="未放行")
    again = overdue_of(ticket)
    assert again is not None
    assert (again.explained_at, dict(again.given)) == (None, {})


def test_a_warning_counts_for_its_deadline_alone(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(3), question="哪个路口")
    with clock_at(on(11)):
        assert lapse_questions() == 1
    ticket.refresh_from_db()
    assert (ticket.due_at, light_of(ticket, on(11))) == (on(12, 17), Light.YELLOW)
    ticket = regrade(at, ticket, "complex", on(11, 10))
    assert (ticket.due_at, ticket.warned_count) == (on(18, 17), 0)
    assert light_of(ticket, on(11, 10)) == Light.GREEN


def test_what_has_climbed_every_step_of_its_last_deadline_is_looked_at_no_more(at: Desk) -> None:
    ticket = fully_climbed(at)
    assert list(candidates(on(30))) == []
    ticket = do(Verb.REDO, resolved(at, ticket, on(30, 10)), at.key, on(30, 11), reason="未放行")
    assert list(candidates(on(30, 12))) == [ticket]
    swept(on(30, 12), on(31, month=12), 6 * HOUR)
    assert list(candidates(on(31, month=12))) == []
    assert Escalation.objects.aggregate(Max("run")) == {"run__max": 3}

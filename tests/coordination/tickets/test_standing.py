"""What somebody may do to a ticket, where the group, the calendar or the past decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from coordination.amendments.flow import AmendmentVerb
from coordination.delivery.models import Delivery, Notice
from coordination.escalation.flow import EscalationVerb
from coordination.groups.serve import join_group, take_leave
from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs, stand_in_queue
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from projects.record.refusals import NotAllowed
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import (
    Desk,
    desk,
    filed,
    leave_group,
)

pytestmark = pytest.mark.django_db
DAY: Final = timedelta(days=1)
INSTANT: Final = timedelta(microseconds=1)  # the shortest time that the database tells apart
BEGIN: Final = datetime(2020, 3, 3, 9, tzinfo=SHANGHAI)
# What any liaison of the ticket's group may do; the rest is for who handles it.
ON_BEHALF: Final = {Verb.ADD_LINES, Verb.ATTACH, Verb.DETACH, AmendmentVerb.PROPOSE}


@pytest.fixture
def at() -> Desk:
    with clock_at(BEGIN - DAY):
        return desk()


@contextmanager
def refused(ticket: Ticket, kind: type[Exception] = NotAllowed) -> Iterator[None]:
    """It is refused, and nothing is written."""

    def everything() -> tuple[Any, ...]:
        return (
            Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count(),
            EventText.objects.count(), Notice.objects.count(), Delivery.objects.count(),
        )  # fmt: skip

    before = everything()
    with pytest.raises(kind):
        yield
    assert everything() == before


def accepted(at: Desk) -> Ticket:
    with clock_at(BEGIN):
        return perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)


def may(ticket: Ticket, by: Officer) -> set[str]:
    return set(allowed_verbs(Ticket.objects.get(pk=ticket.pk), by))


# Reopening


def ended(at: Desk, how: Verb) -> Ticket:
    """Closed or declined at BEGIN."""
    with clock_at(BEGIN):
        if how is Verb.DECLINE:
            return perform(Verb.DECLINE, ticket=filed(at), by=at.liaison, reason="不属于")
        ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        perform(Verb.RESOLVE, ticket=ticket, by=at.liaison, result="好", reasons={1: "改道"})
        return perform(Verb.CONFIRM, ticket=ticket, by=at.key, satisfaction=5)


@pytest.mark.parametrize("how", [Verb.CONFIRM, Verb.DECLINE])
@pytest.mark.parametrize("after", [timedelta(0), 29 * DAY, 30 * DAY - INSTANT])
def test_it_is_reopened_within_thirty_days(at: Desk, how: Verb, after: timedelta) -> None:
    ticket = ended(at, how)
    with clock_at(BEGIN + after):
        assert Verb.REOPEN in may(ticket, at.lead)
        again = perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")
    assert (again.status, again.ended_at) == (Status.IN_PROGRESS, None)


@pytest.mark.parametrize("how", [Verb.CONFIRM, Verb.DECLINE])
@pytest.mark.parametrize("after", [30 * DAY, 30 * DAY + INSTANT, 31 * DAY, 365 * DAY])
def test_after_thirty_days_it_is_over(at: Desk, how: Verb, after: timedelta) -> None:
    ticket = ended(at, how)
    with clock_at(BEGIN + after):
        assert Verb.REOPEN not in may(ticket, at.lead)
        with refused(ticket):
            perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")


def test_the_thirty_days_run_from_its_last_end(at: Desk) -> None:
    ticket = ended(at, Verb.DECLINE)
    with clock_at(BEGIN + 20 * DAY):
        perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")
        perform(Verb.WITHDRAW, ticket=filed(at), by=at.key, reason="已解决")  # another
        perform(Verb.RESOLVE, ticket=ticket, by=at.liaison, result="好", reasons={1: "改道"})
        perform(Verb.CONFIRM, ticket=ticket, by=at.key, satisfaction=5)
        # What is done to it once it has ended gives it no more time.
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="已回访")
    with clock_at(BEGIN + 49 * DAY):
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="再次回访")
        assert Verb.REOPEN in may(ticket, at.lead)
    with clock_at(BEGIN + 50 * DAY), refused(ticket):
        perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")


# A ticket's time


def test_time_follows_the_order_of_what_was_done(at: Desk) -> None:
    """Who read the clock first may lock the ticket last; its events never go back in time."""
    ticket = accepted(at)
    with clock_at(BEGIN - timedelta(hours=1)):
        perform(Verb.COMMENT, ticket=ticket, by=at.liaison, text="已联系")
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="哪里")
        hand_over(project=at.project, group=at.group, liaison=at.deputy, reason="轮岗", by=at.lead)
    events = TicketEvent.objects.filter(ticket=ticket).order_by("seq")
    assert list(events.values_list("verb", "recorded_at")) == [
        (verb, BEGIN) for verb in ("submit", "accept", "comment", "ask", "hand_over")
    ]
    ticket.refresh_from_db()
    assert (ticket.changed_at, ticket.paused_at) == (BEGIN, BEGIN)


# Extending


@pytest.mark.parametrize("before", [INSTANT, timedelta(0)])
def test_an_extension_is_asked_for_up_to_the_deadline(at: Desk, before: timedelta) -> None:
    """At the deadline itself the ticket is not overdue yet."""
    ticket = accepted(at)
    assert ticket.due_at is not None
    with clock_at(ticket.due_at - before):
        assert Verb.EXTEND in may(ticket, at.liaison)
        ticket = perform(Verb.EXTEND, ticket=ticket, by=at.liaison, amount=1, reason="未回函")
    assert (ticket.extension_asked, ticket.extension_asked_by) == (1, at.liaison)
    assert not ticket.ever_red


def test_an_instant_later_it_is_too_late(at: Desk) -> None:
    ticket = accepted(at)
    assert ticket.due_at is not None
    with clock_at(ticket.due_at + INSTANT):
        assert Verb.EXTEND not in may(ticket, at.liaison)
        with refused(ticket):
            perform(Verb.EXTEND, ticket=ticket, by=at.liaison, amount=1, reason="未回函")


def test_an_extension_is_not_asked_for_twice(at: Desk) -> None:
    ticket = accepted(at)
    with clock_at(BEGIN + DAY):
        perform(Verb.EXTEND, ticket=ticket, by=at.liaison, amount=1, reason="未回函")
        assert Verb.EXTEND not in may(ticket, at.liaison)
        with refused(ticket):
            perform(Verb.EXTEND, ticket=ticket, by=at.liaison, amount=2, reason="未回函")


# Explaining, urging, lapsing: each at the instant from which on it is allowed


@pytest.mark.parametrize("is_accepted", [True, False])
def test_nothing_is_explained_before_it_is_overdue(at: Desk, *, is_accepted: bool) -> None:
    with clock_at(BEGIN):
        ticket = filed(at)
        if is_accepted:
            perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    ticket.refresh_from_db()
    due = ticket.due_at or ticket.accept_due
    assert due is not None
    for moment in (due - INSTANT, due):
        with clock_at(moment):
            assert EscalationVerb.EXPLAIN not in may(ticket, at.liaison)
            with refused(ticket):
                perform(EscalationVerb.EXPLAIN, ticket=ticket, by=at.liaison, reason="外省未回函")
    with clock_at(due + INSTANT):
        assert EscalationVerb.EXPLAIN in may(ticket, at.liaison)
        perform(EscalationVerb.EXPLAIN, ticket=ticket, by=at.liaison, reason="外省未回函")
    assert TicketEvent.objects.filter(ticket=ticket, verb=EscalationVerb.EXPLAIN).count() == 1


def test_it_is_urged_once_a_day_by_the_clock_on_the_wall(at: Desk) -> None:
    """Midnight in Luoyang, which is four in the afternoon in UTC, begins another day."""
    ticket = accepted(at)
    midnight = datetime(2020, 3, 5, tzinfo=SHANGHAI)
    with clock_at(midnight - INSTANT):
        perform(Verb.URGE, ticket=ticket, by=at.key)
        with refused(ticket):
            perform(Verb.URGE, ticket=ticket, by=at.director)
    with clock_at(midnight):
        ticket = perform(Verb.URGE, ticket=ticket, by=at.director)
    with clock_at(midnight + DAY - INSTANT), refused(ticket):
        perform(Verb.URGE, ticket=ticket, by=at.key)
    assert ticket.urge_count == 2


# Groups


def test_who_left_the_group_handles_its_tickets_no_more(at: Desk) -> None:
    ticket = accepted(at)
    assert Verb.ASK in may(ticket, at.liaison)
    leave_group(officer=at.liaison, by=at.director)
    assert may(ticket, at.liaison) == set()
    with refused(ticket):
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="哪个路口")
    join_group(officer=at.liaison, group=at.other_group, by=at.director)
    assert may(ticket, at.liaison) == set()
    with refused(ticket):
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="哪个路口")


@pytest.mark.parametrize("who", ["liaison", "deputy"])
def test_who_serves_the_project_for_another_group_does_not_handle_it(at: Desk, who: str) -> None:
    """The ticket was passed on, and he changed to the group that has it now.

    By the assignment he answers for the project in his old group; in the new one the ticket is
    its handler's, and he may do what any colleague may.
    """
    ticket = accepted(at)
    with clock_at(BEGIN + timedelta(hours=1)):
        perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="属地", group=at.other_group)
        perform(Verb.ACCEPT, ticket=ticket, by=at.other_liaison)
    him = getattr(at, who)
    join_group(officer=him, group=at.other_group, by=at.director)
    assert {Verb.RESOLVE, Verb.ASK} <= may(ticket, at.other_liaison)
    assert may(ticket, him) == may(
        ticket, at.helper
    )  # a colleague there, who has nothing to do with it
    assert not {Verb.RESOLVE, Verb.ASK, Verb.FULFIL, Verb.EXTEND} & may(ticket, him)
    with refused(ticket):
        perform(Verb.ASK, ticket=ticket, by=him, question="哪个路口")


def test_who_served_the_project_before_handles_it_no_more(at: Desk) -> None:
    """Handed over within the group, what is open is the new liaison's."""
    ticket = accepted(at)
    hand_over(project=at.project, group=at.group, liaison=at.deputy, reason="轮岗", by=at.lead)
    ticket.refresh_from_db()
    assert ticket.handler == at.deputy
    assert Verb.ASK in may(ticket, at.deputy)
    assert may(ticket, at.liaison) <= ON_BEHALF
    with refused(ticket):
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="哪个路口")


def test_a_lead_leads_his_own_group_alone(at: Desk) -> None:
    ticket = accepted(at)
    assert Verb.REGRADE in may(ticket, at.lead)
    assert may(ticket, at.other_lead) == set()
    join_group(officer=at.lead, group=at.other_group, by=at.director)
    assert may(ticket, at.lead) == set()
    with refused(ticket):
        perform(Verb.REGRADE, ticket=ticket, by=at.lead, urgency="urgent", reason="滞留")


def test_nobody_serves_a_ticket_that_has_no_group(at: Desk) -> None:
    """An officer without a group and a ticket without one do not belong together."""
    with clock_at(BEGIN):
        ticket = filed(at)
    Ticket.objects.filter(pk=ticket.pk).update(group=None, handler=None)
    for who in (at.liaison, at.lead):
        leave_group(officer=who, by=at.director)
        assert may(ticket, who) == set()
        ticket.refresh_from_db()
        with refused(ticket):
            perform(Verb.ACCEPT, ticket=ticket, by=who)


# Standing in


def away(who: Officer, at: Desk) -> None:
    begins = now() - timedelta(minutes=1)
    take_leave(officer=who, start=begins, end=begins + 3 * DAY, by=at.director)


def test_a_deputy_stands_in_for_his_own_group_alone(at: Desk) -> None:
    """Tickets of the project that another group has are not the deputy's."""
    ticket, own = accepted(at), accepted(at)
    perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="属地", group=at.other_group)
    perform(Verb.ACCEPT, ticket=ticket, by=at.other_liaison)
    away(at.other_liaison, at)
    away(at.liaison, at)
    assert list(stand_in_queue(at.deputy)) == [own]
    join_group(officer=at.deputy, group=at.other_group, by=at.director)
    assert list(stand_in_queue(at.deputy)) == []
    before = Notice.objects.count()
    perform(Verb.COMMENT, ticket=ticket, by=at.key, text="请尽快")
    told = {each.officer for each in Notice.objects.order_by("pk")[before:]}
    assert told == {at.other_liaison, at.other_lead}


def test_a_deputy_of_another_project_does_not_stand_in(at: Desk) -> None:
    ticket = accepted(at)
    with clock_at(BEGIN):
        elsewhere = desk()
    away(at.liaison, at)
    assert list(stand_in_queue(at.deputy)) == [ticket]
    assert list(stand_in_queue(elsewhere.deputy)) == []
    assert list(stand_in_queue(at.lead)) == []

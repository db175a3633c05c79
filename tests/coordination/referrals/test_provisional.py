"""A department's term reaches into a year that is entered later."""

from datetime import date

import pytest

from coordination.referrals.flow import ReferralVerb
from coordination.tickets.models import TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.flow.actors import SYSTEM
from projects.record.clock import clock_at
from tests.coordination.referrals.scene import SAID, referred
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import (
    december,
    enter,
    file,
    handled,
    on,
    reckoned,
)
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db


def test_of_the_two_deadlines_the_later_holds(at: Desk) -> None:
    ticket = handled(at)
    with clock_at(december(31)):
        row = referred(at, ticket)
    assert (row.due_at, row.due_is_provisional) == (on(5, 17), True)
    enter({date(2027, 1, 1): False, date(2027, 1, 5): False})
    assert reckoned(on(4)) == 1
    row.refresh_from_db()
    assert (row.due_at, row.due_is_provisional) == (on(7, 17), False)
    assert TicketEvent.objects.latest("pk").payload["referrals"] == [row.pk]


def test_a_due_time_that_an_officer_gave_stays(at: Desk) -> None:
    with clock_at(december(31)):
        row = referred(at, handled(at), due=on(5, 12))
    assert not row.due_is_provisional
    enter()
    reckoned(on(4))
    row.refresh_from_db()
    assert row.due_at == on(5, 12)


def test_one_that_was_answered_meanwhile_stays_as_it_was(at: Desk) -> None:
    with clock_at(december(31)):
        row = referred(at, handled(at))
        perform(ReferralVerb.ANSWER_REFERRAL, ticket=row.ticket, referral=row, by=SYSTEM, **SAID)
    enter()
    reckoned(on(4))
    row.refresh_from_db()
    assert (row.due_at, row.due_is_provisional) == (on(5, 17), True)


def test_a_department_may_be_asked_at_any_time(at: Desk) -> None:
    ticket = file(at, december(31, 16))
    with clock_at(december(31, 16, 30)):
        perform("accept", ticket=ticket, by=at.liaison)
        assert referred(at, ticket).due_at == on(5, 17)

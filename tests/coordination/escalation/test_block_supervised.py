"""The bulletin's block of supervised matters, against what was done to each ticket."""

from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.bulletins.week import WEEK, week_to
from coordination.escalation.block_supervised import BLOCK
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.house.blocks import Period
from projects.record.clock import clock_at
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import handled, on, swept
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
NOTHING: Final[dict[str, Any]] = {"number": 0, "new": 0, "ended": 0, "open": 0, "tickets": []}
# The ladder of a ticket due on Tuesday 5 January 2027: L2 on Monday the 11th.
CLIMBED = (on(5, 9), on(6, 9), on(11, 9))


def supervise(at: Desk, ticket: Ticket, moment: Any) -> None:
    with clock_at(moment):
        given = inputs_for(Verb.SUPERVISE, at)
        perform(Verb.SUPERVISE, ticket=ticket, by=at.director, **given)


def row(at: Desk, ticket: Ticket, **values: Any) -> dict[str, Any]:
    return {
        "number": ticket.number, "project": at.project.name, "group": at.group.name,
        "due": "2027-01-05", "state": "open",
    } | values  # fmt: skip


def figures(cut_off: Any) -> Any:
    return BLOCK.count(week_to(cut_off))


def test_each_ticket_once_by_its_last_supervision(at: Desk) -> None:
    one, other = handled(at), handled(at)
    handled(at)
    assert figures(on(11, 17)) == NOTHING
    swept(*CLIMBED[:2])
    supervise(at, one, on(8, 9))
    swept(*CLIMBED[2:])
    supervise(at, other, on(12, 9))
    found = figures(on(11, 17))
    assert {name: found[name] for name in NOTHING if name != "tickets"} == {
        "number": 3,
        "new": 3,
        "ended": 0,
        "open": 3,
    }
    assert [each["by"] for each in found["tickets"]] == ["ladder"] * 3
    after = figures(on(18, 17))
    assert (after["number"], after["new"]) == (3, 1)
    assert after["tickets"][-1] == row(at, other, on="2027-01-12", by="person")


def test_what_ended_is_listed_in_its_week_only_where_it_was_supervised_in_it(at: Desk) -> None:
    one = handled(at)
    supervise(at, one, on(12, 9))
    with clock_at(on(13, 9)):
        perform(Verb.RESOLVE, ticket=one, by=at.liaison, **inputs_for(Verb.RESOLVE, at))
    with clock_at(on(14, 9)):
        perform(
            Verb.CONFIRM, ticket=Ticket.objects.get(pk=one.pk), by=at.key, satisfaction=5
        )  # fmt: skip
    assert figures(on(18, 17)) == {
        "number": 1, "new": 1, "ended": 1, "open": 0,
        "tickets": [row(at, one, on="2027-01-12", by="person", state="ended")],
    }  # fmt: skip
    assert figures(on(25, 17)) == NOTHING
    # as it was recorded by an earlier cut-off, whatever came after
    assert BLOCK.count(Period(on(13, 17) - WEEK, on(13, 17)))["open"] == 1


def test_more_matters_ask_no_more_queries(at: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            figures(on(18, 17))
        return len(queries)

    supervise(at, handled(at), on(12, 9))
    few = asked()
    for _each in range(4):
        supervise(at, handled(at), on(12, 9) + timedelta(hours=1))
    assert asked() == few

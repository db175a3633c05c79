"""What was late by a provisional deadline and in time by the true one is in time in a bulletin."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import week_to
from coordination.tickets.figure_links import entries_by_group
from coordination.tickets.flow import Verb
from coordination.tickets.models import TicketEvent
from projects.record.clock import clock_at
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import do, enter, handled, on, reckoned
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
LATER: dict[date, bool] = {date(2027, 1, day): False for day in (1, 4, 5)}


def counted(cut_off: datetime) -> tuple[int, int, str | None]:
    found: Any = count_blocks(week_to(cut_off))["handling"]["figures"]
    kind = found["by_kind"]["vehicle_pass"]
    assert (kind["in_time"], kind["late"], kind["rate"]) == (
        found["in_time"], found["late"], found["rate"],
    )  # fmt: skip
    return found["in_time"], found["late"], found["rate"]


def resolved_late(at: Desk) -> None:
    do("resolve", handled(at), at.liaison, on(6, 9), **inputs_for(Verb.RESOLVE, at))
    payload = TicketEvent.objects.get(verb=Verb.RESOLVE).payload
    assert payload["in_time"] is False


def test_it_is_counted_by_the_deadline_that_holds_at_the_cut_off(at: Desk, client: Client) -> None:
    resolved_late(at)
    assert counted(on(11, 17)) == (0, 1, "0.0")
    enter(LATER)
    reckoned(on(12, 9))
    assert counted(on(11, 17)) == (0, 1, "0.0")  # as it was known by then
    with clock_at(on(12, 10)):
        week = week_to(on(11, 17))
        assert counted_in(client, at, "late", week) == 1
        assert counted_in(client, at, "in_time", week) == 0


def test_known_by_the_cut_off_it_is_in_time(at: Desk, client: Client) -> None:
    resolved_late(at)
    enter(LATER)
    reckoned(on(8, 9))
    assert counted(on(11, 17)) == (1, 0, "100.0")
    with clock_at(on(12, 10)):
        week = week_to(on(11, 17))
        assert counted_in(client, at, "late", week) == 0
        assert counted_in(client, at, "in_time", week) == 1


def test_late_by_the_true_deadline_too_it_stays_late(at: Desk) -> None:
    do("resolve", handled(at), at.liaison, on(9, 9), **inputs_for(Verb.RESOLVE, at))
    enter({date(2027, 2, 8): False})
    reckoned(on(9, 10))
    assert counted(on(11, 17)) == (0, 1, "0.0")


def counted_in(client: Client, at: Desk, column: str, week: Any) -> int:
    client.force_login(at.director)
    return len(client.get(entries_by_group(column)(week, ())).context["entries"])

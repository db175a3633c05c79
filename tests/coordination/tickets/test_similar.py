"""Tickets that ask for the same: the same line of a project, or one vehicle on days that meet."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import LOOKED_BACK, SHOWN, Similar, Why, similar_to
from coordination.tickets.reader import TicketReader
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from projects.register.registration import add_participant
from tests.factories.coordination import LINES, Desk, desk, enterprise, filed, project, vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def similar_of(ticket: Ticket, by: Officer) -> list[Similar]:
    reader = TicketReader.of(ticket, by)
    return similar_to(ticket, reader.lines, reader.known)


def found(ticket: Ticket, by: Officer) -> list[tuple[int, int, int, str]]:
    return [(each.own, each.ticket.pk, each.position, each.why) for each in similar_of(ticket, by)]


def days(first: int, last: int) -> dict[str, Any]:
    today = timezone.localdate(now())
    return {"valid_from": today + timedelta(first), "valid_to": today + timedelta(last)}


def another_project(at: Desk) -> Any:
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner",
        start=timezone.localdate(now()), by=at.director,
    )  # fmt: skip
    take_on(project=site, group=at.other_group, liaison=at.other_liaison, by=at.duty_desk)
    return site


@pytest.mark.parametrize("kind", LINES)
def test_the_same_line_of_every_kind(at: Desk, kind: str) -> None:
    with clock_at(now()):
        one, other = filed(at, kind), filed(at, kind)
    assert found(one, at.liaison) == [(1, other.pk, 1, Why.LINE)]
    assert found(other, at.liaison) == [(1, one.pk, 1, Why.LINE)]


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [(0, 1, False), (0, 2, True), (3, 3, True), (4, 9, True), (5, 9, False), (0, 9, True)],
)
def test_a_vehicle_on_days_that_meet(at: Desk, first: int, last: int, *, meets: bool) -> None:
    one = filed(at, lines=[vehicle(plate="豫C11111", **days(2, 4))])
    other = filed(
        at, lines=[vehicle(plate="豫C22222"), vehicle(plate="豫C11111", **days(first, last))]
    )
    assert found(other, at.liaison) == ([(2, one.pk, 1, Why.VEHICLE)] if meets else [])


def test_a_vehicle_of_another_project_and_enterprise(at: Desk) -> None:
    site, client = another_project(at), enterprise()
    add_participant(
        project=site, enterprise=client, role="supplier", start=timezone.localdate(now()),
        by=at.director,
    )  # fmt: skip
    one = filed(at)
    other = filed(at, project=site, enterprise=client, by=at.duty_desk)
    assert found(one, at.duty_desk) == [(1, other.pk, 1, Why.VEHICLE)]
    assert found(one, at.liaison) == []  # he does not see tickets of other groups


def test_one_material_in_two_projects_is_not_the_same(at: Desk) -> None:
    one = filed(at, "material_supply")
    filed(at, "material_supply", project=another_project(at))
    assert found(one, at.duty_desk) == []


def test_what_was_declined_or_is_long_ago_does_not_count(at: Desk) -> None:
    with clock_at(now() - LOOKED_BACK - timedelta(days=1)):
        filed(at)
    declined = filed(at)
    perform(Verb.DECLINE, ticket=declined, reason="不属于服务范围", by=at.liaison)
    assert found(filed(at), at.liaison) == []


def test_the_newest_are_shown(at: Desk) -> None:
    with clock_at(now()):
        tickets = [filed(at) for _each in range(SHOWN + 2)]
    newest = [each.pk for each in tickets[1:]][::-1]
    shown = [pk for _own, pk, _position, _why in found(tickets[0], at.liaison)]
    assert shown == newest[:SHOWN]


def test_as_many_queries_for_many_as_for_one(at: Desk) -> None:
    ticket, counts = filed(at), []
    for _round in range(2):
        filed(at)
        with CaptureQueriesContext(connection) as queries:
            similar_of(ticket, at.liaison)
        counts.append(len(queries))
        filed(at), filed(at)
    assert counts[0] == counts[1] <= 8

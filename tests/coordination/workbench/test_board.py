"""The boards: how the work is spread, and what only the duty desk can move."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.groups.revise import record_group
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from tests.factories.coordination import Desk, desk, filed, leave_group, project

BOARD = reverse("board")
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def shown(who: Officer, query: str = "") -> Any:
    return as_(who).get(BOARD + query).context["board"]


def test_a_lead_sees_what_lies_with_whom(at: Desk) -> None:
    first = filed(at, urgency="urgent")
    perform(Verb.ACCEPT, ticket=filed(at), by=at.deputy)
    found = shown(at.lead)
    assert (found.group, found.groups, found.unserved) == (at.group, [], None)
    loads = {load.name: load for load in found.officers}
    assert loads.keys() == {str(at.lead), str(at.liaison), str(at.deputy)}
    own = loads[str(at.liaison)]
    assert (own.projects, own.by_status, own.pressing, own.oldest) == (
        1, {"submitted": 1}, 1, first.filed_at
    )  # fmt: skip
    assert loads[str(at.deputy)].by_status == {"in_progress": 1}
    assert loads[str(at.lead)].total == 0


def test_each_count_leads_to_its_tickets(at: Desk) -> None:
    ticket = filed(at)
    (own,) = [load for load in shown(at.lead).officers if load.total]
    queue = reverse("admin:tickets_ticket_changelist")
    for who in (at.lead, at.duty_desk):
        rows = as_(who).get(f"{queue}?status=submitted&{own.query}").context["rows"]
        assert [row.ticket.pk for row in rows] == [ticket.pk]


def test_the_centre_sees_the_groups_and_what_waits_for_it(at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="一", group=at.other_group)
    perform(Verb.PASS_ON, ticket=ticket, by=at.other_lead, reason="二", group=at.group)
    project()
    found = shown(at.duty_desk, f"?group={at.group.code}")
    assert {load.name: load.total for load in found.groups} == {
        at.group.name: 1, at.other_group.name: 0,
    }  # fmt: skip
    assert found.unserved == 1
    assert (found.third_transfers.total, found.third_transfers.oldest) == (1, [ticket])
    assert (found.without_group.total, found.without_group.oldest) == (0, [])
    assert [load.total for load in found.officers if not load.name] == [1]


def test_a_group_out_of_service_is_shown_while_it_has_work(at: Desk) -> None:
    """Open tickets, or projects, or both; marked, and to be chosen like the others."""
    ticket = filed(at)
    at.group.is_active = False
    record_group(group=at.group, changed=["is_active"], by=at.director)

    def rows() -> list[tuple[str, int, int, bool]]:
        found = shown(at.duty_desk)
        assert [each.name for each in found.choices] == [load.name for load in found.groups]
        return [(load.name, load.total, load.projects, load.is_out) for load in found.groups]

    other = (at.other_group.name, 0, 0, False)
    assert rows() == [(at.group.name, 1, 1, True), other]
    perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="已自行解决")
    assert rows() == [(at.group.name, 0, 1, True), other]
    page = as_(at.duty_desk).get(BOARD).content.decode()
    assert page.count("out of service</span>") == 1
    assert f'href="?group={at.group.code}"' in page
    filed(at)
    hand_over(
        project=at.project, group=at.other_group, liaison=at.other_liaison, reason="撤并",
        by=at.director,
    )  # fmt: skip
    assert rows() == [(at.other_group.name, 1, 1, False)]


def test_an_officer_who_left_is_shown_while_he_has_projects(at: Desk) -> None:
    leave_group(officer=at.liaison, by=at.director)
    loads = {load.name: (load.projects, load.is_out) for load in shown(at.lead).officers}
    assert loads == {
        str(at.lead): (0, False), str(at.deputy): (0, False), str(at.liaison): (1, True),
    }  # fmt: skip
    assert as_(at.lead).get(BOARD).content.decode().count("not of the group</span>") == 1


@pytest.mark.parametrize("who", ["lead", "duty_desk"])
def test_as_many_queries_for_three_as_for_one(at: Desk, who: str) -> None:
    client = as_(getattr(at, who))
    address = f"{BOARD}?group={at.group.code}"
    filed(at)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    filed(at)
    perform(Verb.ACCEPT, ticket=filed(at), by=at.deputy)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def test_a_liaison_has_no_board(at: Desk) -> None:
    assert as_(at.liaison).get(BOARD).status_code == 403
    assert as_(at.auditor).get(BOARD).status_code == 200


def test_who_keeps_his_deadlines(at: Desk) -> None:
    for _each in range(3):
        ticket = filed(at)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        with clock_at(now() + timedelta(days=0 if _each else 20)):
            perform(
                Verb.RESOLVE, ticket=ticket, by=at.liaison, result="已答复",
                reasons={1: "企业自行解决"},
            )  # fmt: skip
    late = filed(at)
    perform(Verb.ACCEPT, ticket=late, by=at.deputy)
    with clock_at(now() + timedelta(days=21)):
        board = shown(at.lead)
    loads = {load.name: load for load in board.officers}
    own = loads[str(at.liaison)]
    assert (own.on_time, own.on_time_rate, own.red) == ((2, 3), "66.7", 0)
    assert (loads[str(at.deputy)].red, loads[str(at.deputy)].on_time_rate) == (1, None)

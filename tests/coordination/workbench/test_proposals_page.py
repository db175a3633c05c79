"""The page of what nobody serves: proposals for the desk, accepted singly or many at once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import take_on
from projects.record.clock import now
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.factories.coordination import Desk, desk, filed, project

UNSERVED = reverse("admin:workbench_unserved")
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def joined(at: Desk) -> Project:
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    return site


def value(group: Any, liaison: Officer, deputy: Officer | None = None) -> str:
    return f"{group.pk}:{liaison.pk}:{deputy.pk if deputy else ''}"


def answers() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Assignment, Ticket)]


def test_the_desk_sees_who_is_proposed_and_why(at: Desk) -> None:
    site = joined(at)
    filed(at, project=site)
    answer = as_(at.duty_desk).get(UNSERVED)
    (row,) = answer.context["proposals"]
    assert (row.project, row.waiting, row.proposed) == (
        site, 1, value(at.group, at.deputy, at.liaison),
    )  # fmt: skip
    assert row.why == (
        "the group serves 1 project of this district; has least to do (0 projects, 0 tickets)"
    )
    assert row.why in answer.content.decode()
    chosen = [each.officer for _group, options in answer.context["choices"] for each in options]
    assert set(chosen) == {
        at.lead,
        at.liaison,
        at.deputy,
        at.other_lead,
        at.other_liaison,
        at.helper,
    }


@pytest.mark.parametrize("who", ["liaison", "lead", "auditor"])
def test_nobody_else_is_offered_them(at: Desk, who: str) -> None:
    site, client = project(), as_(getattr(at, who))
    assert "proposals" not in client.get(UNSERVED).context
    before = answers()
    given = {"only": site.pk, f"liaison-{site.pk}": value(at.group, at.liaison)}
    assert client.post(UNSERVED, given).status_code == 403
    assert answers() == before


def test_one_click_accepts_one(at: Desk) -> None:
    one, two = joined(at), project()
    ticket = filed(at, project=one)
    given = {
        "only": one.pk, "pick": [one.pk, two.pk],
        f"liaison-{one.pk}": value(at.group, at.deputy, at.liaison),
        f"liaison-{two.pk}": value(at.group, at.deputy, at.liaison),
    }  # fmt: skip
    answer = as_(at.duty_desk).post(UNSERVED, given)
    assert [(each.project, each.tickets) for each in answer.context["outcomes"]] == [(one, 1)]
    assert [row.project for row in answer.context["proposals"]] == [two]
    row = assignment_of(one, now())
    assert row is not None
    assert (row.liaison, row.deputy, row.opened_by) == (at.deputy, at.liaison, at.duty_desk)
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.group, at.deputy)


def test_many_with_another_liaison_and_a_stale_one(at: Desk) -> None:
    one, two = project(), project()
    client = as_(at.director)
    client.get(UNSERVED)
    take_on(project=two, group=at.group, liaison=at.liaison, by=at.duty_desk)
    given = {
        "pick": [one.pk, two.pk],
        f"liaison-{one.pk}": value(at.other_group, at.helper),
        f"liaison-{two.pk}": value(at.group, at.deputy, at.liaison),
    }  # fmt: skip
    answer = client.post(UNSERVED, given)
    said = "This project is already served; hand it over instead."
    assert [each.refusal for each in answer.context["outcomes"]] == ["", said]
    assert "1 of 2 accepted" in answer.content.decode()
    assert said in answer.content.decode()
    row = assignment_of(one, now())
    assert row is not None
    assert (row.group, row.liaison, row.deputy) == (at.other_group, at.helper, at.other_liaison)
    assert Assignment.objects.filter(project=two).count() == 1


def test_none_chosen_is_said(at: Desk) -> None:
    project()
    before = answers()
    assert "Choose projects first." in as_(at.duty_desk).post(UNSERVED).content.decode()
    assert answers() == before


@pytest.mark.parametrize(
    "chosen", ["", "x", "1", "1:2", "1:2:x", "999999:999999:", "9" * 30 + ":1:", "1:²:"]
)
def test_nonsense_is_not_there(at: Desk, chosen: str) -> None:
    site, before = project(), answers()
    given = {"pick": site.pk, f"liaison-{site.pk}": chosen}
    assert as_(at.duty_desk).post(UNSERVED, given).status_code == 404
    odd = {"pick": "x", "liaison-x": value(at.group, at.liaison)}
    assert as_(at.duty_desk).post(UNSERVED, odd).status_code == 404
    assert answers() == before


def test_where_nobody_is_on_duty_it_is_assigned_by_hand(at: Desk) -> None:
    Officer.objects.filter(role="liaison").update(is_active=False)
    project()
    answer = as_(at.duty_desk).get(UNSERVED)
    assert [row.proposed for row in answer.context["proposals"]] == [""]
    assert "Nobody is on duty." in answer.content.decode()


def test_the_desk_and_the_board_say_how_many_wait(at: Desk) -> None:
    addresses = (reverse("admin:index"), reverse("board"))
    for address in addresses:
        assert "proposals wait" not in as_(at.duty_desk).get(address).content.decode()
    project(), project()
    for address in addresses:
        assert "2 proposals wait" in as_(at.duty_desk).get(address).content.decode()
    assert "2 proposals wait" not in as_(at.liaison).get(addresses[0]).content.decode()


@pytest.mark.parametrize("address", [UNSERVED, reverse("admin:index"), reverse("board")])
def test_as_many_queries_for_four_as_for_one(at: Desk, address: str) -> None:
    client, counts = as_(at.duty_desk), []
    for number in (1, 3):
        for _each in range(number):
            project()
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]

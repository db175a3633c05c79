"""The page on which many projects are handed over: who may, the preview, and results by row."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of
from coordination.groups.serve import take_leave
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handover import hand_over, take_on
from projects.record.clock import now
from projects.register.models import Project
from tests.factories.addresses import admin_page
from tests.factories.coordination import Desk, desk, filed, leave_group, project

pytestmark = pytest.mark.django_db
MANY = reverse("admin:workbench_hand_over_many")


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def everything() -> list[Any]:
    models = (Assignment, Ticket, TicketEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def served(at: Desk, number: int = 1) -> list[Project]:
    """Further projects of the desk's liaison."""
    made = [project(by=at.director) for _each in range(number)]
    for each in made:
        take_on(project=each, group=at.group, liaison=at.liaison, deputy=at.deputy, by=at.director)
    return made


def of(site: Project) -> Assignment:
    row = assignment_of(site, now())
    assert row is not None
    return row


def asked(*sites: Project, **typed: Any) -> dict[str, Any]:
    picks = [of(each).pk for each in sites]
    return {"offered": picks, "pick": picks, "to": "spread", "reason": "分工调整"} | typed


def confirming(answer: Any) -> dict[str, Any]:
    """What the preview's button sends."""
    planned = answer.context["plan"].planned
    return {
        "confirmed": "1", "reason": "分工调整", "pick": [each.assignment.pk for each in planned],
    } | {f"to-{each.assignment.pk}": each.value for each in planned}  # fmt: skip


def test_spread_over_another_group_as_it_was_shown(at: Desk) -> None:
    (site,), ticket = served(at), filed(at)
    client, before = as_(at.duty_desk), everything()
    shown = client.post(MANY, asked(at.project, site, group=at.other_group.pk))
    assert everything() == before
    plan = shown.context["plan"]
    assert {each.liaison for each in plan.planned} == {at.other_liaison, at.helper}
    assert [
        (share.projects_before, share.projects_after, share.tickets_before)
        for _officer, share in plan.shares
    ] == [(0, 1, 0), (0, 1, 0)]
    assert sorted(share.tickets_after for _officer, share in plan.shares) == [0, 1]
    named = {each.assignment.project: each.liaison for each in plan.planned}
    done = client.post(MANY, confirming(shown))
    assert [each.refusal for each in done.context["outcomes"]] == ["", ""]
    assert "2 of 2 handed over" in done.content.decode()
    assert {each: of(each).liaison for each in (at.project, site)} == named
    assert of(site).reason == "分工调整"
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.other_group, named[at.project])


def test_within_the_group_the_present_liaison_gets_none(at: Desk) -> None:
    (site,) = served(at)
    shown = as_(at.lead).post(MANY, asked(at.project, site, group=at.group.pk))
    assert {each.liaison for each in shown.context["plan"].planned} == {at.deputy}
    assert {each.deputy for each in shown.context["plan"].planned} == {at.liaison}


def test_all_to_one_but_what_he_has_already(at: Desk) -> None:
    (site,) = served(at)
    hand_over(
        project=site, group=at.group, liaison=at.deputy, deputy=None, reason="分工", by=at.director
    )
    shown = as_(at.director).post(
        MANY, asked(at.project, site, to="one", one=at.deputy.pk, group=at.group.pk)
    )
    plan = shown.context["plan"]
    assert [(each.assignment.project, each.liaison) for each in plan.planned] == [
        (at.project, at.deputy)
    ]
    assert [(row.assignment.project, str(row.refusal)) for row in plan.refused] == [
        (site, "They already answer for this project.")
    ]


def test_what_changed_meanwhile_is_refused_by_its_row(at: Desk) -> None:
    sites = [at.project, *served(at, 2)]
    client = as_(at.director)
    shown = client.post(MANY, asked(*sites, group=at.other_group.pk))
    hand_over(
        project=sites[1], group=at.group, liaison=at.deputy, deputy=None, reason="分工",
        by=at.lead,
    )  # fmt: skip
    done = client.post(MANY, confirming(shown))
    said = "This assignment changed meanwhile; nothing was done with this project."
    assert {each.project: each.refusal for each in done.context["outcomes"]} == {
        sites[0]: "", sites[1]: said, sites[2]: "",
    }  # fmt: skip
    assert [of(each).group for each in sites] == [at.other_group, at.group, at.other_group]
    before = everything()
    again = client.post(MANY, confirming(shown))  # sent twice
    assert {each.refusal for each in again.context["outcomes"]} == {said}
    assert everything() == before


def test_whoever_goes_on_leave_meanwhile_gets_nothing(at: Desk) -> None:
    client = as_(at.director)
    shown, before = client.post(MANY, asked(at.project, to="one", one=at.helper.pk)), everything()
    today = timezone.localdate(now())
    take_leave(officer=at.helper, start=today, end=today, by=at.director)
    done = client.post(MANY, confirming(shown))
    assert [each.refusal for each in done.context["outcomes"]] == ["This officer is on leave."]
    assert everything() == before
    page = client.get(MANY, {"pick": of(at.project).pk})
    assert at.helper not in page.context["form"].fields["one"].queryset
    assert at.other_liaison in page.context["form"].fields["one"].queryset


def test_whoever_left_meanwhile_gets_nothing(at: Desk) -> None:
    client = as_(at.director)
    typed = asked(at.project, to="one", one=at.helper.pk)
    gone, before = client.post(MANY, typed), of(at.project)
    leave_group(officer=at.helper, by=at.director)
    done = client.post(MANY, confirming(gone))
    assert [each.refusal for each in done.context["outcomes"]] == [
        "This officer does not serve in that group."
    ]
    assert of(at.project) == before


def test_a_lead_hands_over_within_his_own_group_only(at: Desk) -> None:
    before = everything()
    client = as_(at.other_lead)
    page = client.get(MANY, {"pick": of(at.project).pk})
    said = "A group lead assigns only within his own group."
    assert [str(row.refusal) for row, _ticked in page.context["rows"]] == [said]
    shown = client.post(MANY, asked(at.project, group=at.other_group.pk))
    assert [str(row.refusal) for row in shown.context["plan"].refused] == [said]
    assert shown.context["plan"].planned == []
    refused = client.post(MANY, asked(at.project, group=at.group.pk))
    assert "group" in refused.context["form"].errors
    given = {
        "confirmed": "1", "reason": "原因", "pick": of(at.project).pk,
        f"to-{of(at.project).pk}": f"{at.other_group.pk}:{at.other_liaison.pk}:",
    }  # fmt: skip
    done = client.post(MANY, given)
    assert [each.refusal for each in done.context["outcomes"]] == [said]
    assert everything() == before


@pytest.mark.parametrize("who", ["liaison", "auditor", "system_admin"])
def test_nobody_else_may(at: Desk, who: str) -> None:
    client, before = as_(getattr(at, who)), everything()
    assert client.get(MANY, {"pick": of(at.project).pk}).status_code == 403
    typed = asked(at.project, group=at.other_group.pk)
    assert client.post(MANY, typed).status_code == 403
    assert client.post(MANY, typed | {"confirmed": "1"}).status_code == 403
    assert (
        "hand-over-projects"
        not in client.get(admin_page("officer", "change", at.liaison.pk)).content.decode()
    )
    assert everything() == before


def test_what_is_missing_stands_beside_its_field(at: Desk) -> None:
    client = as_(at.director)
    answer = client.post(MANY, asked(at.project, to="one", reason=" "))
    assert answer.context["form"].errors == {
        "one": ["Choose somebody who can act now."], "reason": ["Say why."],
    }  # fmt: skip
    answer = client.post(MANY, asked(at.project, group="", pick=[]))
    assert answer.context["form"].errors == {
        "__all__": ["Choose projects first."],
        "group": ["Choose a group in which somebody can act."],
    }
    assert [ticked for _row, ticked in answer.context["rows"]] == [False]
    for who in (at.deputy, at.lead):
        leave_group(officer=who, by=at.director)
    answer = client.post(MANY, asked(at.project, group=at.group.pk))
    assert answer.context["form"].errors == {
        "group": ["Besides the present liaisons nobody of this group can act; choose another."]
    }


def test_from_the_preview_back_with_what_was_typed(at: Desk) -> None:
    typed = asked(at.project, group=at.other_group.pk) | {"again": "1"}
    page = as_(at.director).post(MANY, typed)
    assert (page.context["plan"], page.context["form"]["reason"].value()) == (None, "分工调整")
    assert [ticked for _row, ticked in page.context["rows"]] == [True]


def test_both_ways_lead_to_the_page(at: Desk) -> None:
    (site,), client = served(at), as_(at.director)
    ended = of(site)
    hand_over(
        project=site, group=at.group, liaison=at.deputy, deputy=None, reason="分工", by=at.lead
    )
    given = {"action": "hand_over_these", "_selected_action": [ended.pk, of(at.project).pk]}
    page = client.post(admin_page("assignment"), given, follow=True)
    said = "This assignment changed meanwhile; nothing was done with this project."
    assert {row.assignment: str(row.refusal) for row, _ticked in page.context["rows"]} == {
        ended: said, of(at.project): "",
    }  # fmt: skip
    own = admin_page("officer", "change", at.liaison.pk).replace("change/", "hand-over-projects/")
    page = client.get(own, follow=True)
    assert [row.assignment for row, _ticked in page.context["rows"]] == [of(at.project)]
    assert client.get(own.replace(str(at.liaison.pk), str(at.helper.pk))).status_code == 403
    assert "Choose projects first." in client.get(MANY).content.decode()


@pytest.mark.parametrize("chosen", ["", "x", "1:2", "999999:999999:", "1:²:"])
def test_nonsense_is_not_there(at: Desk, chosen: str) -> None:
    client, before, pick = as_(at.director), everything(), of(at.project).pk
    given = {"confirmed": "1", "reason": "原因", "pick": pick, f"to-{pick}": chosen}
    assert client.post(MANY, given).status_code == 404
    assert client.post(MANY, {"pick": "x"}).status_code == 404
    assert client.get(MANY, {"pick": "x"}).status_code == 404
    assert everything() == before


def test_as_many_queries_for_four_as_for_one(at: Desk) -> None:
    client, counts, sites = as_(at.director), [], [at.project]
    for number in (0, 3):
        sites += served(at, number)
        filed(at)
        typed = asked(*sites, group=at.other_group.pk)
        client.post(MANY, typed)
        with CaptureQueriesContext(connection) as queries:
            client.post(MANY, typed)
        with CaptureQueriesContext(connection) as listed:
            client.get(MANY, {"pick": typed["pick"]})
        counts.append((len(queries), len(listed)))
    assert counts[0] == counts[1]

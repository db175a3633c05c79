"""The bulletin's block of tickets that are named, and its corrections of earlier issues."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.bulletins.build import build, recount
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import Bulletin
from coordination.bulletins.week import week_to
from coordination.escalation.block_named import BLOCK
from coordination.groups.revise import record_group
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over
from projects.house.blocks import Period
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.coordination.tickets.clocks.new_year import at as at  # noqa: PLC0414 - a fixture
from tests.coordination.tickets.clocks.new_year import (
    desk_without_years,
    do,
    enter,
    file,
    handled,
    on,
    reckoned,
    swept,
)
from tests.factories.bulletins import drawn, in_force
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
NOTHING = {
    "given": 0, "annulled": 0, "named": 0, "corrected": 0, "tickets": [], "corrections": [],
    "withdrawn": [],
}  # fmt: skip
# The ladder of a ticket due on Tuesday 5 January 2027; L3 on Thursday the 14th.
CLIMBED = (on(5, 9), on(6, 9), on(11, 9), on(14, 9))
# So that none of the steps up to L3 was due.
OFF = {date(2027, 1, day): False for day in (1, 4, 5, 6, 7, 8)}


def figures(cut_off: datetime) -> dict[str, Any]:
    found: dict[str, Any] = count_blocks(week_to(cut_off))["named"]["figures"]
    return found


def row(at: Desk, ticket: Ticket, **values: Any) -> dict[str, Any]:
    return {
        "number": ticket.number, "project": at.project.name, "group": at.group.name,
        "due": "2027-01-05", "explained": None,
    } | values  # fmt: skip


def cells(bulletin: Bulletin) -> list[list[list[str]]]:
    return [
        [[*each.titles, *(cell.text for cell in each.cells)] for each in sheet.rows]
        for sheet in drawn(bulletin.blocks, week_to(bulletin.cut_off)).sheets()
        if sheet.name == "named"
    ]


def test_a_ticket_is_named_in_the_week_of_its_step_and_in_no_other(at: Desk) -> None:
    one, other = handled(at), handled(at)
    swept(*CLIMBED)
    assert figures(on(11, 17)) == figures(on(25, 17)) == NOTHING
    assert figures(on(18, 17)) == NOTHING | {
        "given": 2, "named": 2,
        "tickets": [row(at, each, on="2027-01-14") for each in (one, other)],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [(on(14, 9), on(21, 9), 0), (on(7, 9), on(14, 9), 1), (on(7, 9), on(14, 8, 59), 0)],
)
def test_a_step_at_the_cut_off_belongs_to_the_week_that_ends(
    at: Desk, start: datetime, end: datetime, named: int
) -> None:
    handled(at)
    swept(*CLIMBED)
    assert BLOCK.count(Period(start, end))["named"] == named


def test_names_are_those_of_the_cut_off_and_the_group_that_of_the_step(at: Desk) -> None:
    one = handled(at)
    swept(*CLIMBED)
    name = at.group.name
    with clock_at(on(15)):
        hand_over(
            project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
            by=at.director,
        )  # fmt: skip
    with clock_at(on(19)):
        at.group.name = "改名"
        record_group(group=at.group, changed=["name"], by=at.director)
    for cut_off, expected in ((on(18, 17), name), (on(19, 17), "改名")):
        found = BLOCK.count(Period(cut_off - WEEK, cut_off))["tickets"]
        assert found == [row(at, one, on="2027-01-14", group=expected)]


def test_what_is_annulled_within_its_week_was_never_named(at: Desk) -> None:
    handled(at)
    swept(*CLIMBED)
    enter(OFF)
    reckoned(on(18, 9))
    assert figures(on(18, 17)) == NOTHING | {"given": 1, "annulled": 1}
    assert figures(on(25, 17)) == NOTHING


def test_what_stands_by_the_true_deadline_is_corrected_nowhere(at: Desk) -> None:
    handled(at)
    swept(*CLIMBED)
    enter({date(2027, 2, 8): False})
    reckoned(on(19, 9))
    assert figures(on(25, 17)) == NOTHING


@pytest.mark.django_db(transaction=True)
def test_an_annulled_naming_is_corrected_in_the_next_issue_and_the_first_one_stays() -> None:
    at = desk_without_years()
    one = handled(at)
    # due on Tuesday the 12th, in truth too
    other = do("accept", file(at, on(7)), at.liaison, on(7))
    swept(*CLIMBED[:3], on(12, 9), on(13, 9), on(14, 9), on(18, 9))
    with clock_at(on(18, 18)):
        first = build(cut_off=on(18, 17))
    before = Bulletin.objects.filter(pk=first.pk).values().get()
    enter({date(2027, 1, day): False for day in (1, 4, 5)})
    assert reckoned(on(20, 9)) == 2
    swept(on(21, 9))
    with clock_at(on(25, 18)):
        second = build(cut_off=on(25, 17))
    assert second.blocks["named"]["figures"] == NOTHING | {
        "given": 1, "named": 1, "corrected": 1,
        "tickets": [row(at, other, on="2027-01-21", due="2027-01-12")],
        "corrections": [{"week": "2027-01-18", "before": 1, "annulled": 1, "after": 0}],
        "withdrawn": [row(at, one, week="2027-01-18")],
    }  # fmt: skip
    assert before == Bulletin.objects.filter(pk=first.pk).values().get()
    assert first.blocks["named"]["figures"] == NOTHING | {
        "given": 1, "named": 1, "tickets": [row(at, one, on="2027-01-14")],
    }  # fmt: skip
    for each in (first, second):
        assert recount(each) == each.blocks
    number, project, group = other.number, at.project.name, at.group.name
    assert cells(second) == [
        [[project, number, group, "2027-01-12", "—", "2027-01-21"]],
        [["2027-01-18", "1", "1", "0"]],
        [[project, one.number, group, "2027-01-05", "—", "2027-01-18"]],
    ]
    for each in (first, second):
        in_force(each.issue)
    said = client_with(at.token).get(reverse("api:bulletin", args=["2027-01-25"]))
    assert "named" not in said.json()["figures"]
    assert other.number not in said.content.decode()


def test_a_bulletin_without_any_says_so(at: Desk, client: Client) -> None:
    client.force_login(at.director, backend="coordination.staff.roles.RoleBackend")
    with clock_at(on(19)):
        shown = client.get(reverse("admin:bulletin_preview")).content.decode()
    assert "本周通报点名工单0起（升级至点名0起，其中已撤销0起）。" in shown
    assert "更正往期点名0起。" in shown


def test_each_ticket_named_leads_to_it(at: Desk, client: Client) -> None:
    one, _other = handled(at), handled(at)
    swept(*CLIMBED)
    client.force_login(at.director, backend="coordination.staff.roles.RoleBackend")
    with clock_at(on(16)):
        sheets = client.get(reverse("admin:bulletin_preview")).context["paper"].sheets()
        links = [
            row.cells[0].link for sheet in sheets for row in sheet.rows if sheet.name == "named"
        ]
        listed = client.get(links[0])
    assert [each.ticket.number for each in listed.context["rows"]] == [one.number]


def test_the_count_asks_as_often_however_many_are_named(at: Desk) -> None:
    def asked(figure: str, cut_off: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            counted.append(BLOCK.count(week_to(cut_off))[figure])
        return len(captured)

    counted: list[int] = []
    handled(at)
    swept(*CLIMBED)
    once = asked("named", on(18, 17))
    handled(at), handled(at)
    swept(*CLIMBED)
    assert asked("named", on(18, 17)) == once
    enter(OFF)
    reckoned(on(20, 9))
    assert asked("corrected", on(25, 17)) == once + 2  # of the one week that is corrected
    assert counted == [1, 3, 3]

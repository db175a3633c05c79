"""The first day: what the pages say while the desk is empty."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import override

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI, running_week
from coordination.staff.models import Officer, Role
from coordination.workbench.board.draw import board_of
from coordination.workbench.first_day.queries import steps_for
from projects.house.rooms import first_steps
from projects.house.widgets import View
from projects.record.clock import clock_at, now
from projects.register.models import Project
from tests.factories.bulletins import drawn, said_of
from tests.factories.coordination import desk, officer, project

pytestmark = pytest.mark.django_db
NO_PROJECT = "尚无项目"
A_DAY = datetime(2020, 3, 10, 10, tzinfo=SHANGHAI)


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def page_of(who: Officer, address: str) -> str:
    return as_(who).get(reverse(address)).content.decode()


def part(page: str, begin: str, end: str) -> str:
    """What stands between two pieces of a page."""
    return page.partition(begin)[2].partition(end)[0]


def test_none_of_none_is_not_full_service() -> None:
    director = officer(Role.DIRECTOR)
    assert part(page_of(director, "admin:index"), '<dd id="coverage">', "</dd>") == NO_PROJECT
    page = page_of(director, "admin:workbench_unserved")
    assert part(page, 'class="z-tile ', '"') == ""  # neither green nor red
    assert (page.count(NO_PROJECT), page.count("0/0"), page.count("所有项目")) == (2, 0, 0)
    for address in ("unreported", "board"):
        assert page_of(director, address).count(NO_PROJECT) == 1


def test_none_of_none_is_not_full_service_on_the_boards() -> None:
    with override("zh-hans"):
        for view in (View(now(), officer(Role.DIRECTOR)), View(now())):
            (tile,) = [each for each in board_of(view).tiles if each.tile.name == "coverage"]
            found: Any = tile.reading
            assert [each.text for each in found.figures] == ["—"]
            assert (found.note, found.is_amiss, found.note_link) == (NO_PROJECT, True, "")


@pytest.mark.parametrize("schema", [1, 2])
def test_none_of_none_is_not_full_service_in_a_bulletin(schema: int) -> None:
    period = running_week(timezone.now())
    schemas = dict.fromkeys(count_blocks(period), 1) | {"coverage": schema}
    said = said_of(drawn(count_blocks(period, schemas), period))
    assert [each for each in said if "一对一" in each or "服务组" in each] == []
    assert [each for each in said if NO_PROJECT in each] == [f"{NO_PROJECT}。"]


STEPS = reverse_lazy("first_steps")


def states(who: Officer) -> dict[str, str]:
    return {each.step.code: each.state for each in steps_for(who, now())}


def test_an_empty_desk_lacks_everything_and_says_what_comes_first() -> None:
    director = officer(Role.DIRECTOR)
    with clock_at(A_DAY):
        shown = {each.step.code: each for each in steps_for(director, now())}
        found = {code: (each.state, each.may) for code, each in shown.items()}
        assert found == {
            "administrators": ("open", True), "groups": ("open", True),
            "accounts": ("blocked", False), "posts": ("blocked", True),
            "memberships": ("blocked", True), "hours": ("done", True), "calendar": ("done", True),
            "terms": ("done", True), "service-period": ("open", True), "batches": ("open", True),
            "enterprises": ("open", True), "projects": ("blocked", True),
            "participants": ("blocked", True), "assignments": ("blocked", True),
            "first-key": ("blocked", True), "departments": ("done", True),
        }  # fmt: skip
        page = page_of(director, "first_steps")
        first = page_of(director, "admin:index")
    assert "共15步，已完成3步" in page
    row = part(page, 'id="step-assignments"', "</li>")
    assert NO_PROJECT in row
    assert "服务组人员、项目" in part(row, "请先完成：", "</p>")
    assert "系统管理员" in part(page, 'id="step-accounts"', "</li>")  # who makes them
    assert "还有12步未完成" in part(first, 'id="to-first-steps"', "</p>")


def test_an_officer_sees_those_that_are_his() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
    assert set(states(administrator)) == {
        "administrators", "groups", "accounts", "hours", "calendar", "terms", "first-key",
        "departments",
    }  # fmt: skip
    assert "尚无" not in page_of(administrator, "first_steps")
    for role in (Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR, Role.SECURITY_ADMIN):
        who = officer(role)
        assert as_(who).get(STEPS).status_code == 403
        assert 'id="to-first-steps"' not in page_of(who, "admin:index")


def test_each_step_is_done_by_what_it_asks_for() -> None:
    at = desk()
    assert {code for code, state in states(at.director).items() if state != "done"} == {
        "service-period",
    }
    project()
    assert {code for code, state in states(at.director).items() if state == "open"} == {
        "service-period", "participants", "assignments",
    }  # fmt: skip
    words = {each.step.code: each.words for each in steps_for(at.director, now())}
    assert words["assignments"] == "2个项目中1个已落实一对一服务"


def test_once_all_was_done_the_first_page_asks_no_more() -> None:
    at = desk()
    begin_service(on=timezone.localdate(now()), by=at.director)
    page_of(at.director, "admin:index")
    project()
    with CaptureQueriesContext(connection) as queries:
        first = page_of(at.director, "admin:index")
    assert 'id="to-first-steps"' not in first
    assert [each for each in queries if "bulletins_serviceperiod" in each["sql"]] == []
    assert states(at.director)["assignments"] == "open"  # the page itself says so


def test_a_step_leads_to_a_page_that_opens_for_whoever_may_do_it() -> None:
    at = desk()
    for step in first_steps():
        for who in (at.director, at.duty_desk, at.system_admin):
            if who.has_perm(step.permission):
                assert as_(who).get(reverse(step.address)).status_code == 200, step.code
    codes = {each.code for each in first_steps()}
    assert {code for each in first_steps() for code in each.after} <= codes
    assert Project.objects.count() == 1

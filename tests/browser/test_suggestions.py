"""In the browser: every box that names one row of many suggests rows, by keyboard alone."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import act_open, answered
from tests.factories.coordination import Desk, desk, filed, project

FILING = reverse("admin:tickets_ticket_add")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at() -> Desk:
    return desk()


def suggested(page: Any, name: str, typed: str) -> list[str]:
    """What is suggested once this is typed into the box; it is filled with the first of them."""
    box = page.locator(f"input[name='{name}']").first
    with page.expect_response(lambda answer: "/suggest/" in answer.url):
        box.focus()
    with page.expect_response(lambda answer: "q=" in answer.url and "/suggest/" in answer.url):
        page.keyboard.type(typed)
    options = page.locator(f"datalist#{box.get_attribute('list')} option")
    expect(options.first).to_be_attached()
    found: list[str] = options.evaluate_all("options => options.map(each => each.value)")
    box.fill(found[0])
    return found


def of(at: Desk) -> str:
    return f"{at.project.code} {at.project.name}"


@pytest.mark.parametrize(
    "address",
    [
        reverse("admin:register_projectparticipant_add"), reverse("admin:progress_dailyreport_add"),
        reverse("admin:workbench_answered"), f"{FILING}?kind=vehicle_pass",
    ],
)  # fmt: skip
def test_a_project_by_a_part_of_its_name(page: Any, at: Desk, address: str) -> None:
    signed_in(page, at.duty_desk)
    page.goto(address)
    assert suggested(page, "project", at.project.name[-4:]) == [of(at)]


@pytest.mark.parametrize(
    "address",
    [
        reverse("admin:register_projectparticipant_add"), reverse("admin:access_apikey_add"),
        f"{FILING}?kind=worker_return",
    ],
)  # fmt: skip
def test_an_enterprise_by_a_part_of_its_name(page: Any, at: Desk, address: str) -> None:
    signed_in(page, at.duty_desk)
    page.goto(address)
    if page.locator("input[name=project]").count():
        suggested(page, "project", at.project.code)
    (found,) = suggested(page, "enterprise", at.enterprise.name[2:])
    assert at.enterprise.name in found


def test_a_project_that_nobody_serves(page: Any, at: Desk) -> None:
    bare = project()
    signed_in(page, at.duty_desk)
    page.goto(reverse("admin:groups_assignment_add"))
    assert suggested(page, "project", "示例项目") == [f"{bare.code} {bare.name}"]


def test_a_place_by_its_name_on_every_line(page: Any, at: Desk) -> None:
    signed_in(page, at.duty_desk)
    page.goto(f"{FILING}?kind=vehicle_pass")
    box = page.locator("input[data-suggest*='district/suggest']").first.get_attribute("name")
    assert suggested(page, box, "洛阳涧西") == ["410305 河南省洛阳市涧西区"]


def test_a_place_in_a_form_that_was_drawn_later(page: Any, at: Desk) -> None:
    ticket = filed(at)
    signed_in(page, at.liaison)
    page.goto(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    answered(page, page.locator("[data-at-once=accept]").click)  # draws the page anew
    act_open(page, "add_lines")
    assert suggested(page, "lines_0_origin", "新安县") == ["410323 河南省洛阳市新安县"]

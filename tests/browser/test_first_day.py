"""The first day of an empty desk, by real clicks: from the first director to the first ticket."""

from io import StringIO
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from coordination.tickets.models import Ticket
from projects.record.clock import now
from tests.browser.test_queue_to_write_off import fits, picture
from tests.factories.coordination import uscc, vehicle

SECRET: Final = "Haode-2026"
FIRST: Final = "Chuci-2026"


def sent(page: Any) -> None:
    """Send the form of the page, and wait for the answer."""
    with page.expect_navigation():
        page.locator("[name=_save], form[novalidate] button.z-primary").last.click()


def as_user(page: Any, username: str, password: str = SECRET) -> None:
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def step(page: Any, code: str) -> Any:
    page.goto("/admin/first-steps/")
    return page.locator(f"#step-{code}")


def entered(page: Any, code: str, add: str, typed: dict[str, str]) -> None:
    """From the step by its button to its list, from there to the form, and the step is done."""
    with page.expect_navigation():
        step(page, code).get_by_role("link").click()
    if not page.url.endswith("/add/"):
        with page.expect_navigation():
            page.locator(f"a[href*='{add}/add/']").first.click()
    for name, value in typed.items():
        field = page.locator(f"[name={name}]").last
        if field.evaluate("each => each.tagName") == "SELECT":
            option = field.locator("option", has_text=value).first.get_attribute("value")
            page.locator(f"select[name={name}]").select_option(option)
        else:
            field.fill(value)
    sent(page)


def make_accounts(page: Any) -> None:
    as_user(page, "xitong")
    for username, name in (("lianluo", "陈联络"), ("zhiban", "孙值班")):
        typed = {"username": username, "name": name, "password1": FIRST, "password2": FIRST}
        entered(page, "accounts", "staff/officer", typed)


def give_posts(page: Any) -> None:
    for name, role in (("lianluo", "liaison"), ("zhiban", "duty_desk")):
        with page.expect_navigation():
            step(page, "posts").get_by_role("link").click()
        with page.expect_navigation():
            page.get_by_role("link", name=name).first.click()
        with page.expect_navigation():
            page.locator("a[href*='/relieve/']").first.click()
        page.select_option("[name=kind]", "change_role")
        page.select_option("[name=role]", role)
        page.fill("[name=reason]", "首次任命")
        sent(page)
        sent(page)  # what was shown is confirmed


def assign_all(page: Any) -> None:
    with page.expect_navigation():
        step(page, "assignments").get_by_role("link").click()
    with page.expect_navigation():
        page.get_by_role("button", name="采纳所选").click()


def states_of(page: Any, *codes: str) -> list[str]:
    page.goto("/admin/first-steps/")
    return [page.locator(f"#step-{each} .z-step-state").inner_text() for each in codes]


def made_on_the_server(monkeypatch: pytest.MonkeyPatch, typed: str, *command: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(typed))
    call_command(*command, stdout=StringIO())


def make_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, role in enumerate(("system_admin", "security_admin", "auditor")):
        name = ("李系统", "周安全", "吴审计")[number]
        username = ("xitong", "anquan", "shenji")[number]
        made_on_the_server(
            monkeypatch, f"{SECRET}\n", "first_administrator", "--role", role,
            "--username", username, "--name", name,
        )  # fmt: skip


def file_first(page: Any, shown: str, today: str) -> None:
    """File a ticket by the API, with the key as the page shows it."""
    filed = page.request.post(
        "/api/v1/tickets/",
        headers={"Authorization": shown.partition(": ")[2], "Idempotency-Key": "first"},
        data={
            "kind": "vehicle_pass", "project": "LY-0001", "title": "运输车辆通行",
            "contact": {"name": "示例联系人", "mobile": "13800138000"},
            "lines": [vehicle(valid_from=today, valid_to=today)],
        },
    )  # fmt: skip
    assert filed.status == 201, filed.text()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_nobody_to_the_first_ticket(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    today, code = f"{timezone.localdate(now())}", uscc(1)
    made_on_the_server(monkeypatch, f"王主任\nwangzr\n{SECRET}\n", "first_director")
    as_user(page, "wangzr")
    with page.expect_navigation():
        page.locator("#to-first-steps a").click()
    assert states_of(page, "accounts") == ["暂不能办理"]
    picture(page, "first-steps")
    make_administrators(monkeypatch)
    assert states_of(page, "administrators", "accounts") == ["已完成", "待办理"]
    group = {"ordinal": "1", "name": "第一服务组", "code": "g1"}
    entered(page, "groups", "groups/servicegroup", group)
    make_accounts(page)
    as_user(page, "wangzr")
    give_posts(page)
    assert states_of(page, "posts", "memberships") == ["已完成", "待办理"]
    joined = {"officer": "陈联络", "group": "第一服务组"}
    entered(page, "memberships", "groups/membership", joined)
    entered(page, "service-period", "bulletins/serviceperiod", {"on": today})
    batch = {"year": today[:4], "ordinal": "1", "name": "第一批"}
    entered(page, "batches", "register/batch", batch)
    entered(page, "enterprises", "register/enterprise", {"uscc": code, "name": "示例制造公司"})
    site = {
        "code": "LY-0001", "name": "示例厂房项目", "batch": "第一批", "level": "市重点",
        "phase": "续建", "sector": "产业发展", "district": "洛龙", "total_investment": "10",
        "annual_investment": "3",
    }  # fmt: skip
    entered(page, "projects", "register/project", site)
    assert "尚无项目" not in step(page, "assignments").inner_text()
    taking_part = {"project": "LY-0001", "enterprise": code, "role": "业主", "start": today}
    entered(page, "participants", "register/projectparticipant", taking_part)
    assign_all(page)
    entered(page, "first-key", "access/apikey", {"enterprise": code, "name": "示例系统"})
    shown = page.get_by_text("Authorization: Bearer").inner_text()

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/first-steps/")
    lacking = page.locator(".z-step:not(.z-step-done)")
    assert {each.get_attribute("id") for each in lacking.all()} <= {"step-calendar"}
    fits(page, 390)
    file_first(page, shown, today)
    ticket = Ticket.objects.get()
    assert (str(ticket.group), str(ticket.handler)) == ("第一服务组", "陈联络")

    as_user(page, "lianluo", FIRST)  # who must choose a password of his own
    expect(page.locator("[name=old]")).to_be_visible()
    for name, value in (("old", FIRST), ("password", SECRET), ("again", SECRET)):
        page.fill(f"[name={name}]", value)
    sent(page)
    expect(page.get_by_role("link", name="运输车辆通行")).to_be_visible()

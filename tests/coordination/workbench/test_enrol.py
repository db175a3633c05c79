"""Officers are enrolled by pasted rows: accounts by one, posts by another, all rows or none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from coordination.workbench.first_day.pasted import rows_of
from projects.record.clock import now
from projects.record.models import Act
from tests.coordination.staff.scene import sign_in
from tests.factories.coordination import group, officer

pytestmark = pytest.mark.django_db
PAGE = reverse("enrol_officers")


def sent(who: Officer, text: str, **other: str) -> Any:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client.post(PAGE, {"rows": text, **other})


def said(answer: Any) -> list[tuple[Any, str]]:
    return [(line, str(column)) for line, column, _message in answer.context["wrong"]]


def test_rows_are_read_with_tabs_or_commas() -> None:
    text = "姓名\t用户名\n陈一\tchen\t联络员\t一组\t0379-1234567\t\n\n孙二，sun,值班台\na,b,c,d,e,f"
    assert [(each.number, each.name, each.post, each.too_many) for each in rows_of(text)] == [
        (2, "陈一", "联络员", False), (4, "孙二", "值班台", False), (5, "a", "c", True),
    ]  # fmt: skip


def test_accounts_by_one_and_posts_by_another() -> None:
    administrator, director, here = officer(Role.SYSTEM_ADMIN), officer(Role.DIRECTOR), group()
    text = f"陈一\tchen\t联络员\t{here.name}\t0379-65123456\n孙二\tsun\t值班台"
    before = Officer.objects.count()
    assert [each.username for each in sent(administrator, text).context["preview"]] == [
        "chen", "sun",
    ]  # fmt: skip
    assert (Officer.objects.count(), Act.objects.count()) == (before, 0)
    answer = sent(administrator, text, confirmed="1")
    assert "no-store" in answer["Cache-Control"]
    password = answer.context["done"][0].password
    assert password in answer.content.decode()
    made = Officer.objects.get(username="chen")
    assert (made.role, made.password_set_at, made.mobile) == ("", None, "0379-65123456")
    client = Client()
    assert sign_in("chen", password, client).status_code == 302
    assert client.get("/admin/")["Location"].startswith("/admin/password_change/")

    assert sent(director, text, confirmed="1").context["done"][0].password == ""
    made.refresh_from_db()
    assert (made.role, group_of(made, now())) == (Role.LIAISON, here)
    assert Officer.objects.get(username="sun").role == Role.DUTY_DESK
    acts = Act.objects.filter(about_id=made.pk, about_model="staff.officer").order_by("pk")
    assert [(each.what, each.officer) for each in acts if each.officer != made] == [
        ("added", administrator), ("changed", director), ("joined_group", director),
    ]  # fmt: skip


def test_one_wrong_row_and_nothing_is_done() -> None:
    administrator, director = officer(Role.SYSTEM_ADMIN), officer(Role.DIRECTOR)
    before = Officer.objects.count()
    text = "陈一,chen\n,no name\n孙二,chen,皇帝\n李三,li,审计员\n王四,wang,联络员,一组,123"
    answer = sent(administrator, text, confirmed="1")
    assert said(answer) == [
        (2, "用户名"), (2, "姓名"), (3, "岗位"), (4, "岗位"), (5, "工作电话"),
    ]  # fmt: skip
    assert said(sent(administrator, "陈一,chen\n孙二,chen")) == [(2, "用户名")]
    assert said(sent(administrator, "")) == [(1, "姓名")]
    lines = "\n".join(f"人员,user{number}" for number in range(51))
    assert said(sent(administrator, lines)) == [(51, "姓名")]
    answer = sent(director, f"甲,nobody,联络员\n乙,{administrator.username},联络员", confirmed="1")
    assert said(answer) == [(1, "用户名"), (2, "姓名")]
    given = f"{administrator.name},{administrator.username},联络员"
    assert said(sent(director, given, confirmed="1")) == [(1, "用户名")]  # not the director's
    assert (Officer.objects.count(), Act.objects.count()) == (before, 0)


@pytest.mark.parametrize("role", [Role.DUTY_DESK, Role.SECURITY_ADMIN, Role.LIAISON])
def test_nobody_else_enrols(role: str) -> None:
    before = Officer.objects.count()
    assert sent(officer(role), "陈一,chen", confirmed="1").status_code == 403
    assert Officer.objects.count() == before + 1

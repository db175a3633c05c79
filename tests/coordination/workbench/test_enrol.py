"""Accounts are made by rows, pasted or in a workbook: all of them, or none.

The director gives them posts by importing the same sheet.
"""

from io import BytesIO
from typing import Any

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from coordination.workbench.first_day.filled import LARGEST_FILE
from coordination.workbench.first_day.pasted import rows_of
from projects.files.sandbox.run import Turn
from projects.imports.begin import begin_import
from projects.imports.carry import confirm_import
from projects.imports.work import do_waiting
from projects.record.clock import now
from projects.record.models import Act
from tests.coordination.staff.scene import sign_in
from tests.factories.coordination import director, group, officer

pytestmark = pytest.mark.django_db
PAGE = reverse("enrol_officers")
TEMPLATE = reverse("enrol_template")
HEADINGS = ["姓名", "用户名", "岗位", "服务组", "工作电话"]


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def sent(who: Officer, text: str, **other: Any) -> Any:
    return as_(who).post(PAGE, {"rows": text, **other})


def book(*rows: list[Any], above: int = 0, **other_sheets: list[Any]) -> SimpleUploadedFile:
    """A workbook with these rows below so many others."""
    file, made = BytesIO(), Workbook()
    for _each in range(above):
        made.active.append(["人员名单"])
    for row in rows:
        made.active.append(row)
    for name, row in other_sheets.items():
        made.create_sheet(name).append(row)
    made.save(file)
    return SimpleUploadedFile("人员.xlsx", file.getvalue())


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

    assert sent(director, text, confirmed="1").status_code == 403
    file = SimpleUploadedFile("人员.xlsx", book(HEADINGS, *rows_as_cells(text)).read())
    of = begin_import(sheet="officers", file=file, by=director)
    do_waiting()
    of.refresh_from_db()
    assert of.counts == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}
    confirm_import(of=of, plan_hash=of.plan_hash, by=director)
    do_waiting()
    made.refresh_from_db()
    assert (made.role, group_of(made, now())) == (Role.LIAISON, here)
    assert Officer.objects.get(username="sun").role == Role.DUTY_DESK
    acts = Act.objects.filter(about_id=made.pk, about_model="staff.officer").order_by("pk")
    assert [(each.what, each.officer) for each in acts if each.officer != made] == [
        ("added", administrator), ("changed", director), ("joined_group", director),
    ]  # fmt: skip


def rows_as_cells(text: str) -> list[list[Any]]:
    return [line.split("\t") for line in text.split("\n")]


def test_one_wrong_row_and_nothing_is_done() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
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
    assert (Officer.objects.count(), Act.objects.count()) == (before, 0)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DUTY_DESK, Role.SECURITY_ADMIN, Role.LIAISON])
def test_nobody_else_enrols(role: str) -> None:
    before = Officer.objects.count()
    assert sent(officer(role), "陈一,chen", confirmed="1").status_code == 403
    assert Officer.objects.count() == before + 1


def test_a_workbook_is_read_then_confirmed_as_if_it_were_pasted() -> None:
    administrator, here = officer(Role.SYSTEM_ADMIN), group()
    before = Officer.objects.count(), Act.objects.count()
    file = book(
        ["序号", "用户名", "姓名", "工作电话", "服务组", "岗位"],
        [1, "chen", "陈一", 13800138000, here.name, "联络员"],
        [None, None, None, None, None, None], [2, "sun", "孙二,副", None, None, "值班台"],
        above=2, 旧名单=["李三"],
    )  # fmt: skip
    answer = sent(administrator, "甲,jia", file=file)
    text = answer.context["text"]
    assert text.split("\n") == [
        "", "", "\t".join(HEADINGS), f"陈一\tchen\t联络员\t{here.name}\t13800138000", "",
        "孙二,副\tsun\t值班台\t\t",
    ]  # fmt: skip
    assert [(each.number, each.username) for each in answer.context["preview"]] == [
        (4, "chen"), (6, "sun"),
    ]  # fmt: skip
    assert [(place, str(message)) for place, message in answer.context["notices"]] == [
        ("A4、A6", "“序号”不是已知的表头，该列不予读取。"),
        ("第1–2行", "表头以上的内容不予读取。"),
        ("", "工作表“旧名单”不予读取，其中1行有内容。"),
    ]  # fmt: skip
    assert (Officer.objects.count(), Act.objects.count()) == before
    done = sent(administrator, text.replace("\n", "\r\n"), confirmed="1").context["done"]
    assert [(each.row.number, each.row.name) for each in done] == [(4, "陈一"), (6, "孙二,副")]
    assert Officer.objects.get(username="chen").mobile == "13800138000"


def test_a_file_is_looked_at_first_even_where_other_rows_are_confirmed() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
    before = Officer.objects.count()
    file = book(HEADINGS, ["陈一", "chen"])
    answer = sent(administrator, "甲,jia", file=file, confirmed="1")
    assert [each.username for each in answer.context["preview"]] == ["chen"]
    assert Officer.objects.count() == before


def test_a_wrong_row_of_a_workbook_is_named_by_its_row() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
    before = Officer.objects.count(), Act.objects.count()
    file = book(
        HEADINGS, ["陈一", "chen"], [None, "no name"], ["孙二", "chen", "皇帝"], above=1
    )  # fmt: skip
    answer = sent(administrator, "", file=file)
    assert said(answer) == [(4, "用户名"), (4, "姓名"), (5, "岗位")]
    assert "陈一\tchen" in answer.context["text"]
    answer = sent(administrator, "甲,jia", file=book(HEADINGS, ["陈一", "chen"], ["孙二", "=1/0"]))
    assert said(answer) == [(3, "用户名")]
    assert "公式" in answer.content.decode()
    assert answer.context["text"] == "甲,jia"  # nothing is lost
    assert (Officer.objects.count(), Act.objects.count()) == before


def test_a_workbook_of_an_older_excel_is_read() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
    file, old = BytesIO(), xlwt.Workbook()
    sheet = old.add_sheet("人员")
    for line, row in enumerate([HEADINGS, ["陈一", "chen", "联络员"]]):
        for place, value in enumerate(row):
            sheet.write(line, place, value)
    old.save(file)
    answer = sent(administrator, "", file=SimpleUploadedFile("a.xls", file.getvalue()))
    assert [(each.number, each.post) for each in answer.context["preview"]] == [(2, "联络员")]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04"), "工作簿已损坏。"),
        (SimpleUploadedFile("a.xlsx", b"a,b"), "这不是Excel工作簿（.xlsx或.xls）。"),
        (SimpleUploadedFile("a.xlsx", b"x" * (LARGEST_FILE + 1)), "工作簿不得超过2 MB。"),
        (book(["姓名", "岗位"], ["陈一", "联络员"]), "缺少“用户名”一列，可下载下方的模板填写。"),
        (book(HEADINGS), "表头下方没有填写内容。"),
        (book(HEADINGS, *(["陈", f"c{n}"] for n in range(51))), "每次最多50行。"),
        (book(HEADINGS, *(["陈", f"c{n}"] for n in range(300))), "每次最多50行。"),
    ],
)  # fmt: skip
def test_a_workbook_that_cannot_be_taken_says_why(file: Any, message: str) -> None:
    file.seek(0)
    answer = sent(officer(Role.SYSTEM_ADMIN), "甲,jia", file=file)
    assert ([str(each) for each in answer.context["refused"]], said_or_none(answer)) == (
        [message], [],
    )  # fmt: skip
    assert answer.context["text"] == "甲,jia"


def said_or_none(answer: Any) -> list[tuple[Any, str]]:
    return said(answer) if "wrong" in answer.context else []


def test_another_file_is_being_read_and_a_text_is_too_long() -> None:
    administrator = officer(Role.SYSTEM_ADMIN)
    with Turn():
        answer = sent(administrator, "甲,jia", file=book(HEADINGS, ["陈一", "chen"]))
    assert [str(each) for each in answer.context["refused"]] == ["正在读取其他文件，请稍后再送。"]
    for other in ({}, {"confirmed": "1"}):
        answer = sent(administrator, "甲,jia\n" + "长" * 20_000, **other)
        assert [str(each) for each in answer.context["refused"]] == ["内容过长。"]
    assert not Officer.objects.filter(username="jia").exists()


def test_the_template_can_be_filled_in_and_read() -> None:
    administrator, here = officer(Role.SYSTEM_ADMIN), group()
    for who in (officer(Role.LIAISON), officer(Role.DIRECTOR)):
        assert as_(who).get(TEMPLATE).status_code == 403
    answer = as_(administrator).get(TEMPLATE)
    assert answer["Content-Disposition"] == 'attachment; filename="officers.xlsx"'
    made = load_workbook(BytesIO(answer.content))
    first, notes = made.worksheets
    assert [cell.value for cell in first[1]] == HEADINGS
    lists = [str(each.formula1) for each in first.data_validations.dataValidation]
    assert (len(lists), here.name in lists[1]) == (2, True)
    assert [cell.value for cell in notes[2]] == ["姓名", "陈示例", "人员姓名。"]
    empty = sent(administrator, "", file=SimpleUploadedFile("a.xlsx", answer.content))
    assert [str(each) for each in empty.context["refused"]] == ["表头下方没有填写内容。"]
    first.append(["陈一", "chen", "联络员", here.name])
    file = BytesIO()
    made.save(file)
    filled = sent(administrator, "", file=SimpleUploadedFile("a.xlsx", file.getvalue()))
    assert ([each.number for each in filled.context["preview"]], filled.context["notices"]) == (
        [2], [],
    )  # fmt: skip
    file.seek(0)
    sent_too = SimpleUploadedFile("人员.xlsx", file.read())
    of = begin_import(sheet="officers", file=sent_too, by=director())
    do_waiting()
    of.refresh_from_db()
    assert (of.state, of.questions, of.counts["refused"]) == ("ready", [], 1)  # no account yet

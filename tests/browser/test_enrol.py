"""Accounts are made by real clicks, in Chinese, from a workbook; the director imports the same."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from coordination.staff.models import Officer
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import fits, log_in, log_out, opened, picture
from tests.factories.coordination import Desk, desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return desk()


def filled(page: Any, place: Path, *rows: list[str]) -> Path:
    """The template as it is downloaded from the page, with these rows."""
    with page.expect_download() as sent:
        page.get_by_role("link", name="下载模板").click()
    made = load_workbook(BytesIO(Path(sent.value.path()).read_bytes()))
    for row in rows:
        made.worksheets[0].append(row)
    file = place / "人员.xlsx"
    made.save(file)
    return file


def check(page: Any) -> None:
    opened(page, page.get_by_role("button", name="核对", exact=True).click)


def looks_right(page: Any, name: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)
        picture(page, f"{name}-{width}")
    assert serious(page) == []


def test_from_a_workbook_and_by_pasting(page: Any, at: Desk, tmp_path: Path) -> None:
    before = Officer.objects.count()
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, at.system_admin)
    page.goto(reverse("first_steps"))
    opened(page, page.get_by_role("link", name="用Excel或粘贴表格成批登记人员").click)
    page.get_by_label("或粘贴各行").fill("原有内容")
    rows = [["陈示例", "chen", "联络员", at.group.name, "0379-65123456"], ["孙示例", "", "值班台"]]
    page.get_by_label("Excel文件").set_input_files(filled(page, tmp_path, *rows))
    check(page)
    wrong = page.locator("#wrong li")
    expect(wrong).to_have_text(["第3行，用户名：此项必填。"])
    looks_right(page, "enrol-wrong")
    rows[1][1] = "sun"
    page.get_by_label("Excel文件").set_input_files(filled(page, tmp_path, *rows))
    check(page)
    expect(page.locator("#preview tbody tr")).to_have_count(2)
    expect(page.locator("#preview tbody td").nth(0)).to_have_text("2")
    expect(page.get_by_label("“人员.xlsx”中的各行")).to_have_value(
        "姓名\t用户名\t岗位\t服务组\t工作电话\n"
        f"陈示例\tchen\t联络员\t{at.group.name}\t0379-65123456\n孙示例\tsun\t值班台\t\t"
    )
    assert Officer.objects.count() == before
    looks_right(page, "enrol-file")
    opened(page, page.get_by_role("button", name="确认办理").click)
    expect(page.locator("#enrolled code")).to_have_count(2)
    assert Officer.objects.filter(username__in=["chen", "sun"], role="").count() == 2
    looks_right(page, "enrolled")

    log_out(page)
    log_in(page, at.director)
    page.goto(reverse("first_steps"))
    opened(page, page.get_by_role("link", name="用Excel表给予岗位、编入服务组").click)
    expect(page.locator("select[name=sheet]")).to_have_value("officers")

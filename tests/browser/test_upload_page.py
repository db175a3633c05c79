"""A clerk files a workbook in Chinese: a wrong row first, then right ones; on a telephone too."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from coordination.tickets.models import Ticket
from projects.access.models import ApiKey
from projects.files.sandbox.run import Turn
from tests.browser.test_every_page import english_on, serious
from tests.browser.test_queue_to_write_off import fits, picture
from tests.coordination.intake.scene import vehicle
from tests.coordination.intake.test_upload import row, workbook
from tests.factories.coordination import Desk, desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose(
    page: Any, place: Path, name: str, at: Desk, *plates: str, hidden: int = 0, **cells: Any
) -> None:
    rows = [row(vehicle(plate=plate), project=at.project.code) for plate in plates]
    book = load_workbook(BytesIO(workbook("vehicle_pass", *rows, **cells)))
    if hidden:
        book.worksheets[0].row_dimensions[hidden].hidden = True
    file = place / name
    book.save(file)
    page.set_input_files("#file", file)


def book_of(download: Any) -> Any:
    return load_workbook(BytesIO(Path(download.value.path()).read_bytes()))


def a_wrong_row(page: Any, tmp_path: Path, at: Desk) -> None:
    choose(page, tmp_path, "a.xlsx", at, "豫C12345")
    expect(page.locator("#said")).to_have_text("请先粘贴企业密钥。")
    page.fill("#key", "密钥")
    page.click("#again")
    expect(page.locator("#said")).to_have_text("密钥无效、已过期或已吊销。")
    page.fill("#key", at.token)
    choose(page, tmp_path, "b.xlsx", at, "豫C12345", "不是车牌")
    page.wait_for_selector("#errors tbody tr")
    expect(page.locator("#said")).to_have_text("无误的工单1起，有误的1起。")
    cells = page.locator("#errors tbody td").all_inner_texts()
    assert (cells[0][1:], cells[1]) == ("4", "车牌号")
    expect(page.locator("#file-good")).to_be_visible()
    expect(page.locator("#file-all")).to_be_hidden()
    assert not Ticket.objects.exists()
    picture(page, "upload-wrong")
    page.set_viewport_size({"width": 390, "height": 800})
    picture(page, "upload-wrong-390")
    fits(page, 390)
    assert serious(page) == []


def right_ones(page: Any, tmp_path: Path, at: Desk) -> None:
    choose(page, tmp_path, "c.xlsx", at, "豫C12345", "豫C54321", "豫C33333", hidden=5, V4="已联系")
    page.wait_for_selector("#file-all", state="visible")
    said = "全部2起工单无误，尚未提交。\n提交前请先核对未读入的内容。"
    expect(page.locator("#said")).to_have_text(said)
    assert page.locator("#notices tbody td").all_inner_texts() == [
        "V4", "不提交：此列没有表头，其中内容不予读取。",
        "第5行", "不提交：这些行已隐藏或被筛选，不予读取。如需提交，请取消隐藏或筛选。",
        "第2行", "这是模板自带的示例，不提交。",
    ]  # fmt: skip
    assert page.locator("#tickets tbody td").all_inner_texts() == [
        "3", at.project.code, "钢材运输受阻", "4", at.project.code, "钢材运输受阻",
    ]  # fmt: skip
    assert not Ticket.objects.exists()
    picture(page, "upload-looked-390")
    fits(page, 390)
    assert serious(page) == []
    page.click("#file-all")
    page.wait_for_selector("#result", state="visible")
    numbers = page.locator("#numbers tbody td").all_inner_texts()[1::2]
    assert numbers == list(Ticket.objects.order_by("pk").values_list("number", flat=True))
    assert len(numbers) == 2
    picture(page, "upload-filed-390")
    with page.expect_download() as download:
        page.click("#result")
    told = list(book_of(download).worksheets[0].values)
    assert [each[1] for each in told[1:]] == numbers
    assert Ticket.objects.count() == 2


def test_whoever_asks_too_often_waits_and_sends_it_again(page: Any, tmp_path: Path) -> None:
    """In words for a clerk: what a 429 says of its headers is for programs."""
    at = desk()
    key = ApiKey.objects.filter(pk=at.key.pk)
    key.update(per_minute=1)
    page.goto("/upload/")
    page.fill("#key", at.token)
    choose(page, tmp_path, "a.xlsx", at, "豫C12345")
    page.click("#file-all")
    expect(page.locator("#said")).to_have_text("系统繁忙。请稍后再试，不会重复提交。")
    expect(page.locator("#file-all")).to_be_visible()
    picture(page, "upload-busy")
    assert not Ticket.objects.exists()
    key.update(per_minute=0)
    page.click("#file-all")
    page.wait_for_selector("#result", state="visible")
    assert Ticket.objects.count() == 1


def test_whoever_comes_while_another_workbook_is_read_waits_and_is_next(
    page: Any, tmp_path: Path
) -> None:
    at = desk()
    page.goto("/upload/")
    page.fill("#key", at.token)
    with Turn():
        choose(page, tmp_path, "a.xlsx", at, "豫C12345")
        waits = "正在读取其他文件，随后即读取本文件，请勿关闭本页。"
        expect(page.locator("#said")).to_have_text(waits)
    page.wait_for_selector("#file-all", state="visible")
    assert not Ticket.objects.exists()


def test_a_wrong_row_then_a_right_one(page: Any, tmp_path: Path) -> None:
    at = desk()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/upload/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.title() == "表格批量提交工单"
    picture(page, "upload")
    assert (english_on(page, {"JavaScript", "xlsx", "MB"}) - {"English"}, serious(page)) == (
        set(),
        [],
    )

    said.clear()  # the looking wrote a style of its own into the page, and was refused

    with page.expect_download() as download:
        page.click("#template")
    assert book_of(download).worksheets[0]["A1"].value == "工单序号"

    a_wrong_row(page, tmp_path, at)
    right_ones(page, tmp_path, at)
    own = page.url.split("/upload/", maxsplit=1)[0]
    assert [url for url in asked if not url.startswith((own, "blob:"))] == []
    assert [url for url in asked if at.token in url] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    assert said == [], said

"""Messy workbooks: each gives exactly the right rows or names the cell, and nothing is silent."""

from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from projects.house.imports import ImportRow
from projects.imports.reading.result import said_of
from projects.record.refusals import Invalid
from tests.projects.imports.reading.books import BOOKS, with_an_empty_sheet_first, without_a_unit
from tests.projects.imports.reading.sheets import SHEET, book, read, read_apart, saved


@pytest.mark.parametrize("name", BOOKS)
def test_every_row_and_everything_said_of_it(db: None, name: str) -> None:
    made = BOOKS[name]()
    found = read(made.content, made.answers)
    assert found.rows == [ImportRow(*each) for each in made.rows]
    errors = [(row, each.column, each.code) for row, own in found.errors.items() for each in own]
    assert sorted(errors) == sorted(made.errors)
    assert [(each.column, each.reason, each.candidates) for each in found.questions] == (
        made.questions
    )
    totals = [(each.column, each.cell, each.stated, each.computed) for each in found.totals]
    assert totals == made.totals
    assert sorted((each.code, each.place) for each in found.notices) == made.notices


def test_what_it_takes_no_table_for(db: None) -> None:
    for content, code, field in (
        (b"<html><table><tr><td>1</td></tr></table></html>", "web-page", "file"),
        (book([]), "empty", "file"),
        (book([["姓名", "电话"], ["张三", "1"]]), "heading", "file"),
        (book([["建设单位", "总投资（亿元）"], ["城投", 1]]), "heading", "file"),
    ):
        with pytest.raises(Invalid) as refused:
            read_apart(content)
        assert [(each.path, each.code) for each in refused.value.errors] == [((field,), code)]


def test_answers_that_are_none(db: None) -> None:
    made = without_a_unit()
    for answers, path, code in (
        ({3: "nothing"}, ("answers", 3), "choice"),
        ({3: "annual", 4: "annual"}, ("answers", 4), "several"),
    ):
        with pytest.raises(Invalid) as refused:
            read(made.content, answers)
        assert [(each.path, each.code) for each in refused.value.errors] == [(path, code)]


def test_the_sheet_that_is_asked_for(db: None) -> None:
    made = with_an_empty_sheet_first()
    assert (read(made.content).sheet, read(made.content).sheets) == ("项目", ["说明", "项目"])
    with pytest.raises(Invalid) as refused:
        read(made.content, sheet="说明")
    assert [each.code for each in refused.value.errors] == ["heading"]
    with pytest.raises(Invalid) as refused:
        read(made.content, sheet="别的")
    assert [each.path for each in refused.value.errors] == [("sheet",)]


def test_what_officers_have_added_is_known_the_next_time(db: None) -> None:
    content = book([["项目名称", "牵头业主方", "开工时间"], ["中部云谷", "云谷公司"]])
    assert [each.code for each in read(content).notices] == ["unknown-heading"]
    found = read(content, vocabulary={"牵头业主方": "owner", "总投资": "gone"})
    assert found.rows == [ImportRow(2, {"name": "中部云谷", "owner": "云谷公司", "starts": None})]
    assert (found.cell(2, "owner"), found.cell(2, "code"), found.notices) == ("B2", "2", [])


def test_a_column_that_identifies_the_rows_is_asked_for(db: None) -> None:
    content = book([["名目", "业主", "总投资（亿元）"], ["中部云谷", "云谷公司", 5]])
    (question,) = read(content).questions
    assert (question.column, question.reason, question.candidates) == (1, "key", ("name", "code"))
    assert [said_of(each, SHEET) for each in ("name", "total:亿元")] == [
        "项目名称",
        "总投资（亿元）",
    ]
    assert read(content, {1: "name"}).rows == [
        ImportRow(2, {"name": "中部云谷", "owner": "云谷公司", "total": 5})
    ]


def test_what_excel_keeps_as_the_first_of_a_shown_month_is_its_last(db: None) -> None:
    made: Any = Workbook()
    made.active.append(["项目名称", "计划开工时间", "总投资（亿元）"])
    made.active.append(["甲", date(2020, 3, 1), 1])
    made.active.append(["乙", date(2020, 3, 1), 1e40])
    made.active["B2"].number_format = 'yyyy"年"m"月"'
    found = read(saved(made))
    assert [row.values["starts"] for row in found.rows] == [date(2020, 3, 31), date(2020, 3, 1)]
    assert [(each.code, each.place) for each in found.notices] == [("last-day", "B2")]
    errors = {row: [each.code for each in some] for row, some in found.errors.items()}
    assert errors == {3: ["number"]}  # and the rest of the workbook is read

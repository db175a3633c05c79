"""Headings that are asked about and remembered, and which sheet of which year is read."""

from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from projects.house.imports import ImportColumn, Kind
from projects.imports.answer import answer_headings
from projects.imports.begin import read_again
from projects.imports.models import (
    Heading,
    Import,
    PlannedRow,
    State,
)
from projects.imports.queries import rows_of
from projects.imports.read import read_import
from projects.imports.vocabulary import record_heading, remove_heading
from projects.record.clock import now
from projects.record.refusals import Invalid, NotAllowed
from tests.factories.coordination import Desk
from tests.projects.imports import toy
from tests.projects.imports.scene import at as at  # noqa: PLC0414 - a fixture
from tests.projects.imports.scene import outcomes, worked

pytestmark = pytest.mark.django_db


def test_unknown_headings_are_asked_about_and_remembered(at: Desk) -> None:
    rows = (["玩具熊", 3], ["玩具车", 2])
    of = worked(toy.sent(at.director, *rows, headings=("名称", "数量几何")))
    assert (of.state, [each["heading"] for each in of.questions]) == (State.ASKING, ["数量几何"])
    assert PlannedRow.objects.count() == 0
    for answers in ({2: "weight"}, {9: "number"}, {1: "number", 2: "number"}):
        with pytest.raises(Invalid):
            answer_headings(of=of, answers=answers, by=at.director)
    answer_headings(of=of, answers={2: "number"}, remember=[2], by=at.director)
    assert worked(of).counts["new"] == 2
    heading = Heading.objects.get()
    assert (heading.text, heading.column, heading.by) == ("数量几何", "number", at.director)
    again = worked(toy.sent(at.duty_desk, *rows, headings=("名称", "数量 几何")))
    assert again.counts["new"] == 2
    remove_heading(heading=heading, by=at.duty_desk)
    assert worked(toy.sent(at.duty_desk, *rows, headings=("名称", "数量几何"))).state == "asking"


def test_a_long_heading_is_remembered_by_its_beginning_or_refused(at: Desk) -> None:
    for length, state in ((150, State.READY), (300, State.ASKING)):
        headings = ("名称", "颜色", "数量几何" + "很长的说明" * (length // 5))
        of = worked(toy.sent(at.director, ["玩具熊", "红", 3], headings=headings))
        Import.objects.filter(pk=of.pk).update(state=State.ASKING)
        act = partial(answer_headings, of=of, answers={3: "number"}, remember=[3], by=at.director)
        if state == State.READY:
            act()
        else:
            with pytest.raises(Invalid) as refused:
                act()
            assert [each.path for each in refused.value.errors] == [("text",)]
        assert worked(of).state == state
    assert [len(each.text) for each in Heading.objects.all()] == [100]


def test_an_answer_that_repeats_an_earlier_one_is_refused(at: Desk) -> None:
    headings = ("名称", "数量几何", "库存几何")
    of = worked(toy.sent(at.director, ["玩具熊", 3, 4], headings=headings))
    answer_headings(of=of, answers={2: "number"}, by=at.director)
    of = worked(of)
    with pytest.raises(Invalid) as refused:
        answer_headings(of=of, answers={3: "number"}, by=at.director)
    assert [(each.path, each.code) for each in refused.value.errors] == [((3,), "twice")]
    of.refresh_from_db()
    assert (of.state, of.answers) == (State.READY, {"2": "number"})
    Import.objects.filter(pk=of.pk).update(
        answers={"2": "number", "3": "number"}, state=State.FAILED
    )
    read_again(of=of, by=at.director)
    assert (worked(of).state, of.answers) == (State.ASKING, {})


def test_a_heading_has_one_meaning(at: Desk) -> None:
    for column in ("number", ""):
        record_heading(sheet="toys", text="库存（个）", column=column, by=at.director)
    record_heading(sheet="toys", text="库存(个)", column="name", by=at.duty_desk)
    assert list(Heading.objects.values_list("text", "column")) == [("库存(个)", "name")]
    with pytest.raises(Invalid) as refused:
        record_heading(sheet="dolls", text="——", column="name", by=at.director)
    assert [each.path for each in refused.value.errors] == [("sheet",), ("text",)]
    with pytest.raises(NotAllowed):
        record_heading(sheet="toys", text="只", column="number", by=at.lead)


def test_a_reading_of_the_sheet_chosen_before_is_not_kept(at: Desk) -> None:
    of = toy.sent(at.director, ["玩具熊", 3])
    Import.objects.filter(pk=of.pk).update(chosen_sheet="另一张")  # while it was being read
    read_import(of=of, by=at.director)
    of.refresh_from_db()
    assert (of.state, of.chosen_sheet) == (State.READING, "另一张")


def test_a_heading_that_is_like_none_can_be_said_to_mean_a_column(at: Desk) -> None:
    headings = ("名称", "库存几何", "颜色")
    of = worked(toy.sent(at.director, ["玩具熊", 3, "红"], headings=headings))
    assert (of.state, of.counts["refused"]) == (State.READY, 1)
    answer_headings(of=of, answers={2: "number"}, remember=[2], by=at.director)
    assert worked(of).counts["new"] == 1
    again = worked(toy.sent(at.director, ["玩具车", 2, "红"], headings=headings))
    assert (again.state, again.counts["new"]) == (State.READY, 1)
    record_heading(sheet="toys", text="数量几何", by=at.director)
    left_out = worked(
        toy.sent(at.director, ["玩具车", 2, 5], headings=("名称", "数量几何", "数量"))
    )
    assert (left_out.state, left_out.counts["new"]) == (State.READY, 1)


def test_another_sheet_of_the_workbook_can_be_chosen(at: Desk) -> None:
    made = openpyxl.load_workbook(BytesIO(toy.book(["玩具熊", 3])))
    other: Any = made.create_sheet("另一张")
    for row in (["名称", "数量"], ["玩具车", 2]):
        other.append(row)
    stream = BytesIO()
    made.save(stream)
    of = worked(toy.sent_bytes(at.director, stream.getvalue()))
    assert of.sheets == ["Sheet", "另一张"]
    with pytest.raises(Invalid):
        read_again(of=of, chosen="没有", by=at.director)
    read_again(of=of, chosen="另一张", by=at.director)
    assert [each.content["title"] for each in rows_of(worked(of))] == ["玩具车"]


def test_a_sheet_about_another_year_must_be_seen_and_rows_of_a_year_are_refused(
    at: Desk,
) -> None:
    year = now().year - 1
    made = openpyxl.load_workbook(BytesIO(toy.book(["玩具熊", 3])))
    made.active.title = f"{year}年玩具"
    stream = BytesIO()
    made.save(stream)
    read = partial(toy.sent_bytes, at.director, stream.getvalue())

    def seen(of: Import) -> tuple[list[tuple[str, bool]], list[tuple[int, str]]]:
        return [(each["code"], each["must_be_seen"]) for each in of.notices], outcomes(of)

    assert seen(worked(read())) == ([("year", True)], [(2, "new")])
    with toy.sheet_with(of_year=True):
        of = worked(read())
    assert seen(of) == ([("year", True)], [(2, "refused")])
    assert [each[2] for each in rows_of(of).get().content["errors"]] == ["year"]
    given = list[Any]()

    def plan(rows: Any, *more: Any) -> Any:
        given.extend(rows)
        return toy.plan(rows, *more)

    columns = (*toy.SHEET.columns, ImportColumn("year", "年度", Kind.COUNT))
    with toy.sheet_with(of_year=True, columns=columns, plan=plan):
        assert outcomes(worked(read())) == [(2, "new")]  # the sheet itself judges the year
    assert [row.values["year"] for row in given] == [year]

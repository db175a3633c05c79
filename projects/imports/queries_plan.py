"""What the rows of a workbook would do at a moment, and the hash by which a plan is known again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.notices import Notice
from projects.house.imports import (
    YEAR,
    CellError,
    Change,
    ImportRow,
    ImportSheet,
    Kind,
    Outcome,
    RowPlan,
)
from projects.imports.models import Import
from projects.imports.queries import content_of, vocabulary_of
from projects.imports.reading.result import SheetRead
from projects.imports.reading.sheet import read_sheet
from projects.record.canonical import digest
from projects.record.clock import now

WRITTEN: Final = (Outcome.NEW, Outcome.CHANGED)


def read_workbook_of(of: Import, declared: ImportSheet) -> SheetRead:
    """Read the workbook with the answers that were given. Raises Invalid, Busy.

    Headings of which staff have said that they are not read are not asked about.
    """
    content, vocabulary = content_of(of), vocabulary_of(declared.name)
    answers = {int(column): answer for column, answer in of.answers.items()}

    def read() -> SheetRead:
        return read_sheet(
            content, declared, vocabulary=vocabulary, answers=answers, sheet=of.chosen_sheet
        )

    found = read()
    left_out = {each.column: "" for each in found.questions if vocabulary.get(each.key) == ""}
    if left_out:
        answers |= left_out
        found = read()
    if found.year != timezone.localdate(now()).year:
        found.notices.insert(0, _another_year(found))
    found.stated = dict(_stated(of, declared, found))
    if any(declared.column(name).kind is Kind.DAY for name in found.stated):
        found.notices.append(_day_of_all(found))
    return found


def _stated(of: Import, declared: ImportSheet, read: SheetRead) -> Iterator[tuple[str, Any]]:
    """What holds of every row without a value of its own: what an officer said, or a day above."""
    for name in declared.stated:
        said, is_day = of.stated.get(name), declared.column(name).kind is Kind.DAY
        if said:
            yield name, date.fromisoformat(said) if is_day else said
        elif is_day and read.day is not None:
            yield name, read.day


def not_stated(declared: ImportSheet, read: SheetRead) -> list[str]:
    """The columns that an officer must state for all rows, since nothing in the sheet does."""
    return [
        name for name in declared.stated
        if declared.column(name).is_required and name not in read.stated
        and name not in read.columns
    ]  # fmt: skip


def _another_year(read: SheetRead) -> Notice:
    message = _("This sheet is read as one about %(year)s, which is not this year.")
    return Notice(
        "year", "", message % {"year": read.year}, loses=False, sheet=read.sheet, warns=True
    )


def _day_of_all(read: SheetRead) -> Notice:
    days = "、".join(f"{each}" for each in read.stated.values() if isinstance(each, date))
    message = _("Rows without a day of their own are of %(day)s.")
    return Notice("day", "", message % {"day": days}, loses=False, sheet=read.sheet)


def plan_rows(declared: ImportSheet, read: SheetRead, at: datetime, by: Any) -> list[RowPlan]:
    """What each row would do: those with cells that cannot be read are refused.

    Raises NotAllowed as the sheet does.
    """
    rows, refused = _of_year(declared, read, timezone.localdate(at).year)
    rows = [_with_stated(row, read.stated, refused) for row in rows] if read.stated else rows
    good = [row for row in rows if not refused.get(row.number)]
    planned = {plan.row.number: plan for plan in declared.plan(good, at, by)}
    return [
        _with_required(declared, planned[row.number])
        if row.number in planned
        else RowPlan(row, Outcome.REFUSED, _name(declared, row), errors=refused[row.number])
        for row in rows
    ]


def _with_stated(
    row: ImportRow, stated: Mapping[str, Any], refused: Mapping[int, Sequence[CellError]]
) -> ImportRow:
    """The row with what is stated for all, but in cells of its own, and those that are wrong."""
    own = {name for name, value in row.values.items() if value not in (None, "")}
    own |= {error.column for error in refused.get(row.number, ())}
    added = {name: value for name, value in stated.items() if name not in own}
    return replace(row, values={**row.values, **added})


def _of_year(
    declared: ImportSheet, read: SheetRead, this_year: int
) -> tuple[list[ImportRow], dict[int, list[CellError]]]:
    """The rows with their year, and what is wrong with each, where the sheet's rows are of one."""
    if not declared.of_year:
        return read.rows, read.errors
    if any(each.name == YEAR for each in declared.columns):
        rows = [
            replace(row, values={**row.values, YEAR: row.values.get(YEAR) or read.year})
            for row in read.rows
        ]
        return rows, read.errors
    if read.year == this_year:
        return read.rows, read.errors
    message = _(
        "This sheet is about %(year)s. Only that of %(this_year)s is imported; if it is, correct"
        " its title."
    )
    error = CellError("", message % {"year": read.year, "this_year": this_year}, "year")
    return read.rows, {row.number: [error, *read.errors.get(row.number, ())] for row in read.rows}


def _with_required(declared: ImportSheet, plan: RowPlan) -> RowPlan:
    """The plan; refused where a new row leaves out what must be stated."""
    if plan.outcome != Outcome.NEW:
        return plan
    missing = [
        each.name for each in declared.columns
        if each.is_required and plan.row.values.get(each.name) in (None, "")
    ]  # fmt: skip
    if not missing:
        return plan
    message = _("A new row must state this.")
    errors = [CellError(name, message, "required") for name in missing]
    return replace(plan, outcome=Outcome.REFUSED, errors=[*plan.errors, *errors])


def _name(declared: ImportSheet, row: ImportRow) -> str:
    keys = [row.values.get(each.name) for each in declared.columns if each.is_key]
    return " · ".join(str(each) for each in keys if each not in (None, ""))


def counts_of(plans: Iterable[RowPlan]) -> dict[str, int]:
    """How many rows have each outcome."""
    found = dict.fromkeys(map(str, Outcome), 0)
    for plan in plans:
        found[str(plan.outcome)] += 1
    return found


def hash_of(plans: Sequence[RowPlan]) -> str:
    """SHA-256 of what the plans would do; its messages, which are words, aside."""
    return digest([
        [
            plan.row.number, str(plan.outcome), plan.title,
            [[each.column, each.before, each.after] for each in plan.changes],
            [[each.column, each.code] for each in plan.errors],
        ]
        for plan in plans
    ])  # fmt: skip


def in_words(plan: RowPlan) -> dict[str, Any]:
    """The plan as it is kept and shown."""
    return {
        "title": plan.title,
        "changes": [_change(each) for each in plan.changes],
        "errors": [[each.column, str(each.message), each.code] for each in plan.errors],
        "warnings": [str(each) for each in plan.warnings],
    }


def _change(change: Change) -> list[str]:
    return [change.column, change.before, change.after]

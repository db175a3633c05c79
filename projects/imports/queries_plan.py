"""What the rows of a workbook would do at a moment, and the hash by which a plan is known again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
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
    return found


def _another_year(read: SheetRead) -> Notice:
    message = _("This sheet is read as one about %(year)s, which is not this year.")
    return Notice(
        "year", "", message % {"year": read.year}, loses=False, sheet=read.sheet, warns=True
    )


def plan_rows(declared: ImportSheet, read: SheetRead, at: datetime, by: Any) -> list[RowPlan]:
    """What each row would do: those with cells that cannot be read are refused.

    Raises NotAllowed as the sheet does.
    """
    rows, refused = _of_year(declared, read, timezone.localdate(at).year)
    good = [row for row in rows if not refused.get(row.number)]
    planned = {plan.row.number: plan for plan in declared.plan(good, at, by)}
    return [
        _with_required(declared, planned[row.number])
        if row.number in planned
        else RowPlan(row, Outcome.REFUSED, _name(declared, row), errors=refused[row.number])
        for row in rows
    ]


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

"""The verb by which a worker reads a workbook, and plans what each of its rows would do."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from projects.files.workbooks.notices import Notice
from projects.house.imports import ImportSheet, RowPlan
from projects.imports.models import Import, PlannedRow, State
from projects.imports.queries import registered_totals
from projects.imports.queries_plan import (
    counts_of,
    hash_of,
    in_words,
    not_stated,
    plan_rows,
    read_workbook_of,
)
from projects.imports.reading.result import Question, SheetRead
from projects.imports.reading.vocabulary import key_of
from projects.imports.rights import require_import
from projects.record.clock import now
from projects.record.refusals import NotAllowed
from projects.record.writing import write


def read_import(*, of: Import, by: Any) -> Import:
    """Read the workbook and keep what each row would do now; or what must be answered first.

    Changes nothing but the import. Raises Invalid by ``file`` where the workbook cannot be read,
    Busy where too many are being read, NotAllowed where he may not, or it is not to be read.
    """
    declared = require_import(of.sheet, by)
    read = read_workbook_of(of, declared)
    with transaction.atomic():
        row = Import.objects.select_for_update(of=("self",)).get(pk=of.pk)
        if row.state != State.READING:
            raise NotAllowed
        asked = (of.answers, of.chosen_sheet, of.stated)
        if (row.answers, row.chosen_sheet, row.stated) != asked:  # since: it waits to be read again
            return row
        _keep_read(row, read)
        if read.questions or not_stated(declared, read):
            row.state = State.ASKING
            PlannedRow.objects.filter(of_import=row).delete()
        else:
            keep_plan(row, declared, read, plan_rows(declared, read, now(), by), by)
        row.save()
        return row


def _keep_read(row: Import, read: SheetRead) -> None:
    row.counts, row.totals, row.plan_hash = {}, {}, ""
    row.sheets, row.chosen_sheet = list(read.sheets), read.sheet
    row.matched = [
        {
            "column": column, "name": each.name, "heading": each.heading, "unit": each.unit,
            "key": key_of(each.heading, read.year),
        }
        for column, each in sorted(read.matched.items())
    ]  # fmt: skip
    row.questions = [
        *(_asked(each, is_asked=True) for each in read.questions),
        *(_asked(each, is_asked=False) for each in read.others),
    ]
    row.notices = [_said(each) for each in read.notices]


def _asked(question: Question, *, is_asked: bool) -> dict[str, Any]:
    return {
        "column": question.column, "heading": question.heading, "key": question.key,
        "candidates": list(question.candidates), "why": str(question.why), "is_asked": is_asked,
    }  # fmt: skip


def _said(notice: Notice) -> dict[str, Any]:
    return {
        "code": notice.code, "sheet": notice.sheet, "place": notice.place,
        "message": str(notice.message), "must_be_seen": notice.must_be_seen,
    }  # fmt: skip


def keep_plan(
    row: Import, declared: ImportSheet, read: SheetRead, plans: Sequence[RowPlan], by: Any
) -> None:
    """Keep the plan of a locked import in place of the one before; the caller saves the import."""
    row.state, row.counts, row.plan_hash = State.READY, counts_of(plans), hash_of(plans)
    row.totals = _totals(read, registered_totals(declared, by))
    PlannedRow.objects.filter(of_import=row).delete()
    write([
        PlannedRow(
            of_import=row, number=plan.row.number, outcome=str(plan.outcome),
            content=in_words(plan),
        )
        for plan in plans
    ])  # fmt: skip


def _totals(read: SheetRead, registered: dict[str, Decimal]) -> dict[str, list[dict[str, str]]]:
    """The sum of each column in the workbook and in the register; and what the sheet states."""
    names = [name for name in registered if name in read.columns]
    sums = {
        name: sum((row.values.get(name) or 0 for row in read.rows), Decimal(0)) for name in names
    }
    return {
        "sums": [
            {"column": name, "computed": f"{sums[name]:f}", "before": f"{registered[name]:f}"}
            for name in names
        ],
        "checks": [
            {
                "column": each.column, "cell": each.cell, "stated": f"{each.stated:f}",
                "computed": f"{each.computed:f}",
            }
            for each in read.totals
        ],
    }  # fmt: skip

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
    plan_rows,
    read_workbook_of,
)
from projects.imports.reading.read import SheetRead
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
        if row.answers != of.answers:  # answered since: it waits to be read again
            return row
        _keep_read(row, read)
        if read.questions:
            row.state = State.ASKING
            PlannedRow.objects.filter(of_import=row).delete()
        else:
            keep_plan(row, declared, read, plan_rows(declared, read, now(), by), by)
        row.save()
        return row


def _keep_read(row: Import, read: SheetRead) -> None:
    row.counts, row.totals, row.plan_hash = {}, [], ""
    row.matched = [
        {"column": column, "name": each.name, "heading": each.heading, "unit": each.unit}
        for column, each in sorted(read.matched.items())
    ]
    row.questions = [
        {"column": each.column, "heading": each.heading, "candidates": list(each.candidates)}
        for each in read.questions
    ]
    row.notices = [_said(each) for each in read.notices]


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


def _totals(read: SheetRead, registered: dict[str, Decimal]) -> list[dict[str, str | None]]:
    """The stated and computed sum of each column, and what is registered."""
    return [
        {
            "column": each.column,
            "stated": None if each.stated is None else str(each.stated),
            "computed": str(each.computed),
            "before": str(registered[each.column]) if each.column in registered else None,
        }
        for each in read.totals
    ]

"""A sheet of toys, which a room of the tests declares: the engine knows nothing of them.

Toys are kept among the departments, by names that begin with 玩具; their number is the ordinal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet

from coordination.parties.models import Department
from projects.house import rooms as house
from projects.house.imports import (
    CellError,
    Change,
    ImportColumn,
    ImportRow,
    ImportSheet,
    Kind,
    Outcome,
    RowPlan,
)
from projects.imports.begin import begin_import
from projects.imports.models import Import
from projects.record.refusals import NotAllowed

HEADINGS: Final = ("名称", "数量", "颜色")
BROKEN: Final = "玩具坏"  # the sheet's own verb fails at it
MOST: Final = 30_000


def toys() -> QuerySet[Department]:
    return Department.objects.filter(name__startswith="玩具", is_active=True).order_by("name")


def plan(rows: Sequence[ImportRow], _at: datetime, by: Any) -> list[RowPlan]:
    if not by.has_perm("toys.add_toy"):
        raise NotAllowed
    there = {each.name: each for each in toys()}
    return [_plan(row, there) for row in rows]


def _plan(row: ImportRow, there: Mapping[str, Department]) -> RowPlan:
    name, number = row.values["name"], row.values.get("number")
    toy = there.get(name)
    if number is not None and number > MOST:
        wrong = CellError("number", "太多", "too-many")
        return RowPlan(row, Outcome.REFUSED, name, errors=[wrong])
    before = "" if toy is None else str(toy.ordinal)
    if number is None or before == str(number):
        return RowPlan(row, Outcome.NEW if toy is None else Outcome.UNCHANGED, name)
    change = Change("number", before, str(number))
    return RowPlan(row, Outcome.CHANGED if toy else Outcome.NEW, name, changes=[change])


def carry_out(plans: Sequence[RowPlan], _at: datetime, _by: Any) -> Iterator[Any]:
    names = [each.row.values["name"] for each in plans]
    kept = {each.name: each for each in Department.objects.filter(name__in=names)}
    before = {each.name: each.ordinal for each in kept.values() if each.is_active}
    old, new = list(kept.values()), list[Department]()
    for each in plans:
        row = kept.get(each.row.values["name"])
        if row is None:
            new.append(row := Department(name=each.row.values["name"]))
        row.ordinal, row.is_active = each.row.values["number"], True
    Department.objects.bulk_create(new)
    Department.objects.bulk_update(old, ["ordinal", "is_active"])
    for each in plans:
        if each.row.values["name"] == BROKEN:
            raise RuntimeError(BROKEN)
        values = each.row.values
        yield {"name": values["name"], "before": before.get(values["name"]),
               "after": values["number"]}  # fmt: skip


def undo(effects: Sequence[Any], _at: datetime, _by: Any) -> None:
    for each in effects:
        row = Department.objects.get(name=each["name"])
        if row.ordinal != each["after"]:
            raise NotAllowed(f"{row.name}已变更")
        row.is_active = each["before"] is not None
        row.ordinal = each["before"] if row.is_active else row.ordinal
        row.save()


def export(_by: Any) -> Iterable[Mapping[str, Any]]:
    return ({"name": each.name, "number": each.ordinal} for each in toys())


SHEET: Final = ImportSheet(
    "toys", "玩具", (
        ImportColumn("name", "名称", is_key=True),
        ImportColumn("number", "数量", Kind.COUNT, is_required=True, is_summed=True),
        ImportColumn("colour", "颜色"),
    ),
    "toys.add_toy", plan=plan, carry_out=carry_out, undo=undo, export=export,
)  # fmt: skip
ROOM: Final = house.Room(
    label="toys", imports=(SHEET,),
    permissions={"duty_desk": frozenset({"add_toy"}), "director": frozenset({"add_toy"})},
)  # fmt: skip


@contextmanager
def toy_room() -> Iterator[None]:
    house.register(ROOM)
    try:
        yield
    finally:
        house.unregister("toys")


@contextmanager
def sheet_with(**other: Any) -> Iterator[None]:
    """The room's sheet with other functions or columns, within ``toy_room``."""
    house.unregister("toys")
    house.register(replace(ROOM, imports=(replace(SHEET, **other),)))
    try:
        yield
    finally:
        house.unregister("toys")
        house.register(ROOM)


def book(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook with these rows."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def sent(by: Any, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> Import:
    """The import of a workbook with these rows, not read yet."""
    return sent_bytes(by, book(*rows, headings=headings))


def sent_bytes(by: Any, content: bytes) -> Import:
    return begin_import(sheet="toys", file=SimpleUploadedFile("玩具.xlsx", content), by=by)

"""Reading imports: their bytes, the rows of a plan page by page, the meanings of headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from projects.house.imports import ImportSheet
from projects.imports.models import Heading, Import, ImportPart, PlannedRow

AT_ONCE: Final = 50  # rows of a page


@dataclass(frozen=True)
class RowsPage:
    """Some rows of a plan, and whether there are others before and after them."""

    rows: Sequence[PlannedRow]
    has_before: bool
    has_after: bool


def content_of(of: Import) -> bytes:
    """The workbook's bytes; empty once they were erased."""
    parts = ImportPart.objects.filter(of_import=of).order_by("number")
    return b"".join(part.content for part in parts)


def rows_of(of: Import, outcome: str = "") -> QuerySet[PlannedRow]:
    """The rows of its plan, in the order of the sheet; of one outcome if it is given."""
    rows = PlannedRow.objects.filter(of_import=of).order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


def page_of_rows(
    of: Import, *, outcome: str = "", after: int | None = None, before: int | None = None
) -> RowsPage:
    """At most fifty rows, behind the row numbered ``after``, or before that numbered ``before``."""
    rows = rows_of(of, outcome)
    if before is not None:
        found = list(rows.filter(number__lt=before).order_by("-number")[: AT_ONCE + 1])
        return RowsPage(found[AT_ONCE - 1 :: -1], len(found) > AT_ONCE, has_after=True)
    found = list(rows.filter(number__gt=after or 0)[: AT_ONCE + 1])
    return RowsPage(found[:AT_ONCE], bool(after), len(found) > AT_ONCE)


def vocabulary_of(sheet: str) -> dict[str, str]:
    """The column that each heading means, by its key, as staff said; empty where it is none."""
    return dict(Heading.objects.filter(sheet=sheet).values_list("key", "column"))


def registered_totals(declared: ImportSheet, by: Any) -> dict[str, Decimal]:
    """The sum of every row that is registered, of each column that is summed."""
    names = [each.name for each in declared.columns if each.is_summed]
    found = dict.fromkeys(names, Decimal(0))
    for values in declared.export(by) if names else ():
        for name in names:
            found[name] += values.get(name) or 0
    return found

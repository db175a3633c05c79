"""An import as its page shows it: rows, columns and sums with the words of its sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.files.workbooks.book import cell_name, letters
from projects.files.workbooks.notices import place_in_words
from projects.house.imports import ImportSheet, Outcome
from projects.house.rooms import import_sheets
from projects.house.sheets import with_unit
from projects.imports.models import Import, PlannedRow
from projects.imports.reading.result import parts_of, said_of

OUTCOMES: Final[Mapping[str, tuple[Promise, str]]] = {
    str(Outcome.NEW): (pgettext_lazy("row", "New"), "success"),
    str(Outcome.CHANGED): (pgettext_lazy("row", "Changed"), "primary"),
    str(Outcome.UNCHANGED): (pgettext_lazy("row", "Unchanged"), ""),
    str(Outcome.REFUSED): (pgettext_lazy("row", "Refused"), "danger"),
}
STATE_COLOURS: Final = {
    "reading": "info", "asking": "warning", "ready": "primary", "carrying": "info",
    "done": "success", "undoing": "info", "undone": "default", "discarded": "default",
    "failed": "danger",
}  # fmt: skip
NOT_READ: Final = gettext_lazy("not read")


@dataclass(frozen=True)
class ShownError:
    """What is wrong, and where: the cell, the heading; both empty of the row as a whole."""

    cell: str
    column: str
    message: str


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    number: int
    label: str
    colour: str
    title: str
    changes: Sequence[tuple[str, str, str]]  # column, before, after
    errors: Sequence[ShownError]
    warnings: Sequence[str]
    is_new: bool


@dataclass(frozen=True)
class ShownColumn:
    """A column of the workbook, and which of the sheet's it may be."""

    index: int
    letters: str
    heading: str
    chosen: str
    choices: Sequence[tuple[str, str]]  # the likely ones first
    why: str = ""  # it is asked
    is_asked: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Tab:
    """The rows of one outcome, or all of them, and how many they are."""

    outcome: str
    label: str
    number: int


def titles_of(declared: ImportSheet | None) -> dict[str, str]:
    """The titles of the sheet's columns by their names."""
    return {each.name: str(each.title) for each in declared.columns} if declared else {}


def shown_rows(of: Import, rows: Sequence[PlannedRow]) -> list[ShownRow]:
    """The rows in the words of the sheet, each error with its cell."""
    titles = titles_of(import_sheets().get(of.sheet))
    places = {each["name"]: each["column"] for each in of.matched}
    return [_shown(row, titles, places) for row in rows]


def _shown(row: PlannedRow, titles: Mapping[str, str], places: Mapping[str, int]) -> ShownRow:
    content: dict[str, Any] = row.content
    label, colour = OUTCOMES[row.outcome]
    return ShownRow(
        number=row.number, label=str(label), colour=colour, title=content["title"],
        changes=[(titles.get(name, name), before, after)
                 for name, before, after in content["changes"]],
        errors=[
            ShownError(
                cell_name(row.number, places[name]) if name in places else "",
                titles.get(name, ""), message,
            )
            for name, message, _code in content["errors"]
        ],
        warnings=content["warnings"], is_new=row.outcome == Outcome.NEW,
    )  # fmt: skip


def tabs_of(of: Import) -> list[Tab]:
    """All rows, and the rows of each outcome that there are."""
    total = sum(of.counts.values())
    found = [
        Tab(outcome, str(label), of.counts[outcome])
        for outcome, (label, _colour) in OUTCOMES.items()
        if of.counts.get(outcome)
    ]
    return [Tab("", _("All rows"), total), *found]


def summary_of(of: Import) -> str:
    """How many rows have each outcome, in one line."""
    return _(", ").join(f"{tab.label} {tab.number}" for tab in tabs_of(of)[1:])


def notices_of(of: Import, *, must_be_seen: bool) -> list[dict[str, Any]]:
    """What the reader says of the workbook, with its places in words."""
    return [
        each | {"place": place_in_words(each["place"])}
        for each in of.notices
        if each["must_be_seen"] == must_be_seen
    ]


def columns_of(of: Import) -> Iterator[ShownColumn]:
    """The columns of the workbook: those that are asked about, the known, and all others."""
    declared = import_sheets().get(of.sheet)
    if declared is None:
        return
    for each in [*of.questions, *of.matched]:
        answer, name = of.answers.get(str(each["column"])), each.get("name", "")
        likely = each.get("candidates", [])
        if answer is None or parts_of(answer)[0] != name:
            answer = name or (likely[0] if likely else "")
        yield ShownColumn(
            each["column"], letters(each["column"]), each["heading"], answer,
            _choices(declared, likely, answer), each.get("why", ""),
            is_asked=each.get("is_asked", False), unit=each.get("unit", ""),
        )  # fmt: skip


def _choices(declared: ImportSheet, likely: Sequence[str], answer: str) -> list[tuple[str, str]]:
    """The likely answers, then every column, and that it is not read."""
    first = [*likely, *([answer] if answer and answer not in likely else [])]
    meant = {parts_of(each)[0] for each in first}
    every = [*first, *(each.name for each in declared.columns if each.name not in meant)]
    return [*((each, said_of(each, declared)) for each in every), ("", str(NOT_READ))]


def sums_of(of: Import) -> list[dict[str, str]]:
    """The sums of the columns that are summed, with the titles of these."""
    titles = _titles_with_units(of)
    return [
        {name: value if name == "column" else _amount(value) for name, value in each.items()}
        | {"title": titles.get(each["column"], "")}
        for each in of.totals.get("sums", [])
    ]


def _amount(value: str) -> str:
    """Without the zeros of the column in which the register keeps it."""
    return f"{Decimal(value).normalize():f}"


def checks_of(of: Import) -> list[dict[str, str]]:
    """What the workbook states otherwise than its rows add up to."""
    titles = _titles_with_units(of) | {"": _("number of rows")}
    found = of.totals.get("checks", [])
    return [each | {"title": titles.get(each["column"], "")} for each in found]


def _titles_with_units(of: Import) -> dict[str, str]:
    declared = import_sheets().get(of.sheet)
    columns = declared.columns if declared else ()
    return {
        each.name: with_unit(each.title, "" if each.unit in str(each.title) else each.unit)
        for each in columns
    }

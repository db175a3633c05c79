"""What became of a workbook's rows: as data, and as a workbook in its turn."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.utils.translation import gettext as _

from coordination.intake.upload.columns import PROJECT, Column, columns_of
from coordination.intake.upload.read import Book, SheetFiling, Wrong
from coordination.tickets.filing.drafts import Draft
from projects.files.sheet import Sheet
from projects.record.refusals import FieldError, Invalid, Refusal

_IN_A_LINE: Final = 3  # ("lines", index, field)


def wrongs(book: Book, outcomes: Sequence[Draft | Refusal]) -> list[Wrong]:
    """All that is wrong, in the order of the rows."""
    found = [
        each
        for filing, outcome in zip(book.filings, outcomes, strict=True)
        for each in (*filing.wrong, *_of_outcome(book.kind, filing, outcome))
    ]
    return sorted(found, key=lambda each: each.row)


def _of_outcome(kind: str, filing: SheetFiling, outcome: Draft | Refusal) -> Iterator[Wrong]:
    if isinstance(outcome, Invalid):
        seen = {(each.row, each.column) for each in filing.wrong}
        made = (_by_cell(kind, filing, error) for error in outcome.errors)
        yield from (each for each in made if (each.row, each.column) not in seen)
    elif isinstance(outcome, Refusal):
        yield Wrong(filing.rows[0], PROJECT, outcome.message, outcome.code)


def _by_cell(kind: str, filing: SheetFiling, error: FieldError) -> Wrong:
    path = tuple(map(str, error.path))
    row, of_line = filing.rows[0], len(path) >= _IN_A_LINE and path[0] == "lines"
    if of_line:
        row, path = filing.rows[int(path[1])], path[2:]
    return Wrong(row, _column(kind, path, of_line=of_line), error.message, error.code)


def _column(kind: str, path: tuple[str, ...], *, of_line: bool) -> Column | None:
    """The column in which such a value stands; that of the contact's name for all the contact."""
    for column in columns_of(kind):
        if column.of_line == of_line and column.path[: len(path)] == path:
            return column
    return None


def said(book: Book, outcomes: Sequence[Draft | Refusal], *, filed: bool) -> dict[str, Any]:
    """The answer: each ticket by its rows, and each mistake by its cell."""
    refused = sum(isinstance(each, Refusal) for each in outcomes)
    return {
        "tickets": len(outcomes), "right": len(outcomes) - refused, "refused": refused,
        "filed": filed,
        "results": [
            _result(filing, outcome, filed=filed)
            for filing, outcome in zip(book.filings, outcomes, strict=True)
        ],
        "errors": [_error(book, each) for each in wrongs(book, outcomes)],
    }  # fmt: skip


def _result(filing: SheetFiling, outcome: Draft | Refusal, *, filed: bool) -> dict[str, Any]:
    is_right = isinstance(outcome, Draft)
    number = outcome.ticket.number if isinstance(outcome, Draft) and filed else None
    return {"rows": filing.rows, "is_right": is_right, "number": number}


def _error(book: Book, wrong: Wrong) -> dict[str, Any]:
    place = book.places.get(wrong.column, "") if wrong.column else ""
    return {
        "row": wrong.row, "cell": f"{place}{wrong.row}" if place else "",
        "heading": str(wrong.column.label) if wrong.column else "", "code": wrong.code,
        "detail": str(wrong.message),
    }  # fmt: skip


def result_book(answer: dict[str, Any]) -> bytes:
    """Row, number and problem, one line for each row that was read."""
    told: dict[int, list[str]] = {}
    for each in answer["errors"]:
        told.setdefault(each["row"], []).append(f"{each['heading']} {each['detail']}".strip())
    rows = sorted(
        (row, result) for result in answer["results"] for row in result["rows"]
    ) if answer["results"] else []  # fmt: skip
    with TemporaryDirectory(prefix="upload-") as place:
        path = Path(place) / "result.xlsx"
        sheet = Sheet(path, title=_("Result"), headings=[_("Row"), _("Number"), _("Problem")])
        for row, result in rows:
            problem = "; ".join(told.get(row, []))
            sheet.write([row, result["number"], problem or _not_filed(result)])
        sheet.close()
        return path.read_bytes()


def _not_filed(result: dict[str, Any]) -> str:
    return "" if result["number"] else _("Not filed: see the other rows of the ticket.")

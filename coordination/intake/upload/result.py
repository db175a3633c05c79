"""The result of an uploaded workbook, as JSON and as a workbook."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.utils.translation import gettext as _

from coordination.intake.upload.columns import PROJECT, Column, columns_of
from coordination.intake.upload.read import Book, CellError, SheetFiling
from coordination.intake.upload.values import choices_asked
from coordination.tickets.filing.drafts import Draft
from projects.access.error_codes import code_of, text_of
from projects.files.sheet import Sheet
from projects.files.workbooks.notices import Notice
from projects.record.canonical import digest
from projects.record.refusals import FieldError, Invalid, Missing, Refusal

_OF_CHOICES: Final = frozenset({"choice", "type"})
_IN_A_LINE: Final = 3  # ("lines", index, field)


def errors_of(book: Book, outcomes: Sequence[Draft | Refusal]) -> list[CellError]:
    """All errors, in the order of the rows, and of the columns in one."""
    errors = [
        error
        for filing, outcome in zip(book.filings, outcomes, strict=True)
        for error in (*filing.errors, *_errors_of_outcome(book.kind, filing, outcome))
    ]
    order: dict[Column | None, int] = {
        column: index for index, column in enumerate(book.letters)
    }  # fmt: skip
    return sorted(errors, key=lambda error: (error.row, order.get(error.column, -1)))


def _errors_of_outcome(
    kind: str, filing: SheetFiling, outcome: Draft | Refusal
) -> Iterator[CellError]:
    if isinstance(outcome, Invalid | Missing):
        known = {(error.row, error.column) for error in filing.errors}
        further = (_by_cell(kind, filing, error) for error in outcome.errors)
        yield from (error for error in further if (error.row, error.column) not in known)
    elif isinstance(outcome, Refusal):
        yield CellError(filing.rows[0], PROJECT, outcome.message, outcome.code)


def _by_cell(kind: str, filing: SheetFiling, error: FieldError) -> CellError:
    path = tuple(map(str, error.path))
    row, of_line = filing.rows[0], len(path) >= _IN_A_LINE and path[0] == "lines"
    if of_line:
        row, path = filing.rows[int(path[1])], path[2:]
    column = _column(kind, path, of_line=of_line)
    code = code_of(error)
    if column is not None and column.choices and code in _OF_CHOICES:
        return CellError(row, column, choices_asked(column), code)
    return CellError(row, column, error.message, error.code)


def _column(kind: str, path: tuple[str, ...], *, of_line: bool) -> Column | None:
    """The column of this path; for the whole contact, that of the contact's name."""
    for column in columns_of(kind):
        if column.of_line == of_line and column.path[: len(path)] == path:
            return column
    return None


def digest_of(book: Book, outcomes: Sequence[Draft | Refusal]) -> str:
    """What would be filed and what would not, in short: the same where both are the same."""
    return digest({
        "kind": book.kind,
        "filings": [[filing.rows, filing.body, isinstance(outcome, Draft)]
                    for filing, outcome in zip(book.filings, outcomes, strict=True)],
        "notices": [[each.code, each.sheet, each.place] for each in book.notices],
    })  # fmt: skip


def represent_result(
    book: Book, outcomes: Sequence[Draft | Refusal], *, filed: bool
) -> dict[str, Any]:
    """The result as JSON: each ticket with its rows, each error and each notice with its cell."""
    refused = sum(isinstance(outcome, Refusal) for outcome in outcomes)
    return {
        "tickets": len(outcomes), "right": len(outcomes) - refused, "refused": refused,
        "filed": filed, "shown": digest_of(book, outcomes),
        "results": [
            _result(filing, outcome, filed=filed)
            for filing, outcome in zip(book.filings, outcomes, strict=True)
        ],
        "errors": [_represent_error(book, error) for error in errors_of(book, outcomes)],
        "notices": [] if filed else [_represent_notice(notice) for notice in book.notices],
    }  # fmt: skip


def _represent_notice(notice: Notice) -> dict[str, Any]:
    return {
        "code": notice.code, "sheet": notice.sheet, "place": notice.place or None,
        "detail": str(notice.message), "left_out": notice.loses,
        "must_be_seen": notice.must_be_seen,
    }  # fmt: skip


def _result(filing: SheetFiling, outcome: Draft | Refusal, *, filed: bool) -> dict[str, Any]:
    """One ticket; its words only in a trial, because the answer to a filing is stored."""
    words = {
        name: None if filed else str(filing.body.get(name, "")) or None
        for name in ("project", "title")
    }
    return {
        "rows": filing.rows, "is_right": isinstance(outcome, Draft),
        "number": outcome.ticket.number if isinstance(outcome, Draft) and filed else None,
        **words,
    }  # fmt: skip


def _represent_error(book: Book, error: CellError) -> dict[str, Any]:
    shown = FieldError((), error.message, error.code)
    letter = book.letters.get(error.column, "") if error.column else ""
    return {
        "row": error.row, "cell": f"{letter}{error.row}" if letter else None,
        "heading": str(error.column.label) if error.column else None, "code": code_of(shown),
        "detail": str(text_of(shown)),
    }  # fmt: skip


def result_book(answer: dict[str, Any]) -> bytes:
    """The workbook of the result: row, number and problem, for each row that was read."""
    problems: dict[int, list[str]] = {}
    for error in answer["errors"]:
        problem = f"{error['heading'] or ''} {error['detail']}".strip()
        problems.setdefault(error["row"], []).append(problem)
    results = {row: result for result in answer["results"] for row in result["rows"]}
    with TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "result.xlsx"
        sheet = Sheet(path, title=_("Result"), headings=[_("Row"), _("Number"), _("Problem")])
        for row, result in sorted(results.items()):
            problem = "; ".join(problems.get(row, []))
            if not problem and not result["number"]:
                problem = _("Not filed: see the other rows of the ticket.")
            sheet.write([row, result["number"], problem])
        sheet.close()
        return path.read_bytes()

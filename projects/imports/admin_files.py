"""The workbooks that go out: an empty template, what is registered, and the refused rows."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse
from django.utils import translation
from django.utils.translation import gettext as _

from projects.files.sheet import Cell, Sheet
from projects.house.imports import ImportSheet, Outcome
from projects.imports.cells import cell_of, headings_of
from projects.imports.models import Import
from projects.imports.queries import rows_of
from projects.imports.queries_shown import shown_rows

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_file(declared: ImportSheet) -> FileResponse:
    """The headings alone."""
    with translation.override(settings.LANGUAGE_CODE):
        title = str(declared.title)
        return _sent(title, headings_of(declared), (), name=_("%(sheet)s template") % {
            "sheet": title
        })  # fmt: skip


def export_file(declared: ImportSheet, by: Any) -> FileResponse:
    """Every row that is registered; the file can be imported again."""
    with translation.override(settings.LANGUAGE_CODE):
        rows = (
            [cell_of(column, values.get(column.name)) for column in declared.columns]
            for values in declared.export(by)
        )
        return _sent(str(declared.title), headings_of(declared), rows)


def refused_file(of: Import) -> FileResponse:
    """The rows that were refused, each reason on a line of its own."""
    rows = shown_rows(of, list(rows_of(of, str(Outcome.REFUSED))))
    lines: Iterator[list[Cell]] = (
        [row.number, row.title, error.cell, error.column, error.message]
        for row in rows
        for error in row.errors
    )
    headings = [_("Row"), _("Title"), _("Cell"), _("Column"), _("Why it is refused")]
    return _sent(_("Refused rows"), headings, lines)


def _sent(
    title: str, headings: Sequence[str], rows: Iterable[Iterable[Cell]], *, name: str = ""
) -> FileResponse:
    """Write the rows one by one, and send the file, which stays open after it is removed."""
    with TemporaryDirectory(prefix="imports-") as place:
        path = Path(place) / "sheet.xlsx"
        sheet = Sheet(path, title=title, headings=headings)
        for row in rows:
            sheet.write(row)
        sheet.close()
        answer = FileResponse(
            path.open("rb"), as_attachment=True, filename=f"{name or title}.xlsx",
            content_type=_EXCEL,
        )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    return answer

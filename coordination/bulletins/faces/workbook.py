"""A paper as an Excel workbook: its words on the first sheet, then a sheet for each table.

Figures are real numbers that look as they are printed; words are strings, never formulas.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from xlsxwriter import Workbook

from coordination.bulletins.faces.lanes import width_of
from coordination.bulletins.faces.wording import Captioned, Worded, printable, worded
from coordination.bulletins.faces.workbook_charts import add_chart
from coordination.bulletins.paper import Paper
from projects.house.blocks import Column, Format
from projects.house.sheets import Cell

_PLAIN: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_HEADER: Final = 3  # the row of the headings, counted from 0
_A4: Final = 9
_LONGEST: Final = 32_767  # characters of a cell
_LONGEST_NAME: Final = 31  # of a sheet's name, as UTF-16 counts them
_LONGEST_PROPERTY: Final = 250
_EXACT: Final = 15  # digits that Excel keeps
_WIDEST: Final = 60  # characters of a column
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\\n", " "))
_FONT: Final = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_BOX: Final = {"border": 1, "text_wrap": True}


def workbook_of(paper: Paper) -> bytes:
    """The paper as an .xlsx; the same bytes for the same paper."""
    stream = io.BytesIO()
    words = worded(paper)
    with Workbook(stream, _PLAIN) as file:
        book = _Book(file, words)
        book.write_words()
        for table in words.tables():
            if table.sheet.rows:
                book.write_table(table)
    return stream.getvalue()


class _Book:
    """The file that is written, and the formats of its cells, each made once."""

    def __init__(self, file: Any, words: Worded) -> None:
        self._file, self._words = file, words
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        head = words.head
        file.set_properties({
            "title": printable(words.paper.title)[:_LONGEST_PROPERTY],
            "subject": printable(f"{head.heading} {head.name} {head.number}")[:_LONGEST_PROPERTY],
            "author": printable(head.office)[:_LONGEST_PROPERTY],
            "created": datetime.combine(head.day, time(), UTC).replace(tzinfo=None),
        })  # fmt: skip

    def _format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._file.add_format({**_FONT, **wanted})
        return self._formats[key]

    def _begin(self, name: str, *, landscape: bool) -> Any:
        """A sheet that is printed as wide as its page, with the mark above and its number below."""
        sheet = self._file.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.9)
        mark = printable(self._words.head.mark).replace("\n", " ")[:100].replace("&", "&&")
        sheet.set_header(f"&C&KD7000F{mark}" if mark else "")
        sheet.set_footer("&C— &P —")
        return sheet

    def write_words(self) -> None:
        """Everything that is not a table, one paragraph a row."""
        sheet = self._begin(self._words.text_label, landscape=False)
        sheet.set_column(0, 0, 90)
        row = 0
        for text, looks in _words(self._words):
            for start in range(0, len(text), _LONGEST):
                part = text[start : start + _LONGEST]
                sheet.write_string(row, 0, part, self._format(text_wrap=True, **looks))
                row += 1

    def write_table(self, table: Captioned) -> None:
        """The table with its headings frozen, its note, and its chart."""
        shown, words = table.sheet, self._words
        titles = len(shown.row_headings)
        sheet = self._begin(_name(table), landscape=titles + len(shown.columns) > 7)  # noqa: PLR2004
        sheet.write_string(0, 0, _cut(table.caption), self._format(bold=True, font_size=14))
        about = "  ".join(filter(None, (words.head.name, words.head.number, words.day)))
        sheet.write_string(1, 0, _cut(about), self._format(font_color="#606060"))
        heading = self._format(bold=True, align="center", bg_color="#EEEEEE", **_BOX)
        for place, text in enumerate((*shown.row_headings, *shown.headings)):
            sheet.write_string(_HEADER, place, _cut(text), heading)
            sheet.set_column(place, place, _width(table, place))
        row = _HEADER
        for row, line in enumerate(shown.rows, start=_HEADER + 1):
            looks = {"bold": True, "bg_color": "#EEEEEE", **_BOX} if line.is_total else {**_BOX}
            for place, title in enumerate(line.titles):
                sheet.write_string(row, place, _cut(title), self._format(**looks))
            for place, (cell, column) in enumerate(
                zip(line.cells, shown.columns, strict=True), start=titles
            ):
                self._write(sheet, (row, place), cell, column, looks)
        sheet.freeze_panes(_HEADER + 1, titles)
        sheet.repeat_rows(_HEADER)
        if shown.note:
            row += 1
            sheet.write_string(row, 0, _cut(f"{words.note_label}{words.colon}{shown.note}"))
        add_chart(self._file, sheet, table, first_row=_HEADER + 1, below=row + 2)

    def _write(
        self, sheet: Any, at: tuple[int, int], cell: Cell, column: Column, looks: dict[str, Any]
    ) -> None:
        """A number or a day where the cell is one and looks the same, otherwise its text."""
        value = value_of(cell, column)
        if isinstance(value, str):
            align = "left" if column.format == Format.TEXT else "right"
            style = self._format(align=align, **looks)
            if value:
                sheet.write_string(*at, _cut(value), style)
            else:
                sheet.write_blank(*at, None, style)
        elif isinstance(value, date):
            day = datetime.combine(value, time())
            looks = {"num_format": "yyyy-mm-dd", "align": "center", **looks}
            sheet.write_datetime(*at, day, self._format(**looks))
        else:
            places = max(-int(value.as_tuple().exponent), 0)
            shown = "0" + "." * bool(places) + "0" * places
            sheet.write_number(*at, float(value), self._format(num_format=shown, **looks))


def value_of(cell: Cell, column: Column) -> str | date | Decimal:
    """What the workbook keeps of a cell."""
    if cell.value is None or cell.text != str(cell.value) or column.format == Format.TEXT:
        return cell.text
    if column.format == Format.DAY:
        return _day(cell.text)
    return _number(cell.text)


def _day(text: str) -> str | date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.isoformat() == text and day.year > 1900 else text  # noqa: PLR2004 - Excel's


def _number(text: str) -> str | Decimal:
    if not text.lstrip("-").replace(".", "", 1).isdecimal():
        return text
    number = Decimal(text)
    return number if len(number.as_tuple().digits) <= _EXACT else text


def _cut(text: str) -> str:
    return printable(text)[:_LONGEST]


def _name(table: Captioned) -> str:
    """A name that Excel takes; the table's number makes it unique."""
    name = printable(f"{table.label} {table.sheet.title}").translate(_FORBIDDEN)
    while len(name.encode("utf-16-le")) > 2 * _LONGEST_NAME:
        name = name[:-1]
    return name.strip("' ")


def _width(table: Captioned, place: int) -> float:
    """The width of a column in characters."""
    sheet = table.sheet
    heading = (*sheet.row_headings, *sheet.headings)[place]
    titles = len(sheet.row_headings)
    texts: Iterable[str] = (
        row.titles[place] if place < titles else row.cells[place - titles].text
        for row in sheet.rows
    )
    words = heading.split() or [""]
    widest = max(max(map(width_of, texts), default=0.0), *map(width_of, words))
    return min(widest * 2 + 2, _WIDEST)


def _words(words: Worded) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each paragraph of the paper and how it looks, without those that are empty."""
    for text, looks in _paragraphs(words):
        if text:
            yield printable(text), looks


def _paragraphs(words: Worded) -> Iterator[tuple[str, dict[str, Any]]]:
    head, paper, foot = words.head, words.paper, words.paper.foot
    red = {"font_color": "#D7000F", "align": "center"}
    yield head.mark, {"font_color": "#D7000F", "bold": True}
    yield head.heading, {**red, "font_size": 16}
    yield head.name, {**red, "font_size": 28, "bold": True}
    yield head.number, {"align": "center"}
    yield f"{head.office}  {words.day}", {"align": "center"}
    yield paper.title, {"align": "center", "font_size": 16, "bold": True}
    yield paper.addressees, {}
    yield paper.opening, {}
    for part in words.parts:
        yield part.heading, {"bold": True, "font_size": 12}
        for paragraph in part.paragraphs:
            yield paragraph.heading, {"bold": True}
            yield paragraph.text, {}
        for table in part.tables:
            yield table.caption if table.sheet.sentences else "", {"bold": True}
            for sentence in table.sheet.sentences:
                yield sentence, {}
    for number, each in enumerate(words.listed):
        yield f"{words.appendix_label}{words.colon}{each}" if number == 0 else each, {}
    for label, names in (*foot.rows, *foot.signatures):
        yield f"{label}{words.colon}{names}", {}
    yield foot.printed, {}
    yield foot.copies, {}
    yield words.verification, {"font_color": "#606060", "font_size": 9}

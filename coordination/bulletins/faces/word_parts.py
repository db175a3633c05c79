"""Parts of a Word file that python-docx has no words for: fields, and tables as we want them.

They are written as elements of WordprocessingML in the order that its schema asks for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_WHITE_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_TWIPS: Final = 20  # of a point


def element(name: str, *inner: Any, **attributes: str) -> Any:
    """An element of WordprocessingML with its attributes and what is in it."""
    made: Any = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    made.extend(inner)
    return made


def twips(points: float) -> str:
    """A length as Word counts it."""
    return str(round(points * _TWIPS))


def field(code: str) -> list[Any]:
    """Runs that Word replaces by the field's value."""
    instruction = element("instrText")
    instruction.set(_WHITE_SPACE, "preserve")
    instruction.text = f" {code} "
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", instruction),
        element("r", element("fldChar", fldCharType="separate")),
        element("r", words("1")),
        element("r", element("fldChar", fldCharType="end")),
    ]


def words(text: str) -> Any:
    """A text as it stands in a run, white space included."""
    made = element("t")
    made.set(_WHITE_SPACE, "preserve")
    made.text = text
    return made


@dataclass(frozen=True)
class Written:
    """A paragraph and how it stands: ``beside`` are points at the right of it.

    ``spaced`` are points between its characters.
    """

    text: str
    style: str
    align: str = ""
    size: float = 0
    beside: float = 0
    spaced: float = 0
    bold: bool = False
    keeps_next: bool = False

    def paragraph(self) -> Any:
        """The paragraph."""
        properties = element("pPr", element("pStyle", val=self.style))
        if self.keeps_next:
            properties.append(element("keepNext"))
        if self.beside:
            properties.append(element("ind", right=twips(self.beside)))
        if self.align:
            properties.append(element("jc", val=self.align))
        return element("p", properties, *self._runs())

    def _runs(self) -> Iterable[Any]:
        for number, line in enumerate(self.text.split("\n")):
            properties = element("rPr")
            if self.bold:
                properties.append(element("b"))
            if self.spaced:
                properties.append(element("spacing", val=twips(self.spaced)))
            if self.size:
                properties.append(element("sz", val=str(round(self.size * 2))))
            inner = [element("br")] if number else []
            yield element("r", properties, *inner, words(line))


@dataclass(frozen=True)
class WordRow:
    """One row; a header is repeated on each page. ``spans`` are the columns of each cell."""

    cells: Sequence[Written]
    is_header: bool = False
    is_shaded: bool = False
    spans: Sequence[int] = ()
    borders: Sequence[tuple[str, str]] = ()  # side and width of each cell's own lines


def table_of(
    rows: Iterable[WordRow],
    widths: Sequence[float],
    *,
    borders: Sequence[tuple[str, str]] = (),
    placed: Any = None,
    margins: tuple[float, float] = (2, 3),
) -> Any:
    """A table with columns of these widths in points; ``placed`` is where it floats, if it does."""
    properties = element("tblPr")
    if placed is not None:
        properties.append(placed)
    properties.extend([
        element("tblW", w=twips(sum(widths)), type="dxa"),
        element("jc", val="center"),
        element("tblBorders", *(_line(*border) for border in borders)),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(
            element(side, w=twips(points), type="dxa")
            for side, points in zip(("top", "left", "bottom", "right"), margins * 2, strict=True)
        )),
        element("tblLook", val="0020", firstRow="1"),
    ])  # fmt: skip
    grid = element("tblGrid", *(element("gridCol", w=twips(width)) for width in widths))
    return element("tbl", properties, grid, *(_row(row, widths) for row in rows))


def _row(row: WordRow, widths: Sequence[float]) -> Any:
    properties = element("trPr", element("cantSplit"))
    if row.is_header:
        properties.append(element("tblHeader"))
    made = element("tr", properties)
    start = 0
    for written, span in zip(row.cells, row.spans or [1] * len(row.cells), strict=True):
        inner = [element("tcW", w=twips(sum(widths[start : start + span])), type="dxa")]
        if span > 1:
            inner.append(element("gridSpan", val=str(span)))
        if row.borders:
            inner.append(element("tcBorders", *(_line(*border) for border in row.borders)))
        if row.is_shaded:
            inner.append(element("shd", val="clear", color="auto", fill="EEEEEE"))
        inner.append(element("vAlign", val="center"))
        made.append(element("tc", element("tcPr", *inner), written.paragraph()))
        start += span
    return made


def _line(side: str, eighths: str) -> Any:
    return element(side, val="single", sz=eighths, space="0", color="auto")

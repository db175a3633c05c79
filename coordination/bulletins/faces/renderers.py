"""Every format with its renderer."""

from collections.abc import Callable, Mapping
from typing import Final

from coordination.bulletins.faces.page import page_of
from coordination.bulletins.faces.pdf import pdf_of
from coordination.bulletins.faces.word import word_of
from coordination.bulletins.faces.workbook import workbook_of
from coordination.bulletins.models import Format
from coordination.bulletins.paper import Paper

RENDERERS: Final[Mapping[str, Callable[[Paper], bytes]]] = {
    Format.PAGE: page_of, Format.PDF: pdf_of, Format.WORD: word_of, Format.WORKBOOK: workbook_of,
}  # fmt: skip

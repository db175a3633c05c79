"""The media types of an issue's files."""

from typing import Final

from coordination.bulletins.models import Format

MEDIA_TYPES: Final = {
    Format.PAGE: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

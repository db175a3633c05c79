"""What may be attached, and how much of it."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MEGABYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 10 * MEGABYTE  # bytes: a scanned letter of thirty pages, a full photograph
MOST_FILES: Final = 20  # for one ticket: enough for a convoy's papers
MOST_OF_ALL: Final = 50 * MEGABYTE  # bytes for one ticket: they are in the database and its backups
PART: Final = 512 * 1024  # bytes of a file in one row, and in memory at a time


class FileType(TextChoices):
    """The types that may be attached, by the extension under which each is served."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"
    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"
    TEXT = "txt", _("Text")
    TABLE = "csv", "CSV"


EXTENSIONS: Final[dict[str, FileType]] = {
    **{each.value: each for each in FileType}, "jpeg": FileType.JPEG,
}  # fmt: skip
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Final[dict[str, str]] = {
    FileType.PDF: "application/pdf",
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WORD: f"{_OFFICE}.wordprocessingml.document",
    FileType.EXCEL: f"{_OFFICE}.spreadsheetml.sheet",
    FileType.TEXT: "text/plain",
    FileType.TABLE: "text/csv",
}

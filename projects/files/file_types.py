"""What may be attached: the types, their endings and their media types."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    **{each.value: each for each in FileType}, "jpeg": FileType.JPEG, "jfif": FileType.JPEG,
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

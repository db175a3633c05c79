"""Why a file is refused: one message for each reason, by its code."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.record.refusals import FieldError, Invalid

REFUSAL_MESSAGES: Final[dict[str, Promise]] = {
    "required": _("Choose a file."),
    "empty": _("The file is empty."),
    "too-large": _("A file may have at most 10 MB."),
    "file-type": _("Only PDF, JPEG, PNG, DOCX, XLSX, TXT and CSV can be attached."),
    "mismatch": _("The content is not of the type that the file's name says."),
    "damaged": _("The file is damaged or not complete."),
    "encrypted": _("The file is encrypted, so it cannot be checked."),
    "active": _("The file holds macros, controls or programs."),
    "embedded": _("The file holds an embedded object that cannot be checked."),
    "remote": _("Opening the file would fetch a template or a picture from elsewhere."),
    "script": _("The file runs a script, or does something else by itself, when it is opened."),
    "old-format": _("This document is of an old format. Save it as DOCX, XLSX or PDF."),
    "picture": _("This picture is of a type that cannot be attached. Save it as JPEG or PNG."),
    "too-slow": _("Checking the file takes too long. Print it to a new PDF, and attach that."),
    "too-complex": _(
        "Checking the file takes too much memory. Print it to a new PDF, or scan it again with a "
        "lower resolution, and attach that."
    ),
    "two-files": _("Send one file at a time. None of these was taken."),
    "nested": _("The file holds archives within it."),
    "names": _("The file holds a name that leads out of it."),
    "inflated": _("The file unpacks to more than may be."),
    "pixels": _("The picture has more than 64 million pixels."),
    "two-in-one": _("The file is of two types at once."),
    "encoding": _("The text is neither in UTF-8 nor in GB 18030."),
    "virus": _("The file holds a virus signature."),
    "too-many": _("The ticket has twenty attachments already."),
    "too-much": _("The attachments of the ticket would have more than 50 MB together."),
}


def refused_file(code: str) -> Invalid:
    """The error to raise, for the field of the file."""
    return Invalid([FieldError(("file",), REFUSAL_MESSAGES[code], code)])

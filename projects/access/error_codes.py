"""The codes of errors, a closed list: one spelling for each thing that can be wrong.

Rooms declare their own in ``room.py``. The libraries' codes, and those of verbs that mean the same,
are given the name of this list when an error is shown.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import rooms
from projects.record.refusals import FieldError, Text

GENERAL: Final[Mapping[str, Promise]] = {
    "required": _("Something that is needed is missing, empty or null."),
    "unknown": _("There is no such field or parameter."),
    "type": _("Not of the type or in the form that the document says, such as a date."),
    "choice": _("None of the values that are allowed."),
    "not-found": _("It names something that does not exist, or is not the caller's."),
    "too-long": _("The text is too long."),
    "too-short": _("The text is too short."),
    "too-many-digits": _("The number has more digits than are kept."),
    "out-of-range": _("The number or time is too small or too large."),
    "date-order": _("The time is in the wrong order to another, or has passed, or is to come."),
    "count": _("The list has more items, or fewer, than may be sent."),
    "too-many": _("There are as many already as there may be."),
    "repeated": _("It is sent twice."),
    "scope": _("The caller's key may not do this itself, or another scope excludes it."),
    "cursor": _("Not a cursor of this list."),
    "key-ended": _("The key was revoked or has expired."),
    "key-replaced": _("The key was replaced before."),
}
# Texts of libraries that quote a value as Python writes it.
_TEXTS: Final[Mapping[str, Promise]] = {
    "invalid_choice": _("This is none of the values that are allowed."),
    "not_a_list": _("Expected a list."),
}
_NAMES: Final[Mapping[str, str]] = {
    name: code
    for code, names in {
        "required": "blank null",
        "type": "invalid not_a_list not_a_dict date datetime make_aware overflow invalid_list "
        "null_characters_not_allowed surrogate_characters_not_allowed",
        "choice": "invalid_choice",
        "too-long": "max_length max_string_length",
        "too-many-digits": "max_digits max_decimal_places max_whole_digits",
        "out-of-range": "min_value max_value range quantity tonnage",
        "count": "lines tickets",
    }.items()
    for name in names.split()
}


def error_codes() -> dict[str, Promise]:
    """Every code with its meaning."""
    codes = dict(GENERAL)
    for room in rooms():
        codes |= room.error_codes
    return codes


def code_of(error: FieldError) -> str:
    """The error's code as it is shown."""
    return _NAMES.get(error.code, error.code)


def text_of(error: FieldError) -> Text:
    """The error's text as it is shown."""
    return _TEXTS.get(error.code, error.message)

"""Codes and numbers of people and enterprises: how they are read, and which are well formed."""

import re
from typing import Final

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as _uscc
from stdnum.exceptions import ValidationError as _StdnumError

from projects.record.text import compact, one_line, plain
from projects.record.text_fields import LineField, SealedLineField, Spelled

LONGEST_PHONE: Final = 24
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
# The area code with its trunk 0, the number, and an extension; or a number of a service.
_LANDLINE: Final = re.compile(r"(0(?:10|2\d|[3-9]\d\d))([1-9]\d{6,7})")
_SERVICE: Final = re.compile(r"[48]00\d{7}")
_EXTENSION: Final = re.compile(
    r"\s*(?:[-,;#*]|转|轉|分机|分機|ext\.?|x)\s*[:.]?\s*(\d{1,6})$", re.IGNORECASE
)
_SEPARATORS: Final = re.compile(r"[\s()./·-]+")
_ABROAD: Final = re.compile(r"(?:\+|00)86")

# Year, area, industry, type and serial number of a project's national code.
_PARTS: Final = (4, 6, 2, 2, 6)
validate_national_code: Final = RegexValidator(
    r"^20[0-9]{2}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}\Z",
    _("Enter the national code with its five parts: 2020-410305-48-03-012345."), "national-code",
)  # fmt: skip

validate_mobile: Final = RegexValidator(
    r"^1[3-9][0-9]{9}\Z", _("Enter a mobile number of 11 digits, beginning with 13 to 19."),
    "mobile",
)  # fmt: skip
validate_phone: Final = RegexValidator(
    r"^(?:1[3-9][0-9]{9}|(?:0(?:10|2[0-9]|[3-9][0-9]{2})-[1-9][0-9]{6,7}|[48]00[0-9]{7})(?:-[0-9]{1,6})?)\Z",
    _("Enter a mobile number of 11 digits, or a landline with its area code: 0379-65233520."),
    "phone",
)


def normalise_phone(text: str) -> str:
    """``13800138000``, or ``0379-65233520-8001``: area code, number, extension.

    Without the country's code, spaces and other separators. What is no number of this country
    stays as it was typed, in one line.
    """
    if text.isascii() and _MOBILE.fullmatch(text):
        return text
    typed = one_line(plain(text))
    found = _national(typed)
    if found is None and (extension := _EXTENSION.search(typed)):
        line = _national(typed[: extension.start()])
        if line is not None and not _MOBILE.fullmatch(line):
            found = f"{line}-{extension[1]}"
    return found or typed


def _national(typed: str) -> str | None:
    """The number without an extension in its stored form; None where it is none."""
    digits = _SEPARATORS.sub("", typed)
    abroad = _ABROAD.match(digits)
    rest = digits[abroad.end() :] if abroad else digits.removeprefix("86")
    for number in (rest, digits, rest.removeprefix("0")):
        if _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number):
            return number
    line = _LANDLINE.fullmatch(f"0{rest.removeprefix('0')}" if abroad else digits)
    return f"{line[1]}-{line[2]}" if line else None


class PhoneField(Spelled, LineField):
    """A mobile, or a landline with its area code."""

    def read(self, text: str) -> str:
        return normalise_phone(text)


class SealedPhoneField(Spelled, SealedLineField):  # type: ignore[misc]  # of the sealed column
    """The same, encrypted; ``validators`` say whether a landline will do."""

    def read(self, text: str) -> str:
        return normalise_phone(text)


class CodeField(Spelled, LineField):
    """A code such as a project's: in capitals, with plain hyphens and no spaces."""

    def read(self, text: str) -> str:
        return compact(text)


class UsccField(Spelled, LineField):
    """A unified social credit code (GB 32100)."""

    def read(self, text: str) -> str:
        return normalise_uscc(text)


class NationalCodeField(Spelled, LineField):
    """A project's national code (投资项目代码)."""

    def read(self, text: str) -> str:
        return normalise_national_code(text)


def normalise_national_code(text: str) -> str:
    """``2020-410305-48-03-012345``: its five parts with hyphens, however they are separated."""
    typed = compact(text)
    digits = _SEPARATORS.sub("", typed)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == sum(_PARTS)):
        return typed
    parts, start = [], 0
    for length in _PARTS:
        parts.append(digits[start : start + length])
        start += length
    return "-".join(parts)


def normalise_uscc(text: str) -> str:
    """In capitals, without spaces and hyphens."""
    return compact(text).replace("-", "")


def uscc_has_form(text: str) -> bool:
    """Whether it has eighteen characters of the code's alphabet (GB 32100)."""
    return len(text) == 18 and set(text) <= set("0123456789ABCDEFGHJKLMNPQRTUWXY")  # noqa: PLR2004 - the standard's length


def uscc_checks(text: str) -> bool:
    """Whether the check digit is right. Some genuine early codes fail it."""
    try:
        _uscc.validate(text)
    except _StdnumError:
        return False
    return True

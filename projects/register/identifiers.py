"""Codes with check digits, validated without a look-up."""

from typing import Final

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as _uscc
from stdnum.exceptions import ValidationError as _StdnumError

validate_mobile: Final = RegexValidator(
    r"^1[3-9]\d{9}\Z", _("Enter a mobile number of 11 digits, beginning with 13 to 19."), "mobile"
)

validate_county_code: Final = RegexValidator(
    # the provinces by GB/T 2260; counties change too often to be checked
    r"^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{2}(?!00)\d{2}\Z",
    _("Enter the six-digit code of a county-level unit (GB/T 2260), such as 410305."),
    "county-code",
)


def normalise_uscc(text: str) -> str:
    """Remove spaces and hyphens, and use capitals."""
    return text.replace(" ", "").replace("-", "").upper()


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

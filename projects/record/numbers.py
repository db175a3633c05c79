"""How numbers are read, wherever they are typed, and the fields that count and measure."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.text import plain

NO_COUNT: Final = _("Enter a whole number in digits, such as 30.")
NO_AMOUNT: Final = _("Enter a number in digits, such as 12.5.")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def digits_of(value: Any) -> Any:
    """``1，２００`` as 1200: half width, without commas between thousands; all else unchanged."""
    if not isinstance(value, str):
        return value
    text = plain(value).strip()
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


class _Box(forms.TextInput):
    """A box for a number: that of browsers takes no commas."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class _ReadsDigits:
    """A mixin of fields, of forms and of models; Python's own marks between digits are none."""

    error_messages: dict[str, Any]

    def to_python(self, value: Any) -> Any:
        """Return the number. Raises ValidationError."""
        digits = digits_of(value)
        if isinstance(digits, str) and "_" in digits:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value})
        return super().to_python(digits)  # type: ignore[misc]  # of the field that it is mixed into


class CountFormField(_ReadsDigits, forms.IntegerField):
    """A whole number, however it is typed."""

    widget = _Box
    default_error_messages: ClassVar = {"invalid": NO_COUNT}


class AmountFormField(_ReadsDigits, forms.DecimalField):
    """A number with decimals, however it is typed."""

    widget = _Box
    default_error_messages: ClassVar = {"invalid": NO_AMOUNT}


class _Bounded(_ReadsDigits):
    """A mixin of fields with a greatest and a least number; migrations need not know of either."""

    stored_as: ClassVar = ""

    def __init__(self, *args: Any, least: int = 0, most: int | None = None, **options: Any) -> None:
        self._least, self._most = least, most
        if most is not None:
            bounds = [MinValueValidator(least), MaxValueValidator(most)]
            options["validators"] = [*options.get("validators", ()), *bounds]
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what the plain field's gives."""
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]  # of the field that it is mixed into
        options.pop("validators", None)
        return name, self.stored_as, list(args), options


class CountField(_Bounded, models.PositiveIntegerField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """A whole number of things or people."""

    stored_as = "django.db.models.PositiveIntegerField"
    default_error_messages: ClassVar = {"invalid": NO_COUNT}

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": CountFormField} | options))


class AmountField(_Bounded, models.DecimalField):  # type: ignore[type-arg]  # as above
    """A quantity with three decimals, as all that are added up with it have."""

    stored_as = "django.db.models.DecimalField"
    default_error_messages: ClassVar = {"invalid": NO_AMOUNT}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 14, "decimal_places": 3} | options)

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": AmountFormField} | options))

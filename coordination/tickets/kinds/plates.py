"""The forms of number plates, by GA 36 as it is used, and the plates of army and armed police."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.text import compact
from projects.record.text_fields import LineField, Spelled

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER: Final = "[A-HJ-NP-Z]"
_SIGN: Final = "[A-HJ-NP-Z0-9]"
_PLACE: Final = f"[{_PROVINCES}]{_LETTER}"
_TRAILER: Final = re.compile(rf"{_PLACE}{_SIGN}{{4}}挂")
_NOT_WRITTEN: Final = re.compile(r"[^\w]|_")  # the dot, spaces and hyphens that people write


@dataclass(frozen=True)
class PlateForm:
    """One form of plates; ``{new}`` stands for the letters of new-energy vehicles, a setting."""

    name: Promise
    pattern: str
    example: str


FORMS: Final = (
    PlateForm(
        pgettext_lazy("number plate", "ordinary"), rf"{_PLACE}(?=.*\d){_SIGN}{{5}}", "豫C12345"
    ),
    PlateForm(
        pgettext_lazy("number plate", "new energy, small"),
        rf"{_PLACE}[{{new}}]{_SIGN}\d{{4}}",
        "豫CD12345",
    ),
    PlateForm(
        pgettext_lazy("number plate", "new energy, large"),
        rf"{_PLACE}\d{{5}}[{{new}}]",
        "豫C12345F",
    ),
    PlateForm(pgettext_lazy("number plate", "trailer"), _TRAILER.pattern, "豫C1234挂"),
    PlateForm(pgettext_lazy("number plate", "training"), rf"{_PLACE}{_SIGN}{{4}}学", "豫C1234学"),
    PlateForm(pgettext_lazy("number plate", "oversize"), rf"{_PLACE}{_SIGN}{{4}}超", "豫C1234超"),
    PlateForm(
        pgettext_lazy("number plate", "police"),
        rf"[{_PROVINCES}][A-HJ-Z]{_SIGN}{{4}}警",
        "豫C1234警",
    ),
    PlateForm(
        pgettext_lazy("number plate", "fire and rescue"),
        rf"(?:{_PLACE}\d{{4}}|京\d{{5}})应急",
        "豫X1234应急",
    ),
    PlateForm(pgettext_lazy("number plate", "Hong Kong"), rf"粤Z{_SIGN}{{4}}港", "粤Z1234港"),
    PlateForm(pgettext_lazy("number plate", "Macao"), rf"粤Z{_SIGN}{{4}}澳", "粤Z1234澳"),
    PlateForm(pgettext_lazy("number plate", "embassy"), r"\d{6}使|使\d{6}", "224578使"),
    PlateForm(
        pgettext_lazy("number plate", "consulate"),
        rf"[{_PROVINCES}](?:{_LETTER}{_SIGN}{{4}}|\d{{5}})领",
        "沪A1234领",
    ),
    PlateForm(pgettext_lazy("number plate", "army"), r"[ABCGHJKLNSVZ][A-HJ-NP-Z]\d{5}", "VA12345"),
    PlateForm(
        pgettext_lazy("number plate", "armed police"),
        rf"WJ[{_PROVINCES}]?\d{{4}}[A-HJ-NP-Z0-9]",
        "WJ豫1234X",
    ),
)
_USUAL: Final = FORMS[:3]


@cache
def _plate(new_energy: str) -> re.Pattern[str]:
    return re.compile("|".join(form.pattern.replace("{new}", new_energy) for form in FORMS))


def normalise_plate(text: str) -> str:
    """In capitals and half width, without the dot, spaces and hyphens that people write."""
    if text[1:].isascii() and text.isalnum():
        return text.upper()
    return _NOT_WRITTEN.sub("", compact(text))


def plate_has_form(text: str) -> bool:
    """Whether the text has the form of a plate, such as ``豫C12345``."""
    return _plate(settings.NEW_ENERGY_LETTERS).fullmatch(text) is not None


def is_trailer(text: str) -> bool:
    """Whether it is a trailer's plate, such as ``豫C1234挂``."""
    return _TRAILER.fullmatch(text) is not None


def validate_plate(text: str) -> None:
    """Raise ValidationError unless the text has the form of a plate."""
    if not plate_has_form(text):
        message = _("This is not a plate number. Enter one such as: %(forms)s.")
        said = "、".join(f"{form.name} {form.example}" for form in _forms_meant(text))
        raise ValidationError(message, "plate", {"forms": said})


def _forms_meant(text: str) -> tuple[PlateForm, ...]:
    """The forms that end or begin as the text does (挂, 警, WJ), or else the usual ones."""
    first, last = text[:1], text[-1:]
    return tuple(
        form for form in FORMS
        if (form.example[-1] == last and not last.isascii())
        or (form.example[0] == first and first.isascii() and first.isalpha())
    ) or _USUAL  # fmt: skip


def validate_trailer(text: str) -> None:
    """Raise ValidationError unless the text has the form of a trailer's plate."""
    if not is_trailer(text):
        message = _("This is not a trailer's plate number, such as 豫C1234挂.")
        raise ValidationError(message, "plate")


class PlateField(Spelled, LineField):
    """A number plate; ``validators`` say whose."""

    def read(self, text: str) -> str:
        return normalise_plate(text)

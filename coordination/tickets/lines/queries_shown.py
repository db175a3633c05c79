"""How the lines of a ticket are shown to people: on its page, on paper, and to a department."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.tickets.kinds.base import Kind, Line, MeasuredLine, Outcome
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.totals import Amount, amount_of
from projects.record.masks import mask_name, mask_numbers, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.identifiers import SealedPhoneField
from projects.register.places import PlaceField

type Column = "models.Field[Any, Any]"

OUTCOME_COLOURS: Final[dict[str, str]] = {
    Outcome.MET: "success", Outcome.PART_MET: "warning", Outcome.REFUSED: "danger",
}  # fmt: skip
_NOTHING: Final = "—"
_SEVERAL: Final = 2
_SHUT: Final = object()


@dataclass(frozen=True)
class Row:
    """One line of the table; ``details`` are its non-empty fields, by label."""

    line: Line
    about: str
    met_label: str | Promise
    amount: Amount
    details: list[tuple[str, str]]
    colour: str

    @property
    def quantities(self) -> list[tuple[str, str]]:
        """Asked, met and still to be met, each with its label."""
        labels = (_("Asked"), str(self.met_label), _("To go"))
        return list(zip(labels, self.amount.shown, strict=True))


def rows(kind: str, found: Sequence[Line], *, clear: bool) -> list[Row]:
    """The lines for the desk; persons in them are masked unless ``clear``."""
    of = KINDS[kind]
    hidden = frozenset() if clear else of.personal
    return list(_rows(of, found, of.fields, hidden, str))


def rows_outside(kind: str, found: Sequence[Line]) -> list[Row]:
    """The lines for a reader outside the centre who is not the enterprise.

    Without the fields that name a person and those that the kind keeps inside; numbers of people
    are masked in what is left.
    """
    of = KINDS[kind]
    told = [name for name in of.fields if name not in of.personal | of.kept_inside]
    return list(_rows(of, found, told, frozenset(), mask_numbers))


def summary_of(found: Sequence[Line]) -> str:
    """How many lines there are of each outcome, where there are several."""
    if len(found) < _SEVERAL:
        return ""
    counts = Counter(line.outcome for line in found)
    told = [
        _("%(outcome)s %(number)d") % {"outcome": each.label, "number": counts[each]}
        for each in Outcome if counts[each]
    ]  # fmt: skip
    number = ngettext("%(number)d line", "%(number)d lines", len(found)) % {"number": len(found)}
    return _("%(number)s: %(outcomes)s") % {"number": number, "outcomes": _(", ").join(told)}


def _rows(
    kind: Kind[Any],
    found: Sequence[Line],
    names: Iterable[str],
    hidden: frozenset[str],
    mask: Callable[[str], str],
) -> Iterator[Row]:
    columns: list[Column] = [kind.model._meta.get_field(name) for name in names]
    for line in found:
        about, amount = mask(kind.about(line)), amount_of(line)
        details = [
            (label, mask(text)) for label, text in _details(line, about, columns, hidden)
        ]  # fmt: skip
        colour = OUTCOME_COLOURS.get(line.outcome, "")
        yield Row(line, about, kind.met_label, amount, details, colour)


def _details(
    line: Line, about: str, columns: Sequence[Column], hidden: frozenset[str]
) -> Iterator[tuple[str, str]]:
    told = {_NOTHING, about, amount_of(line).label}  # in the row above
    for field in columns:
        text = _cell(line, field, hidden)
        if text not in told:
            yield capfirst(str(field.verbose_name)), text


def _unit_as_filed(line: MeasuredLine) -> str:
    """The unit, and what was written for it if that was something else."""
    if line.unit_filed in {"", line.unit}:
        return line.unit
    return _("%(unit)s (filed as %(filed)s)") % {"unit": line.unit, "filed": line.unit_filed}


def _cell(line: Line, field: Column, hidden: frozenset[str]) -> str:
    value = opened_or(line, field.name, _SHUT)
    if value is _SHUT:
        return str(UNREADABLE)
    if isinstance(line, MeasuredLine) and field.name == "unit":
        return _unit_as_filed(line)
    if field.name in hidden:
        return mask_person(field, value)
    if isinstance(field, PlaceField) and value:
        return line.place(field.name)
    return say_value(field, value)


def mask_person(field: Column, value: str) -> str:
    """The masked name or mobile of a person."""
    return (mask_phone if isinstance(field, SealedPhoneField) else mask_name)(value)


def say_value(field: Column, value: Any) -> str:
    """A field's value as pages show it."""
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if value is None or value == "":
        return _NOTHING
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, _NOTHING))
    if isinstance(field, models.DecimalField):
        return format(value.normalize(), "f")
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return str(formats.localize(moment))

"""The lines of a ticket on its page: quantities asked and met, with the fields below."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.utils import display_for_field
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.tickets import personal
from coordination.tickets.kinds.base import Line, MeasuredLine, Outcome
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.totals import Amount, amount_of, totals_of_lines
from coordination.tickets.models import Ticket
from coordination.tickets.reader import TicketReader
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.identifiers import SealedPhoneField
from projects.register.places import PlaceField

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


def lines(ticket: Ticket, reader: TicketReader) -> dict[str, Any]:
    """The panel: a row for each line, and the totals where there are several."""
    found, clear = reader.lines, personal.LINES in reader.clear
    return {
        "met_label": KINDS[ticket.kind].met_label,
        "about_label": capfirst(str(KINDS[ticket.kind].model._meta.verbose_name)),
        "summary": _summary(found),
        "totals": totals_of_lines(found) if len(found) > 1 else None,
        "rows": rows(ticket, found, clear=clear),
        "warnings": _warning_texts(ticket, found),
    }


def _summary(found: Sequence[Line]) -> str:
    """How many lines there are, and how many of each outcome, where there are several."""
    if len(found) < _SEVERAL:
        return ""
    counts = Counter(line.outcome for line in found)
    told = [
        _("%(outcome)s %(number)d") % {"outcome": each.label, "number": counts[each]}
        for each in Outcome
        if counts[each]
    ]
    number = ngettext("%(number)d line", "%(number)d lines", len(found)) % {"number": len(found)}
    return _("%(number)s: %(outcomes)s") % {"number": number, "outcomes": _(", ").join(told)}


def warnings_of(ticket: Ticket) -> list[str]:
    """The warnings about the ticket's lines, by the number of the line."""
    return _warning_texts(ticket, KINDS[ticket.kind].read_lines(ticket.pk))


def _warning_texts(ticket: Ticket, found: Sequence[Line]) -> list[str]:
    return [
        _("Line %(line)s: %(warning)s") % {"line": int(each.path[1]) + 1, "warning": each.message}
        for each in KINDS[ticket.kind].warn(found, ticket.filed_at)
    ]


def rows(ticket: Ticket, found: Sequence[Line], *, clear: bool) -> list[Row]:
    """The lines; persons in them are masked unless ``clear``."""
    fields = [_column(ticket.kind, name) for name in KINDS[ticket.kind].fields]
    hidden = frozenset() if clear else KINDS[ticket.kind].personal
    kind = KINDS[ticket.kind]
    return [
        Row(
            line, kind.about(line), kind.met_label, amount_of(line),
            list(_details(line, kind.about(line), fields, hidden)),
            OUTCOME_COLOURS.get(line.outcome, ""),
        )
        for line in found
    ]  # fmt: skip


def _details(
    line: Line, about: str, fields: Sequence["models.Field[Any, Any]"], hidden: frozenset[str]
) -> Iterator[tuple[str, str]]:
    told = {_NOTHING, about, amount_of(line).label}  # in the row above
    for field in fields:
        text = _cell(line, field, hidden)
        if text not in told:
            yield capfirst(str(field.verbose_name)), text


def _column(kind: str, name: str) -> "models.Field[Any, Any]":
    field: models.Field[Any, Any] = KINDS[kind].model._meta.get_field(name)
    return field


def _unit_as_filed(line: MeasuredLine) -> str:
    """The unit, and what was written for it if that was something else."""
    if line.unit_filed in {"", line.unit}:
        return line.unit
    return _("%(unit)s (filed as %(filed)s)") % {"unit": line.unit, "filed": line.unit_filed}


def _cell(line: Line, field: "models.Field[Any, Any]", hidden: frozenset[str]) -> str:
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


def mask_person(field: "models.Field[Any, Any]", value: str) -> str:
    """The masked name or mobile of a person."""
    return (mask_phone if isinstance(field, SealedPhoneField) else mask_name)(value)


def say_value(field: "models.Field[Any, Any]", value: Any) -> str:
    """A field's value as pages show it."""
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DecimalField) and value is not None:
        return format(value.normalize(), "f")
    return str(display_for_field(value, field, _NOTHING) or _NOTHING)

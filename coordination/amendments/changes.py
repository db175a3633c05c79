"""What an amendment changes of a ticket and its lines, checked by the rules of filing."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.amendments.queries import Change, Value, field_of
from coordination.tickets.filing.drafts import ticket_errors
from coordination.tickets.kinds.base import Kind, Line, MeasuredLine
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Fulfilment, LineRefusal, Ticket
from projects.record.refusals import FieldError, Invalid
from projects.record.sealed_fields import opened_or

OWN_FIELDS: Final = ("title", "detail", "contact_name", "contact_mobile", "needed_by")
_UNKNOWN: Final = gettext_lazy("There is no such field.")


@dataclass
class Amended:
    """A ticket and those of its lines that change, with their new values, not saved yet."""

    ticket: Ticket
    lines: list[Line] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # By position, what a line asked for, where that changes.
    asked_before: dict[int, tuple[Decimal, str]] = field(default_factory=dict)


def amended(
    ticket: Ticket, own: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], at: datetime
) -> Amended:
    """The ticket and its lines with these values; each of ``lines`` has its ``position``.

    Only what is given is checked. Raises Invalid with every mistake, as filing does.
    """
    found = Amended(copy(ticket))
    errors = _amend_ticket(found, own, at)
    errors += _amend_lines(found, lines, at)
    if errors:
        raise Invalid(errors)
    return found


def _amend_ticket(found: Amended, own: Mapping[str, Any], at: datetime) -> list[FieldError]:
    given = [name for name in OWN_FIELDS if name in own]
    before = {name: _as_json(opened_or(found.ticket, name, None)) for name in given}
    for name in given:
        setattr(found.ticket, name, own[name])
    errors = ticket_errors(found.ticket, at, given)
    errors += [FieldError((name,), _UNKNOWN, "unknown") for name in own if name not in OWN_FIELDS]
    if not errors:
        found.changes += _differing(None, before, found.ticket)
    return errors


def _amend_lines(
    found: Amended, lines: Sequence[Mapping[str, Any]], at: datetime
) -> list[FieldError]:
    kind, errors, seen = KINDS[found.ticket.kind], list[FieldError](), set[int]()
    rows = {line.position: line for line in kind.read_lines(found.ticket.pk)} if lines else {}
    for index, values in enumerate(lines):
        position = values.get("position")
        line = rows.get(position) if isinstance(position, int) else None
        if line is None or line.position in seen:
            message = _("There is no such line.") if line is None else _("It is given twice.")
            errors.append(FieldError(("lines", index, "position"), message, "choice"))
            continue
        seen.add(line.position)
        given = {name: value for name, value in values.items() if name != "position"}
        errors += [each.below("lines", index) for each in _amend_line(found, kind, line, given, at)]
    return errors


def _amend_line(
    found: Amended, kind: Kind[Any], line: Any, given: Mapping[str, Any], at: datetime
) -> list[FieldError]:
    names = kind.filed & given.keys()
    before = {name: _as_json(opened_or(line, name, None)) for name in kind.fields if name in names}
    asked, filed = (line.asked, line.unit), getattr(line, "unit_filed", "")
    for name in names:
        setattr(line, name, _or_default(kind, name, given[name]))
    errors = kind.check(line, at, names)
    errors += [FieldError((name,), _UNKNOWN, "unknown") for name in given if name not in kind.filed]
    if errors:
        return errors
    if isinstance(line, MeasuredLine) and "unit" not in names:
        line.unit = filed  # so that it is measured by what was filed
    kind.measure(line)
    changes = list(_differing(line.position, before, line))
    if isinstance(line, MeasuredLine) and line.unit == asked[1]:
        line.unit_filed = filed
    if changes:
        found.changes += changes
        found.lines.append(line)
    if (line.asked, line.unit) != asked:
        found.asked_before[line.position] = asked
    return list(_settled_errors(found.ticket, kind, line, asked))


def _or_default(kind: Kind[Any], name: str, value: Any) -> Any:
    """The value, or the field's default where null is given for it, as in filing."""
    column = kind.model._meta.get_field(name)
    return column.get_default() if value is None and column.has_default() else value


def _differing(
    position: int | None, before: Mapping[str, Any], row: models.Model
) -> Iterable[Change]:
    for name, value in before.items():
        after = _as_json(getattr(row, name))
        if after != value:
            yield Change(position, name, value, after)


def _settled_errors(
    ticket: Ticket, kind: Kind[Any], line: Line, asked: tuple[Decimal, str]
) -> Iterable[FieldError]:
    """What was met or refused of a line cannot become more than it asks, nor change its unit."""
    settled = line.met + line.refused
    if line.asked < settled:
        message = _("%(settled)s of this line are met or refused already.") % {
            "settled": format(settled.normalize(), "f")
        }
        yield FieldError((kind.quantity_field,), message, "out-of-range")
    if line.unit != asked[1] and _has_facts(ticket, line):
        message = _("Something of this line was met or refused already: its unit stays.")
        yield FieldError(("unit",), message, "settled")


def _has_facts(ticket: Ticket, line: Line) -> bool:
    return any(
        facts.objects.filter(ticket=ticket, line=line.position).exists()
        for facts in (Fulfilment, LineRefusal)
    )


def _as_json(value: Any) -> Value:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int) else str(value)


def inputs_of(kind: str, changes: Iterable[Change]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The values after these changes, as ``amended`` takes them."""
    own: dict[str, Any] = {}
    lines: dict[int, dict[str, Any]] = {}
    for each in changes:
        value = field_of(kind, each).to_python(each.after)
        if each.line is None:
            own[each.field] = value
        else:
            lines.setdefault(each.line, {"position": each.line})[each.field] = value
    return own, list(lines.values())

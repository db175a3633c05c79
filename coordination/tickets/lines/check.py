"""Checking the lines of a filing, and preparing them to be saved."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.base import Kind, Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.refusals import FieldError

MOST_LINES: Final = 200


def check_lines(
    kind: Kind[Any], lines: list[dict[str, Any]], at: datetime, *, room: int = MOST_LINES
) -> tuple[list[Line], list[FieldError]]:
    """The unsaved lines, and every mistake in them; at most ``room`` lines are allowed."""
    errors = []
    if not lines or len(lines) > room:
        errors.append(FieldError(("lines",), _("Give 1 to 200 lines."), "lines"))
    drawn = []
    for index, values in enumerate(lines[:room]):
        line, found = _check(kind, values, at)
        drawn.append(line)
        errors += [error.below("lines", index) for error in found]
    return drawn, errors


def _check(kind: Kind[Any], values: dict[str, Any], at: datetime) -> tuple[Line, list[FieldError]]:
    known, unknown = _known(kind, values)
    line = kind.model(**known)
    return line, [*unknown, *kind.check(line, at)]


def _known(kind: Kind[Any], values: dict[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """The values for fields of the kind, and an error for each unknown name."""
    if None not in values.values() and kind.filed >= values.keys():
        return values, []
    unknown = [
        FieldError((name,), _("There is no such field."), "unknown")
        for name in values
        if name not in kind.fields
    ]
    known = {
        name: value
        for name, value in values.items()
        if name in kind.fields and not (value is None and _fills_itself(kind, name))
    }
    return known, unknown


def _fills_itself(kind: Kind[Any], name: str) -> bool:
    """Whether null stands for the field's default."""
    try:
        return bool(kind.model._meta.get_field(name).has_default())
    except FieldDoesNotExist:
        return False


def place_lines(ticket: Ticket, lines: list[Line], at: datetime, *, after: int = 0) -> None:
    """Set ticket, position (after the first ``after``), quantity and unit of checked lines."""
    kind = KINDS[ticket.kind]
    for position, line in enumerate(lines, start=after + 1):
        line.ticket = ticket
        line.position = position
        kind.measure(line)
        line.added_at = at


def by_table(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines grouped by their tables, as ``write`` takes them."""
    of_model = defaultdict[type[Line], list[Line]](list)
    for line in lines:
        of_model[type(line)].append(line)
    return list(of_model.values())


def asked_of(lines: list[Line], warned: list[FieldError]) -> dict[str, Any]:
    """The part of an event's payload about new lines: quantities asked, and codes of warnings."""
    said: dict[str, Any] = {"asked": [format(line.asked.normalize(), "f") for line in lines]}
    if warned:
        said["warned"] = [[each.path[1], each.path[2], each.code] for each in warned]
    return said

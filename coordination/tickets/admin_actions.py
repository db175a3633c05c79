"""What the ticket's page shows: the lines, the timeline, and a button for each verb allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.utils import display_for_field
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coordination.groups.models import Officer
from coordination.tickets.admin_forms import VerbForm
from coordination.tickets.flow import FLOW, Capacity, Status, Verb
from coordination.tickets.kinds.base import Line, Outcome
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent, Urgency
from coordination.tickets.queries import allowed_verbs, timeline
from coordination.tickets.standing import standing
from projects.register.identifiers import validate_mobile

# The colours of a label; the words beside them say the same.
STATUS_COLOURS: Final[dict[str, str]] = {
    Status.SUBMITTED: "info", Status.IN_PROGRESS: "primary", Status.NEED_INFO: "warning",
    Status.RESOLVED: "success", Status.CLOSED: "default", Status.DECLINED: "danger",
    Status.WITHDRAWN: "default",
}  # fmt: skip
URGENCY_COLOURS: Final[dict[str, str]] = {
    Urgency.NORMAL: "default", Urgency.URGENT: "warning", Urgency.CRITICAL: "danger",
}  # fmt: skip
OUTCOME_COLOURS: Final[dict[str, str]] = {
    Outcome.MET: "success", Outcome.PART_MET: "warning", Outcome.REFUSED: "danger",
}  # fmt: skip
# What was said with a verb; title, detail and contact stand above, the contact's number masked.
_WORDS: Final = ("question", "answer", "reason", "result", "follow_up", "note", "text")
_NOTHING: Final = "—"


def masked(mobile: str) -> str:
    """``138****8000``."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else _NOTHING


def handles(ticket: Ticket, officer: Officer) -> bool:
    """He works on it, and so needs to call."""
    return Capacity.HANDLER in standing(ticket, officer)


@dataclass(frozen=True)
class Row:
    """One line, as the table shows it."""

    line: Line
    cells: list[str]
    colour: str


def headings(kind: str) -> list[str]:
    """The names of the kind's fields."""
    fields = [_column(kind, name) for name in KINDS[kind].fields]
    return [capfirst(str(field.verbose_name)) for field in fields]


def rows(ticket: Ticket, lines: Sequence[Line], *, clear: bool) -> list[Row]:
    """The lines; mobiles masked unless ``clear``."""
    fields = [_column(ticket.kind, name) for name in KINDS[ticket.kind].fields]
    return [
        Row(
            line, [_cell(line, field, clear) for field in fields],
            OUTCOME_COLOURS.get(line.outcome, ""),
        )
        for line in lines
    ]  # fmt: skip


def _column(kind: str, name: str) -> "models.Field[Any, Any]":
    field: models.Field[Any, Any] = KINDS[kind].model._meta.get_field(name)  # noqa: SLF001
    return field


def _cell(line: Line, field: "models.Field[Any, Any]", clear: bool) -> str:  # noqa: FBT001
    value = getattr(line, field.name)
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if validate_mobile in field.validators and not clear:
        return masked(value)
    if isinstance(field, models.DecimalField) and value is not None:
        return format(value.normalize(), "f")
    return str(display_for_field(value, field, _NOTHING) or _NOTHING)


@dataclass(frozen=True)
class Entry:
    """One event: who, when, and in which words."""

    event: TicketEvent
    verb: str
    who: str
    words: list[str]


def entries(ticket: Ticket, officer: Officer) -> list[Entry]:
    """The timeline, the last event first."""
    found = [_entry(event) for event in timeline(ticket, officer)]
    return found[::-1]


def _entry(event: TicketEvent) -> Entry:
    return Entry(event, str(Verb(event.verb).label), _who(event), _words(event))


def _who(event: TicketEvent) -> str:
    if event.officer is not None:
        return str(event.officer)
    return str(event.api_key.enterprise) if event.api_key is not None else _("The system")


def _words(event: TicketEvent) -> list[str]:
    said = getattr(event, "text", None)
    body = said.body if said is not None else {}
    words = [str(body[name]) for name in _WORDS if body.get(name)]
    if event.verb == Verb.FULFIL:
        words.insert(0, _("Line %(line)s: %(quantity)s") % event.payload)
    return words


@dataclass(frozen=True)
class Action:
    """A button, and the form that it opens."""

    verb: Verb
    tone: str
    form: VerbForm
    is_open: bool = False


def actions(
    ticket: Ticket, lines: Sequence[Line], officer: Officer, refused: VerbForm | None
) -> list[Action]:
    """One per verb allowed now; and the one just refused, open, with what was typed."""
    verbs = allowed_verbs(ticket, officer)
    if refused is not None and refused.verb not in verbs:
        verbs = [refused.verb, *verbs]
    return [
        Action(verb, FLOW[verb].tone, refused, is_open=True)
        if refused is not None and verb is refused.verb
        else Action(verb, FLOW[verb].tone, VerbForm(verb, ticket, lines))
        for verb in verbs
    ]

"""What was amended by an event, and the proposal that waits for a decision."""

from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.amendments.flow import AmendmentVerb
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.queries_words import part_of
from projects.flow.actors import Barred
from projects.record.refusals import FieldError, Invalid
from projects.register.places import PlaceField, place_name

type Value = str | int | bool | None


class Change(NamedTuple):
    """One field before and after, as JSON has it; ``line`` is None for the ticket's own."""

    line: int | None
    field: str
    before: Value
    after: Value


def field_of(kind: str, change: Change) -> "models.Field[Any, Any]":
    """The changed field of the ticket's or the line's model."""
    model: Any = Ticket if change.line is None else KINDS[kind].model
    found: models.Field[Any, Any] = model._meta.get_field(change.field)
    return found


def label_of(kind: str, change: Change) -> str:
    """What the changed field is called, in the active language."""
    label = str(field_of(kind, change).verbose_name)
    if change.line is None:
        return label
    return gettext("line %(line)s, %(field)s") % {"line": change.line, "field": label}


def place_called(event: TicketEvent, change: Change, value: Value) -> str | None:
    """What the place was called at the time of the event; None of what is no place."""
    if not value or not isinstance(field_of(event.ticket.kind, change), PlaceField):
        return None
    return place_name(str(value), timezone.localdate(event.recorded_at))


def is_accepted(ticket: Ticket) -> bool:
    """Whether somebody accepted it, so that it is no longer amended but for a proposal."""
    asked = ticket.status == Status.NEED_INFO
    return (ticket.asked_from if asked else ticket.status) == Status.IN_PROGRESS


def amend_barred(ticket: Ticket, _by: object) -> Barred | None:
    """Once it was accepted, nothing of it is replaced at once."""
    if not is_accepted(ticket):
        return None
    return Barred(_("It was accepted, so propose the amendment instead."), "accepted")


def propose_barred(ticket: Ticket, _by: object) -> Barred | None:
    """Before, it is simply amended."""
    if is_accepted(ticket):
        return None
    return Barred(_("It is not accepted yet, so amend it instead."), "not-accepted")


def decision_barred(ticket: Ticket, _by: object) -> Barred | None:
    """There is something to decide on only while a proposal waits."""
    if ticket.amendment_proposed and is_accepted(ticket):
        return None
    return Barred(_("No amendment waits for a decision."))


def changes_of(event: TicketEvent | None) -> list[Change]:
    """The fields that an event changed or proposed to change; none where that was erased."""
    return [Change(*each) for each in part_of(event, "changes") or ()]


def open_proposal(ticket: Ticket) -> TicketEvent | None:
    """The event of the proposal that waits for a decision."""
    if not ticket.amendment_proposed:
        return None
    events = ticket.events.filter(verb=AmendmentVerb.PROPOSE)
    return events.select_related("text", "officer", "api_key__enterprise").order_by("-seq").first()


def require_no_proposal(ticket: Ticket) -> None:
    """Raise Invalid while a proposal waits for a decision."""
    if ticket.amendment_proposed:
        message = _("An amendment is proposed: adopt or reject it first.")
        raise Invalid([FieldError(("amendment",), message, "amendment-open")])


def names_amended(ticket: Ticket) -> list[str]:
    """The names and mobiles of persons that amendments replaced or proposed."""
    personal = {"contact_name", "contact_mobile", *KINDS[ticket.kind].personal}
    texts = EventText.objects.filter(event__ticket=ticket, event__verb__in=AmendmentVerb.values)
    return [
        str(value)
        for text in texts.select_related("event")
        for change in changes_of(text.event)
        if change.field in personal
        for value in (change.before, change.after)
        if value
    ]

"""Another urgency, and with it another term."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.clocks import keep
from coordination.tickets.clocks.lights import due_of
from coordination.tickets.clocks.queries import Rules, rules
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.step import require_text, step
from coordination.tickets.urgency import Urgency
from projects.record.refusals import FieldError, Invalid
from projects.worktime.reckon import reckon
from projects.worktime.spans import Span


def regrade(
    *, ticket: Ticket, urgency: str, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """调整紧急程度: the running clock is reckoned anew from its start, by the new term.

    By the group lead. An extension falls away with the term that it extended. Where the new
    deadline would already be over, the new term runs from now instead, and if that were no
    earlier than the old deadline, the old one stands, as it was told: a deadline is never moved
    to a moment that has passed, and a missed one not mended by a shorter term. A deadline that
    moves is another run. Raises Invalid for an urgency that there is not, or that it has already.
    """
    text = require_text(reason=reason)
    with step(Verb.REGRADE, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        _require_another(row, urgency)
        before, row.urgency = row.urgency, urgency
        this.payload = {"from": before, "urgency": urgency, **_reckon_anew(row, this.at)}
        this.text = dict(text)
    return this.ticket


def _require_another(ticket: Ticket, urgency: str) -> None:
    if urgency not in Urgency.values:
        raise Invalid([FieldError(("urgency",), _("There is no such urgency."), "choice")])
    if urgency == ticket.urgency:
        raise Invalid([FieldError(("urgency",), _("It is so already."), "unchanged")])


def _reckon_anew(ticket: Ticket, at: datetime) -> dict[str, Any]:
    old, first = due_of(ticket), ticket.clock_from
    if first is None or old is None:  # filed before there were clocks
        return {}
    found = rules()
    span = found.term(keep.stage_of(ticket), ticket.kind, ticket.urgency)
    start = _start_of(ticket, span, old, min(at, ticket.paused_at or at), found)
    if start is None:
        return {}
    if start == first:
        keep.set_term(ticket, span)
    else:
        keep.start(ticket, start, span)
    if reckon(start, span, found.calendar, keep.pauses_of(ticket)).due != old:
        keep.begin_run(ticket)
    return keep.set_again(ticket, found)


def _start_of(
    ticket: Ticket, span: Span, old: datetime, moment: datetime, by: Rules
) -> datetime | None:
    """Where the new term begins; None where the deadline that was set stands."""
    first = ticket.clock_from or moment
    if reckon(first, span, by.calendar, keep.pauses_of(ticket)).due >= moment:
        return first
    return moment if reckon(moment, span, by.calendar).due < old else None

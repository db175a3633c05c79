"""销号 (writing off) by one or two signatures, and reopening."""

from coordination.staff.models import Officer
from coordination.tickets.clocks import keep
from coordination.tickets.flow import Verb
from coordination.tickets.lines.settle import unsettle
from coordination.tickets.models import Ticket
from coordination.tickets.step import given_text, require_text, step
from coordination.tickets.verbs.duplicates import with_original
from coordination.tickets.verbs.link import part_from_original


def write_off(*, ticket: Ticket, follow_up: str, version: int | None = None, by: Officer) -> Ticket:
    """销号 after the follow-up (回访); by the lead or the centre, never by who resolved it.

    Not for a ticket that was ever red: that is signed for and countersigned.
    """
    text = require_text(follow_up=follow_up)
    with step(Verb.WRITE_OFF, ticket=ticket, version=version, by=by) as this:
        this.payload = {"resolved_by": this.ticket.resolved_by_id}
        this.text = dict(text)
    return this.ticket


def sign_off(*, ticket: Ticket, follow_up: str, version: int | None = None, by: Officer) -> Ticket:
    """提请销号: the first of two signatures that close a ticket which was ever red.

    By the lead or the centre after the follow-up (回访), never by who resolved it. It stays
    resolved, and waits for the centre.
    """
    text = require_text(follow_up=follow_up)
    with step(Verb.SIGN_OFF, ticket=ticket, version=version, by=by) as this:
        this.ticket.signed_off_by, this.ticket.signed_off_at = by, this.at
        this.payload = {"resolved_by": this.ticket.resolved_by_id}
        this.text = dict(text)
    return this.ticket


def countersign(
    *, ticket: Ticket, note: str = "", version: int | None = None, by: Officer
) -> Ticket:
    """复核销号: the centre's signature, the second, closes it.

    By the duty desk or the director, never by who resolved it nor by who signed first. Who does
    not agree sends it back (``redo``).
    """
    text = given_text(note=note)
    with step(Verb.COUNTERSIGN, ticket=ticket, version=version, by=by) as this:
        this.payload = {
            "resolved_by": this.ticket.resolved_by_id,
            "signed_off_by": this.ticket.signed_off_by_id,
        }
        this.text = dict(text)
    return this.ticket


def take_signature_back(ticket: Ticket) -> None:
    """Clear the first signature of a ticket that is handled again; its row is locked."""
    ticket.signed_off_by = ticket.signed_off_at = None


def reopen(*, ticket: Ticket, reason: str, version: int | None = None, by: Officer) -> Ticket:
    """重启 within 30 days of its end, with a handling term of its own; by the group lead."""
    text = require_text(reason=reason)
    with (
        with_original(ticket),
        step(Verb.REOPEN, ticket=ticket, version=version, by=by) as this,
    ):
        this.ticket.satisfaction = None
        take_signature_back(this.ticket)
        this.payload = keep.start_anew(this.ticket, this.at)
        this.text = dict(text)
        unsettle(this)
        part_from_original(this, by)
    return this.ticket

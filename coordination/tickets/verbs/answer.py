"""What the enterprise does with its ticket, or an officer on its behalf."""

from django.utils.translation import gettext_lazy as _

from coordination.tickets.chain import Person
from coordination.tickets.clocks import keep
from coordination.tickets.flow import Verb
from coordination.tickets.lines.settle import unsettle
from coordination.tickets.models import Ticket
from coordination.tickets.step import given_text, require_text, step
from coordination.tickets.verbs.closing import take_signature_back
from coordination.tickets.verbs.duplicates import (
    require_known_duplicates,
    tell_duplicates,
    with_duplicates,
)
from projects.access.models import ApiKey
from projects.record.refusals import Checker

SATISFACTION = range(1, 6)


def supplement(*, ticket: Ticket, answer: str, version: int | None = None, by: Person) -> Ticket:
    """补充: the answer; the ticket goes back to the state it was asked from.

    Once the question has lapsed, the answer is still taken, once: it changes neither the state
    nor the clock.
    """
    text = require_text(answer=answer)
    with step(Verb.SUPPLEMENT, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        is_late = row.question_lapsed
        row.asked_from, row.question_lapsed = "", False
        this.payload = {"late": True} if is_late else keep.resume(row, this.at)
        this.text = dict(text)
    return this.ticket


def withdraw(*, ticket: Ticket, reason: str, version: int | None = None, by: ApiKey) -> Ticket:
    """撤回: the enterprise no longer asks. Whoever filed a duplicate of it may revive that."""
    text = require_text(reason=reason)
    with with_duplicates(ticket) as has_any:
        with step(Verb.WITHDRAW, ticket=ticket, version=version, by=by) as this:
            require_known_duplicates(this.ticket, has_any=has_any)
            this.text = dict(text)
        if has_any:
            tell_duplicates(this.ticket, this.at)
    return this.ticket


def redo(*, ticket: Ticket, reason: str, version: int | None = None, by: Person) -> Ticket:
    """重办: what was resolved is not; by the enterprise or the group lead.

    By the duty desk or the director where it waits for the centre's signature, which they refuse.
    There is no new term, but the time since the resolution is given back: it was not the
    handler's. Raises Invalid where the desk has no terms or service hours.
    """
    text = require_text(reason=reason)
    with step(Verb.REDO, ticket=ticket, version=version, by=by) as this:
        this.ticket.redo_count += 1
        take_signature_back(this.ticket)
        this.payload = {
            "redo_count": this.ticket.redo_count, **keep.give_back(this.ticket, this.at),
        }  # fmt: skip
        this.text = dict(text)
        unsettle(this)
    return this.ticket


def confirm(
    *, ticket: Ticket, satisfaction: int, note: str = "", version: int | None = None, by: ApiKey
) -> Ticket:
    """确认: the enterprise agrees that it is settled, and says how satisfied it is, 1 to 5."""
    check = Checker()
    message = _("Enter a number from 1 to 5.")
    check.require(satisfaction in SATISFACTION, "satisfaction", message, "range")
    text = check.gather(lambda: given_text(note=note)) or {}
    check.finish()
    with step(Verb.CONFIRM, ticket=ticket, version=version, by=by) as this:
        this.ticket.satisfaction = satisfaction
        this.payload = {"satisfaction": satisfaction}
        this.text = dict(text)
    return this.ticket

"""One verb, done once: lock, ask the flow, write, append exactly one event."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.tickets.chain import Actor, append
from coordination.tickets.clocks.keep import note_red, stop
from coordination.tickets.flow import ENDED, FLOW
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.standing import barred, standing
from projects.access.models import ApiKey
from projects.record.clock import change
from projects.record.refusals import Checker, Missing, NotAllowed, Stale

LONGEST_TEXT = 2000

# A room above says here what a ticket's end does to its own rows; what it returns is added to the
# payload of the event that ends the ticket.
ENDINGS: Final[list[Callable[[Ticket, datetime], dict[str, Any]]]] = []
# And what must be so before a verb is done; each raises Invalid where it is not.
REQUIREMENTS: Final[defaultdict[str, list[Callable[[Ticket], None]]]] = defaultdict(list)


@dataclass
class Step:
    """A verb under way on a locked ticket; the verb fills in what it writes."""

    ticket: Ticket
    at: datetime
    to: str
    payload: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    internal: bool = False
    event: TicketEvent | None = None
    # Rows that name the event, written in its transaction as soon as it is there.
    also: list[Callable[[TicketEvent], object]] = field(default_factory=list)

    def done(self) -> TicketEvent:
        """The event, after the step; there is none before."""
        if self.event is None:
            raise RuntimeError("the step is not done yet")
        return self.event


# The columns that a verb may change.
_CHANGING: Final = [
    each.name for each in Ticket._meta.local_concrete_fields
    if not (each.primary_key or each.generated) and each.name not in Ticket.SAID_ONCE
]  # fmt: skip


def _locked(ticket: Ticket) -> Ticket:
    """The row as it is now, locked; raises Ticket.DoesNotExist.

    Joins the project alone, which never changes: where the ticket changed while we waited for
    the lock, PostgreSQL reads the ticket again, but not the rows joined to it.
    """
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("project")
    return rows.get(pk=ticket.pk)


def _ask_the_flow(verb: str, ticket: Ticket, version: int | None, by: Actor) -> None:
    """In this order: a stranger learns nothing; then what has changed; then what is allowed."""
    capacities = standing(ticket, by)
    if isinstance(by, ApiKey) and not capacities:
        raise Missing
    if version is not None and version != ticket.version:
        raise Stale
    rule = FLOW[verb]
    if ticket.status not in rule.sources or not capacities & rule.who or barred(verb, ticket, by):
        raise NotAllowed(
            _("“%(verb)s” is not allowed for you while the ticket is “%(status)s”.")
            % {"verb": rule.label, "status": ticket.get_status_display()},
            members={"ticket_status": ticket.status},
        )


def require_text(**inputs: str) -> dict[str, str]:
    """The inputs, stripped. Raises Invalid by the name of each that is empty or too long."""
    check = Checker()
    stripped = {name: (value or "").strip() for name, value in inputs.items()}
    for name, value in stripped.items():
        check.require(value, name, _("This field is required."), "required")
        check.require(
            len(value) <= LONGEST_TEXT, name, _("At most 2,000 characters."), "max_length"
        )
    check.finish()
    return stripped


@contextmanager
def step(verb: str, *, ticket: Ticket, version: int | None, by: Actor) -> Iterator[Step]:
    """Do ``verb`` on the ticket: yields the locked row, then saves it with exactly one event.

    Raises Missing to an enterprise that did not file it, Stale where ``version`` is no longer
    the ticket's, NotAllowed where the flow or the ticket's past forbids it. Nothing is written
    if anything is raised.
    """
    with change() as at:
        row = _locked(ticket)
        _ask_the_flow(verb, row, version, by)
        # A racing verb may have read the clock after us and locked before us: time follows order.
        moment = max(at, row.changed_at)
        note_red(row, moment)
        for require in REQUIREMENTS[verb]:
            require(row)
        this = Step(row, moment, to=FLOW[verb].target_from(row.status, row.asked_from))
        yield this
        _finish(verb, this, by)
        for write in this.also:
            write(this.done())


def _finish(verb: str, this: Step, by: Actor) -> None:
    this.event = record_step(
        verb, ticket=this.ticket, to=this.to, at=this.at, payload=this.payload, text=this.text,
        internal=this.internal, by=by,
    )  # fmt: skip


def record_step(
    verb: str,
    *,
    ticket: Ticket,
    to: str,
    at: datetime,
    payload: dict[str, Any],
    text: dict[str, Any],
    internal: bool = False,
    by: Actor,
) -> TicketEvent:
    """Save a locked ticket in its next state, with the event that says so.

    A ticket that ends stops its clock, and :data:`ENDINGS` run.
    """
    if to in ENDED:
        for ending in ENDINGS:
            payload = payload | ending(ticket, at)
        stop(ticket, at)
    ticket.status = to
    ticket.changed_at = at
    ticket.ended_at = (ticket.ended_at or at) if to in ENDED else None
    if not internal:  # what the enterprise cannot see changes nothing that it has read
        ticket.version += 1
    ticket.save(update_fields=_CHANGING)
    return append(
        ticket=ticket, verb=verb, to=to, at=at, payload=payload, text=text, internal=internal,
        by=by,
    )  # fmt: skip

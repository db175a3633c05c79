"""One verb, done once to a ticket: the engine's step (``projects/flow/step.py``)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from coordination.tickets.chain import CHAIN, Actor
from coordination.tickets.clocks.keep import note_red, stop
from coordination.tickets.models import Ticket, TicketEvent
from projects.flow import step as engine
from projects.flow.step import LONGEST_TEXT, given_text, require_text
from projects.record.reading import attributes_of, columns_of, row_of, rows
from projects.register.models import Project

__all__ = [
    "ENDINGS", "LONGEST_TEXT", "MACHINE", "REQUIREMENTS", "Step", "given_text", "record_step",
    "require_text", "step",
]  # fmt: skip


class Step(engine.Step[Ticket, TicketEvent]):
    """A verb under way on a locked ticket; the verb fills in what it writes."""

    @property
    def ticket(self) -> Ticket:
        """The locked row."""
        return self.thing


_LOCKED: Final = f"""
    SELECT {columns_of(Ticket, "ticket")}, {columns_of(Project, "project")}
    FROM tickets_ticket AS ticket JOIN register_project AS project ON project.id = ticket.project_id
    WHERE ticket.id = %s FOR UPDATE OF ticket
"""  # noqa: S608 - names of our own
_OF_TICKET: Final = len(attributes_of(Ticket))


def _locked(ticket: Ticket) -> Ticket:
    """The row as it is now, locked; raises Ticket.DoesNotExist.

    Joins the project alone, which never changes: where the ticket changed while we waited for
    the lock, PostgreSQL reads the ticket again, but not the rows joined to it.
    """
    for values in rows(_LOCKED, [ticket.pk]):
        row = row_of(Ticket, values[:_OF_TICKET])
        row.project = row_of(Project, values[_OF_TICKET:])
        return row
    raise Ticket.DoesNotExist


def _stop_clock(ticket: Ticket, at: datetime) -> dict[str, Any]:
    stop(ticket, at)
    return {}


MACHINE: Final = engine.Machine[Ticket, TicketEvent, Actor, Step](
    chain=CHAIN,
    step_type=Step,
    locked=_locked,
    before=note_red,
    endings=[_stop_clock],
)
# A room above says here what a ticket's end does to its own rows, and what must be so before a
# verb is done.
ENDINGS: Final = MACHINE.endings
REQUIREMENTS: Final = MACHINE.requirements

record_step = MACHINE.record_step


@contextmanager
def step(verb: str, *, ticket: Ticket, version: int | None, by: Actor) -> Iterator[Step]:
    """Do ``verb`` on the ticket: yields the locked row, then saves it with exactly one event.

    Raises Missing to an enterprise that did not file it, Stale where ``version`` is no longer
    the ticket's, NotAllowed where the flow or the ticket's past forbids it. Nothing is written
    if anything is raised.
    """
    with MACHINE.step(verb, thing=ticket, version=version, by=by) as this:
        yield this

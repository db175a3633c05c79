"""Amendments on a ticket's page: what an event changed, and the proposal with its two buttons."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from coordination.amendments.flow import AmendmentVerb
from coordination.amendments.queries import (
    Change,
    Value,
    changes_of,
    field_of,
    is_accepted,
    label_of,
    open_proposal,
    place_called,
)
from coordination.tickets import personal
from coordination.tickets.flow import FLOW
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.queries_shown import mask_person, say_value
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_words import word_of
from coordination.tickets.reader import TicketReader
from coordination.workbench.ticket.admin_facts import author_of
from projects.record.masks import mask_numbers


@dataclass(frozen=True)
class Shown:
    """One changed field as the page shows it."""

    label: str
    before: str
    after: str


def shown_changes(event: TicketEvent, clear: Collection[str]) -> list[Shown]:
    """Its changes in words; persons and numbers are masked but for the groups in ``clear``."""
    return [
        Shown(
            capfirst(label_of(event.ticket.kind, each)), _say(event, each, each.before, clear),
            _say(event, each, each.after, clear),
        )
        for each in changes_of(event)
    ]  # fmt: skip


def _say(event: TicketEvent, change: Change, value: Value, clear: Collection[str]) -> str:
    field, group = field_of(event.ticket.kind, change), _group_of(event.ticket, change)
    if group and group not in clear:
        return mask_person(field, str(value or ""))
    if place := place_called(event, change, value):
        return f"{place} {value}"
    said = say_value(field, field.to_python(value))
    return said if personal.WORDS in clear or group else mask_numbers(said)


def _group_of(ticket: Ticket, change: Change) -> str:
    """The group of personal data that the field belongs to; empty if it names nobody."""
    if change.line is not None:
        return personal.LINES if change.field in KINDS[ticket.kind].personal else ""
    return personal.CONTACT if change.field.startswith("contact_") else ""


def proposal_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """The proposal that waits for a decision, for whoever decides with its two buttons."""
    proposal = open_proposal(ticket)
    if proposal is None:
        return None
    mask = reader.words
    return {
        "event": proposal, "who": author_of(proposal), "reason": mask(word_of(proposal, "reason")),
        "changes": shown_changes(proposal, reader.clear),
        "may_decide": _may_decide(ticket, reader),
    }  # fmt: skip


def _may_decide(ticket: Ticket, reader: TicketReader) -> bool:
    """Whoever handles it, once it is accepted."""
    rule = FLOW[AmendmentVerb.ADOPT]
    is_now = ticket.status in rule.sources and is_accepted(ticket)
    return is_now and bool(reader.capacities & rule.who)

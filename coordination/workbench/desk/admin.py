"""The admin's first page shows what waits for the officer today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from coordination.staff.models import Officer, Role
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.standing import BARS
from coordination.workbench.desk.queries import Row, Section, desk_of
from coordination.workbench.first_day.queries import count_lacking
from projects.house.waiting import Waiting
from projects.record.clock import now
from projects.worktime.sentence import say_amount, say_lateness, say_near

admin.site.index_template = "workbench/desk.html"


@dataclass(frozen=True)
class Shown:
    """A ticket's row in words; ``at_once`` where its verb asks for nothing."""

    ticket: Ticket
    colour: str  # of its light
    lateness: str
    due: str
    verb: str
    act: str
    at_once: bool
    asked: str  # what is to be decided
    refusal: str  # the verb that decides the other way, and its label
    refuse: str


@dataclass(frozen=True)
class ShownSection:
    """A section of the page; ``query`` is the queue with the same tickets."""

    section: Section
    rows: list[Shown]

    @property
    def query(self) -> str:
        """The queue's address for all of its tickets, the most pressing first."""
        return f"?waiting={self.section.waiting.code}"


def _without_verb(row: Row, officer: Officer) -> str:
    """What a row is opened for: to work on it, or to see how another does."""
    is_anothers = row.ticket.handler_id not in {officer.pk, None}
    return pgettext("on a row", "Look") if is_anothers else pgettext("on a row", "Work on it")


def _may_refuse(waiting: Waiting, ticket: Ticket, officer: Officer) -> bool:
    """The decision has another way, and nothing bars him from it."""
    bar = BARS.get(waiting.refusal)
    return bool(waiting.refusal) and (bar is None or bar(ticket, officer) is None)


def _shown(row: Row, waiting: Waiting, officer: Officer, at: datetime) -> Shown:
    ticket, lateness, due = row.ticket, "", ""
    if row.due is not None:
        lateness = say_lateness(row.due, at)
        moment = say_near(row.due, at)
        accepting = ticket.due_at is None
        due = (
            pgettext("deadline", "to be accepted by %(moment)s")
            if accepting
            else pgettext("deadline", "to be resolved by %(moment)s")
        ) % {"moment": moment}
    elif ticket.resolved_at is not None:
        due = gettext("resolved %(moment)s") % {"moment": say_near(ticket.resolved_at, at)}
    act = FLOW.label_of(row.verb) if row.verb else _without_verb(row, officer)
    at_once = bool(row.verb) and not FLOW[row.verb].required
    refusal = waiting.refusal if _may_refuse(waiting, ticket, officer) else ""
    if row.verb == Verb.ACCEPT and officer.role == Role.GROUP_LEAD:
        at_once = False  # he is asked who handles it
    if ticket.extension_asked and waiting.asked_by == Verb.EXTEND:
        amount = say_amount(ticket.extension_asked, ticket.term_unit)
        asked = gettext("extension of %(amount)s: %(reason)s") % {
            "amount": amount, "reason": row.asked,
        }  # fmt: skip
    else:
        asked = row.asked
    return Shown(
        ticket, row.light or "", lateness, str(due), row.verb, str(act), at_once, asked,
        refusal, str(FLOW.label_of(refusal)) if refusal else "",
    )  # fmt: skip


def desk(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows."""
    officer = cast(Officer, request.user)
    at = now()
    found = desk_of(officer)
    return {
        **context,
        "title": pgettext("page", "Today"),
        "desk": found,
        "first_steps": count_lacking(officer, at),
        "is_fullwidth": "1",
        "sections": [
            ShownSection(each, [_shown(row, each.waiting, officer, at) for row in each.rows])
            for each in found.sections
        ],
        "may_act": officer.has_perm("tickets.change_ticket"),
        "sees_tickets": officer.has_perm("tickets.view_ticket"),
    }

"""What becomes of a ticket's duplicates when it is declined or withdrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.chain import Person
from coordination.tickets.clocks import keep
from coordination.tickets.clocks.queries import rules
from coordination.tickets.flow import Status, Verb
from coordination.tickets.lines.settle import unsettle
from coordination.tickets.models import Relation, Ticket, TicketLink
from coordination.tickets.queries_duplicates import REOPEN_DAYS, duplicates_of, has_duplicates
from coordination.tickets.queries_responsible import serving_now
from coordination.tickets.step import MACHINE, Step, record_step, require_text, step
from coordination.tickets.telling import in_centre_language
from coordination.tickets.verbs.link import part_from_original
from projects.flow.actors import SYSTEM
from projects.record.clock import change, now
from projects.record.refusals import FieldError, Invalid, Stale
from projects.register.models import Project


class DuplicatesThen(TextChoices):
    """What becomes of the duplicates of a ticket that is declined."""

    REVIVE = "revive", _("They are revived and go to whoever serves the project")
    LEAVE = "leave", _("They stay declined; each enterprise is told that it may revive its own")


def require_choice(choice: str) -> None:
    """Raise Invalid by ``duplicates`` unless it says what becomes of them."""
    if choice not in DuplicatesThen.values:
        message = _("Say what becomes of its duplicates.")
        raise Invalid([FieldError(("duplicates",), message, "required")])


def revive(*, ticket: Ticket, reason: str, version: int | None = None, by: Person) -> Ticket:
    """恢复办理: a duplicate whose original was declined or withdrawn is handled after all.

    By its handler, the lead, the duty desk or its enterprise, within thirty days of the
    original's end. It is no duplicate any more, goes to whoever serves the project now (to the
    duty desk where nobody does), and has an acceptance term of its own.
    """
    text = require_text(reason=reason)
    with change():
        _hold_project(ticket)
        with with_original(ticket), step(
            Verb.REVIVE, ticket=ticket, version=version, by=by
        ) as this:  # fmt: skip
            this.text = dict(text)
            _begin_again(this, by)
    return this.ticket


@contextmanager
def with_duplicates(ticket: Ticket) -> Iterator[bool]:
    """One change in which the ticket's duplicates are locked; yields whether it has any.

    Rows are locked in one order: the project first, then tickets by their ids. So this looks
    before it locks, and the caller calls ``require_known_duplicates`` once the ticket is locked.
    """
    with change():
        has_any = has_duplicates(ticket)
        if has_any:
            _hold_project(ticket)
            _lock(ticket, duplicates_of(ticket))
            has_any = has_duplicates(ticket)  # they may have been revived before the lock
        yield has_any


def require_known_duplicates(ticket: Ticket, *, has_any: bool) -> None:
    """Raise Stale where the ticket, now locked, has duplicates and had none before."""
    if not has_any and has_duplicates(ticket):
        raise Stale


@contextmanager
def with_original(ticket: Ticket) -> Iterator[None]:
    """The same of a ticket that may be a duplicate, and its original."""
    with change():
        links = TicketLink.objects.filter(source=ticket.pk, relation=Relation.DUPLICATE_OF)
        _lock(ticket, Ticket.objects.filter(pk__in=links.values("target")))
        yield


def revive_duplicates(original: Ticket, at: datetime, *, by: Officer) -> None:
    """Revive every duplicate of a ticket that was declined just now."""
    for row in list(duplicates_of(original).select_for_update(of=("self",))):
        this = Step(row, max(at, row.changed_at), to=Status.SUBMITTED)
        _begin_again(this, by)
        this.payload["ended"] = original.status
        MACHINE.complete(Verb.REVIVE, this, by=by)
    original.refresh_from_db()  # it says of each that it is no duplicate any more


def tell_duplicates(original: Ticket, at: datetime) -> None:
    """Record with every duplicate that its original was declined or withdrawn.

    So its enterprise learns from the timeline, the feed and its webhooks that it may revive it.
    """
    until = at + timedelta(days=REOPEN_DAYS)
    for row in list(duplicates_of(original).select_for_update(of=("self",))):
        record_step(
            Verb.LOSE_ORIGINAL, thing=row, to=row.status, at=max(at, row.changed_at),
            payload={"ended": original.status, "until": until.isoformat()},
            text={"note": _may_be_revived(until)}, by=SYSTEM,
        )  # fmt: skip


def _may_be_revived(until: datetime) -> str:
    with in_centre_language():
        return gettext(
            "The ticket of which this one is a duplicate was declined or withdrawn. "
            "This ticket can be revived until %(moment)s."
        ) % {"moment": f"{timezone.localtime(until):%Y-%m-%d %H:%M}"}


def _begin_again(this: Step, by: Person) -> None:
    """Route it as one just filed, with an acceptance term from now; the past stays on record."""
    row = this.ticket
    before: dict[str, Any] = {"from_group": row.group_id, "from_handler": row.handler_id}
    serving = serving_now([row.project_id], now()).get(row.project_id)
    row.group = serving.assignment.group if serving else None
    row.handler = serving.officer if serving else None
    row.asked_from, row.pass_count, row.question_lapsed = "", 0, False
    row.due_at = row.resolved_at = None
    this.payload = {
        **before, "group": row.group_id, "handler": row.handler_id,
        **keep.start_acceptance(row, this.at, rules()),
    }  # fmt: skip
    unsettle(this)
    part_from_original(this, by)


def _hold_project(ticket: Ticket) -> None:
    """No handover of the project until this change has ended, so that it is routed rightly."""
    of_ticket = Ticket.objects.filter(pk=ticket.pk).values("project")
    Project.objects.select_for_update(no_key=True, of=("self",)).get(pk__in=of_ticket)


def _lock(ticket: Ticket, others: QuerySet[Ticket]) -> None:
    """The ticket and the others, in the order of their ids."""
    rows = Ticket.objects.filter(Q(pk=ticket.pk) | Q(pk__in=others.values("pk")))
    list(rows.select_for_update(of=("self",)).order_by("pk"))

"""What the liaison, the deputy or the group lead does with a ticket."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import acting_in
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks import keep
from coordination.tickets.flow import GIVING, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.settle import settle_rest
from coordination.tickets.models import Ticket
from coordination.tickets.standing import standing
from coordination.tickets.step import require_text, step
from coordination.tickets.verbs.duplicates import (
    DuplicatesThen,
    require_choice,
    require_known_duplicates,
    revive_duplicates,
    tell_duplicates,
    with_duplicates,
)
from projects.record.clock import now
from projects.record.refusals import FieldError, Invalid


def accept(
    *, ticket: Ticket, handler: Officer | None = None, version: int | None = None, by: Officer
) -> Ticket:
    """受理: ``handler``, else whoever accepts it, handles it from now on; the handling clock runs.

    Of many at once, one wins. Raises Invalid where the desk has no terms or service hours, and by
    ``handler`` where that officer cannot act in the ticket's group, or ``by`` may not give it to
    another: a lead may, and the duty desk while it acts.
    """
    with step(Verb.ACCEPT, ticket=ticket, version=version, by=by) as this:
        whose = handler or by
        if whose.pk != by.pk and whose.pk not in who_may_handle(this.ticket, by):
            message = _("Choose an officer of the group who can act now.")
            raise Invalid([FieldError(("handler",), message, "choice")])
        this.ticket.handler = whose
        this.payload = {"handler": whose.pk, **keep.start_handling(this.ticket, this.at)}
    return this.ticket


def who_may_handle(ticket: Ticket, by: Officer) -> frozenset[int]:
    """To whom the officer may give a ticket that he accepts: the members of its group who can act.

    Nobody, where he may accept it only for himself or not at all.
    """
    if ticket.group_id is None or not may_give(standing(ticket, by)):
        return frozenset()
    return frozenset(each.officer for each in acting_in([ticket.group_id], now()))


def whom_a_lead_may_choose(by: Officer) -> frozenset[int]:
    """Of many tickets of his group, to whom a lead may give them; nobody for any other role."""
    group = group_of(by, now()) if by.role == Role.GROUP_LEAD else None
    if group is None:
        return frozenset()
    return frozenset(each.officer for each in acting_in([group.pk], now()))


def may_give(capacities: Collection[str]) -> bool:
    """Whether he may let another handle what he accepts."""
    return bool(GIVING.intersection(capacities))


def ask(*, ticket: Ticket, question: str, version: int | None = None, by: Officer) -> Ticket:
    """要求补充: the enterprise is asked, and the clock stands; at most twice for one ticket."""
    text = require_text(question=question)
    with step(Verb.ASK, ticket=ticket, version=version, by=by) as this:
        this.ticket.asked_from, this.ticket.question_lapsed = this.ticket.status, False
        this.ticket.asked_count += 1
        this.payload = {
            "asked_count": this.ticket.asked_count, **keep.pause(this.ticket, this.at),
        }  # fmt: skip
        this.text = dict(text)
    return this.ticket


def decline(
    *,
    ticket: Ticket,
    reason: str,
    duplicates: str = "",
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """不予受理, with the reason that the enterprise reads.

    Where it has duplicates, ``duplicates`` says what becomes of them (``DuplicatesThen``): all
    are revived at once, or they stay declined and their enterprises are told that they may revive
    them. Raises Invalid by ``duplicates`` where that is not said, Stale where a first duplicate
    was marked at the same time.
    """
    text = require_text(reason=reason)
    with with_duplicates(ticket) as has_any:
        with step(Verb.DECLINE, ticket=ticket, version=version, by=by) as this:
            require_known_duplicates(this.ticket, has_any=has_any)
            if has_any:
                require_choice(duplicates)
            this.text = dict(text)
        if has_any and duplicates == DuplicatesThen.REVIVE:
            revive_duplicates(this.ticket, this.at, by=by)
        elif has_any:
            tell_duplicates(this.ticket, this.at)
    return this.ticket


def pass_on(
    *,
    ticket: Ticket,
    reason: str,
    group: ServiceGroup | None,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """转派 to another group, where it waits for acceptance by any of its liaisons.

    By the handler twice; the third time the duty desk rules, finally. The desk also finds a
    group for a ticket of a project that nobody serves. Raises Invalid where the group is its
    own, not in service, or nobody of it can act.
    """
    text = require_text(reason=reason)
    with step(Verb.PASS_ON, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        if group is None or not group.is_active:
            raise Invalid([FieldError(("group",), _("Choose a group in service."), "required")])
        if group.pk == row.group_id:
            raise Invalid([FieldError(("group",), _("The ticket is already there."), "unchanged")])
        if not acting_in([group.pk], this.at):
            message = _("Nobody in this group can act at present.")
            raise Invalid([FieldError(("group",), message, "nobody-acts")])
        this.payload = {"from_group": row.group_id, "group": group.pk}
        this.text = dict(text)
        if row.group_id is not None:
            row.pass_count += 1
        row.group, row.handler = group, None
    return this.ticket


def resolve(
    *,
    ticket: Ticket,
    result: str,
    reasons: Mapping[int, str] | None = None,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """办结: every line is met, or partly or not met with a reason by its position.

    Raises Invalid by ``("reasons", position)`` for each line that lacks one, and while a
    department is still asked: recall the referral first, or wait for the answer.
    """
    text = require_text(result=result)
    with step(Verb.RESOLVE, ticket=ticket, version=version, by=by) as this:
        lines = KINDS[this.ticket.kind].read_lines(this.ticket.pk)
        if not lines:
            raise Invalid([FieldError(("lines",), _("There is no line yet."), "lines")])
        settle_rest(this, lines, reasons or {})
        this.ticket.resolved_by, this.ticket.resolved_at = by, this.at
        due = this.ticket.due_at
        this.payload = {
            "outcomes": [str(line.outcome) for line in lines],
            "met": [format(line.met.normalize(), "f") for line in lines],
            "in_time": None if due is None else this.at <= due,
        }
        this.text = dict(text)
    return this.ticket

"""会办: refer a ticket to a department, and recall that."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, cast

from django.utils.translation import gettext_lazy as _

from coordination.parties.models import Department
from coordination.referrals.ending import recall_referral
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.letters import send_link
from coordination.referrals.models import Referral
from coordination.referrals.queries import departments_to_ask, open_referrals, proposed_due
from coordination.staff.models import Officer
from coordination.tickets.clocks import keep
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import Step, require_text, step
from projects.record.days import PAST
from projects.record.masks import has_numbers
from projects.record.refusals import Checker, FieldError, Invalid

_LONGEST_TERM: Final = timedelta(days=365)


def refer(
    *,
    ticket: Ticket,
    department: Department | None,
    matter: str,
    due: datetime | None = None,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """会办: ask a department for something; the ticket's status and clock do not change.

    By the handler or the group lead. Without ``due`` the centre's term applies. Raises Invalid by
    ``department`` where it has an open referral of the ticket or is inactive, by ``due`` where
    that is past or more than a year away, by ``matter`` where it holds a mobile or an ID number,
    since it is shown outside the centre.
    """
    text = require_text(matter=matter)
    with step(ReferralVerb.REFER, ticket=ticket, version=version, by=by) as current:
        due_at, by_term = (due, {}) if due else _due_by_term(current)
        chosen = _check(current, department, text["matter"], due_at)
        current.internal = True  # the enterprise does not see it
        current.payload = {"department": chosen.pk, "due": due_at.astimezone(UTC).isoformat()}
        current.payload |= by_term
        current.text = dict(text)
        current.also.append(partial(_create, current, chosen, due_at, by))
    return current.ticket


def _due_by_term(current: Step) -> tuple[datetime, dict[str, Any]]:
    """The end of the centre's term, and the payload's values about it; it may be provisional."""
    span, deadline = proposed_due(current.ticket, current.at)
    keep.await_year(current.ticket, deadline.unknown_year)
    return deadline.due, {
        "amount": span.amount, "unit": span.unit, "provisional": deadline.is_provisional,
    }  # fmt: skip


def _check(current: Step, department: Department | None, matter: str, due: datetime) -> Department:
    check = Checker()
    choices = departments_to_ask(current.ticket)
    chosen = choices.filter(pk=department.pk).first() if department else None
    check.require(
        chosen, "department",
        _("Choose a department that is not asked about this ticket already."), "choice",
    )  # fmt: skip
    check.require(due > current.at, "due", PAST, "date-order")
    check.require(
        due <= current.at + _LONGEST_TERM, "due", _("At most a year from now."), "out-of-range"
    )
    check.require(
        not has_numbers(matter), "matter",
        _("Leave mobiles and ID numbers out: this leaves the house."), "personal-number",
    )  # fmt: skip
    check.finish()
    return cast(Department, chosen)  # finish() has raised where there is none


def _create(
    current: Step, department: Department, due: datetime, by: Officer, event: TicketEvent
) -> None:
    referral = Referral.objects.create(
        event=event, ticket=current.ticket, department=department, asked_by=by, asked_at=current.at,
        due_at=due, due_is_provisional=current.payload.get("provisional", False),
    )  # fmt: skip
    send_link(referral, current.ticket, current.at)


def recall(
    *,
    ticket: Ticket,
    referral: Referral | None,
    reason: str,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """撤回会办: end an open referral and its link.

    By the handler or the group lead. Raises Invalid by ``referral`` where it is not open.
    """
    text = require_text(reason=reason)
    with step(ReferralVerb.RECALL, ticket=ticket, version=version, by=by) as current:
        row = open_referral(current.ticket, referral)
        recall_referral(row, current.at)
        current.internal = True
        current.payload = payload_of(row)
        current.text = dict(text)
    return current.ticket


def open_referral(ticket: Ticket, referral: Referral | None) -> Referral:
    """Read the ticket's referral again. Raises Invalid unless it is open."""
    rows = open_referrals(ticket).select_related("department")
    row = rows.filter(pk=referral.pk).first() if referral else None
    if row is None:
        message = _("Choose a referral that waits for an answer.")
        raise Invalid([FieldError(("referral",), message, "choice")])
    return row


def payload_of(referral: Referral) -> dict[str, Any]:
    """What the payload of an event holds of a referral: ids only."""
    return {"referral": referral.pk, "department": referral.department_id}

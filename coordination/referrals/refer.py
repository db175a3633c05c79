"""会办: a department is asked, or asked no more."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, cast

from django.utils.translation import gettext_lazy as _

from coordination.parties.models import Department
from coordination.referrals.ending import call_back
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.letters import send_link
from coordination.referrals.models import Referral
from coordination.referrals.queries import may_be_asked, open_referrals, proposed_due
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import Step, require_text, step
from projects.record.masks import mask_numbers
from projects.record.refusals import Checker, FieldError, Invalid

_LONGEST: Final = timedelta(days=365)


def refer(
    *,
    ticket: Ticket,
    department: Department | None,
    matter: str,
    due: datetime | None = None,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """会办: ask a department for something by a moment; the ticket stays where it is.

    By the handler or the group lead. Without ``due`` the centre's term holds. Raises Invalid by
    ``department`` where it is asked already or out of service, by ``due`` where that is past or
    more than a year away, by ``matter`` where it holds a mobile or an ID number, for it leaves
    the house.
    """
    text = require_text(matter=matter)
    with step(ReferralVerb.REFER, ticket=ticket, version=version, by=by) as this:
        until = due or proposed_due(this.ticket, this.at)
        chosen = _checked(this, department, text["matter"], until)
        this.internal = True  # between the centre and the department
        this.payload = {"department": chosen.pk, "due": until.astimezone(UTC).isoformat()}
        this.text = dict(text)
        this.also.append(partial(_ask, this, chosen, until, by))
    return this.ticket


def _checked(this: Step, department: Department | None, matter: str, due: datetime) -> Department:
    check = Checker()
    free = may_be_asked(this.ticket)
    chosen = free.filter(pk=department.pk).first() if department else None
    check.require(
        chosen, "department",
        _("Choose a department that is not asked about this ticket already."), "choice",
    )  # fmt: skip
    check.require(due > this.at, "due", _("This moment has already passed."), "date-order")
    check.require(due <= this.at + _LONGEST, "due", _("At most a year from now."), "out-of-range")
    check.require(
        mask_numbers(matter) == matter, "matter",
        _("Leave mobiles and ID numbers out: this leaves the house."), "personal-number",
    )  # fmt: skip
    check.finish()
    return cast(Department, chosen)  # raised just now where there is none


def _ask(
    this: Step, department: Department, due: datetime, by: Officer, event: TicketEvent
) -> None:
    referral = Referral.objects.create(
        event=event, ticket=this.ticket, department=department, asked_by=by, asked_at=this.at,
        due_at=due,
    )  # fmt: skip
    send_link(referral, this.ticket, this.at)


def recall(
    *,
    ticket: Ticket,
    referral: Referral | None,
    reason: str,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """撤回会办: nothing is asked any more, and the link opens nothing.

    By the handler or the group lead. Raises Invalid by ``referral`` where none such is open.
    """
    text = require_text(reason=reason)
    with step(ReferralVerb.RECALL, ticket=ticket, version=version, by=by) as this:
        row = waiting(this.ticket, referral)
        call_back(row, this.at)
        this.internal = True
        this.payload = said_of(row)
        this.text = dict(text)
    return this.ticket


def waiting(ticket: Ticket, referral: Referral | None) -> Referral:
    """The referral of this ticket, as it is now. Raises Invalid unless it is open."""
    rows = open_referrals(ticket).select_related("department")
    row = rows.filter(pk=referral.pk).first() if referral else None
    if row is None:
        message = _("Choose a referral that waits for an answer.")
        raise Invalid([FieldError(("referral",), message, "choice")])
    return row


def said_of(referral: Referral) -> dict[str, Any]:
    """What an event says of a referral: ids alone."""
    return {"referral": referral.pk, "department": referral.department_id}

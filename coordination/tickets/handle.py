"""What the liaison, the deputy or the group lead does with a ticket."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Officer, ServiceGroup
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.base import Line, Outcome
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Fulfilment, Ticket
from coordination.tickets.step import Step, require_text, step
from projects.record.refusals import Checker, FieldError, Invalid

_PLACES = Decimal("0.001")


def accept(*, ticket: Ticket, version: int | None = None, by: Officer) -> Ticket:
    """受理: whoever accepts it handles it from now on. Of many at once, one wins."""
    with step(Verb.ACCEPT, ticket=ticket, version=version, by=by) as this:
        this.ticket.handler = by
        this.payload = {"handler": by.pk}
    return this.ticket


def ask(*, ticket: Ticket, question: str, version: int | None = None, by: Officer) -> Ticket:
    """要求补充: the enterprise is asked; at most twice for one ticket."""
    text = require_text(question=question)
    with step(Verb.ASK, ticket=ticket, version=version, by=by) as this:
        this.ticket.asked_from = this.ticket.status
        this.ticket.asked_count += 1
        this.payload = {"asked_count": this.ticket.asked_count}
        this.text = dict(text)
    return this.ticket


def decline(*, ticket: Ticket, reason: str, version: int | None = None, by: Officer) -> Ticket:
    """不予受理, with the reason that the enterprise reads."""
    text = require_text(reason=reason)
    with step(Verb.DECLINE, ticket=ticket, version=version, by=by) as this:
        this.text = dict(text)
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
    own or not in service.
    """
    text = require_text(reason=reason)
    with step(Verb.PASS_ON, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        if group is None or not group.is_active:
            raise Invalid([FieldError(("group",), _("Choose a group in service."), "required")])
        if group.pk == row.group_id:
            raise Invalid([FieldError(("group",), _("The ticket is already there."), "unchanged")])
        this.payload = {"from_group": row.group_id, "group": group.pk}
        this.text = dict(text)
        if row.group_id is not None:
            row.pass_count += 1
        row.group, row.handler = group, None
    return this.ticket


def fulfil(
    *,
    ticket: Ticket,
    line: int,
    quantity: Decimal,
    note: str = "",
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """逐项落实: so much more of one line was met; a correction is a negative quantity.

    Raises Invalid where there is no such line, or the sum would leave 0 … asked.
    """
    with step(Verb.FULFIL, ticket=ticket, version=version, by=by) as this:
        row = _line(this.ticket, line)
        quantity = _checked_quantity(this.ticket, row, quantity)
        row.met += quantity
        row.outcome = _outcome(row)
        row.save(update_fields=["met", "outcome"])
        this.payload = {"line": line, "quantity": format(quantity.normalize(), "f")}
        this.text = {"note": note.strip()} if note.strip() else {}
    _record_fulfilment(this, line, quantity)
    return this.ticket


def _line(ticket: Ticket, position: int) -> Line:
    row: Line | None = KINDS[ticket.kind].lines_of(ticket.pk).filter(position=position).first()
    if row is None:
        raise Invalid([FieldError(("line",), _("There is no such line."), "choice")])
    return row


def _checked_quantity(ticket: Ticket, row: Line, quantity: Decimal) -> Decimal:
    check = Checker()
    finite = quantity.is_finite()
    check.require(finite and quantity != 0, "quantity", _("Enter a quantity other than zero."))
    check.finish()
    check.require(
        0 <= row.met + quantity <= row.asked,
        "quantity",
        _("Together with what was met before, this must lie between 0 and %(asked)s.")
        % {"asked": format(row.asked.normalize(), "f")},
        "out-of-range",
    )
    whole = not KINDS[ticket.kind].whole or quantity == quantity.to_integral_value()
    check.require(whole, "quantity", _("Enter a whole number."), "whole")
    check.require(
        quantity == quantity.quantize(_PLACES) if abs(quantity) < 10**11 else False,
        "quantity", _("At most three decimal places."), "places",
    )  # fmt: skip
    check.finish()
    return quantity


def _outcome(row: Line) -> Outcome:
    if row.met == row.asked:
        return Outcome.MET
    return Outcome.PART_MET if row.met else Outcome.PENDING


def _record_fulfilment(this: Step, line: int, quantity: Decimal) -> None:
    Fulfilment.objects.create(
        event=this.done(), ticket=this.ticket, kind=this.ticket.kind, line=line,
        quantity=quantity, recorded_at=this.at,
    )  # fmt: skip


def resolve(
    *,
    ticket: Ticket,
    result: str,
    reasons: Mapping[int, str] | None = None,
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """办结: every line is met, or partly or not met with a reason by its position.

    Raises Invalid by ``("reasons", position)`` for each line that lacks one.
    """
    text = require_text(result=result)
    with step(Verb.RESOLVE, ticket=ticket, version=version, by=by) as this:
        lines = list(KINDS[this.ticket.kind].lines_of(this.ticket.pk))
        _settle(lines, reasons or {})
        this.ticket.resolved_by = by
        this.payload = {
            "outcomes": [str(line.outcome) for line in lines],
            "met": [format(line.met.normalize(), "f") for line in lines],
        }
        this.text = dict(text)
    return this.ticket


def _settle(lines: list[Line], reasons: Mapping[int, str]) -> None:
    check = Checker()
    for line in lines:
        reason = (reasons.get(line.position) or "").strip()
        is_met = line.met == line.asked
        check.require(
            is_met or reason,
            ("reasons", line.position),
            _("Say why this line was not met in full."),
            "required",
        )
        check.require(
            len(reason) <= 200,  # noqa: PLR2004
            ("reasons", line.position), _("At most 200 characters."), "max_length",
        )  # fmt: skip
        line.outcome_reason = "" if is_met else reason
        line.outcome = Outcome.REFUSED if line.met == 0 else _outcome(line)
    check.finish()
    for line in lines:
        line.save(update_fields=["outcome", "outcome_reason"])


def reset_outcomes(ticket: Ticket) -> None:
    """A ticket that is handled again is unsettled again; what was met stays met."""
    lines = KINDS[ticket.kind].lines_of(ticket.pk)
    lines.filter(met=0).update(outcome=Outcome.PENDING, outcome_reason="")
    lines.filter(met__gt=0, met__lt=F("asked")).update(outcome_reason="")

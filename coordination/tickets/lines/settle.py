"""逐项落实: recording for each line what was met and what will not be met.

Each record is a fact of its own. A line is settled when the quantities met and refused add up to
the quantity asked.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Fulfilment, LineRefusal, Ticket, TicketEvent
from coordination.tickets.step import Step, given_text, require_text, step
from projects.record.refusals import Checker, FieldError, Invalid
from projects.record.text import one_line

LONGEST_REASON: Final = 200
_PLACES: Final = Decimal("0.001")
_STATE: Final = ["met", "refused", "outcome", "outcome_reason"]


def fulfil(
    *,
    ticket: Ticket,
    line: int,
    quantity: Decimal,
    note: str = "",
    version: int | None = None,
    by: Officer,
) -> Ticket:
    """Record that more of one line was met; a correction is a negative quantity.

    Raises Invalid if there is no such line, it was refused, or the sum would be outside 0 to asked.
    """
    with step(Verb.FULFIL, ticket=ticket, version=version, by=by) as this:
        row = _line(this.ticket, line)
        if row.refused:
            message = _("The rest of this line was refused; take it up again first.")
            raise Invalid([FieldError(("line",), message, "refused")])
        quantity = _checked_quantity(this.ticket, row, quantity)
        row.met += quantity
        _judge(row)
        this.payload = {"line": line, "quantity": format(quantity.normalize(), "f")}
        this.text = given_text(note=note)
        this.also.append(lambda event: _record_fulfilment(this, event, line, quantity))
    return this.ticket


def refuse(
    *, ticket: Ticket, line: int, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """不予落实: refuse the rest of one line; the enterprise reads the reason.

    Raises Invalid if there is no such line, or nothing of it is left.
    """
    text = require_text(reason=reason)
    with step(Verb.REFUSE, ticket=ticket, version=version, by=by) as this:
        row = _line(this.ticket, line)
        if row.is_settled:
            raise Invalid([FieldError(("line",), _("This line is settled already."), "settled")])
        _check_reasons({line: text["reason"]}, ("reason",))
        rest = _refuse_rest(this, row, text["reason"])
        this.payload = {"line": line, "quantity": format(rest.normalize(), "f")}
        this.text = dict(text)
    return this.ticket


def reconsider(
    *, ticket: Ticket, line: int, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """恢复办理: work again on what was refused of one line.

    Raises Invalid if there is no such line, or it was not refused.
    """
    text = require_text(reason=reason)
    with step(Verb.RECONSIDER, ticket=ticket, version=version, by=by) as this:
        row = _line(this.ticket, line)
        if not row.refused:
            raise Invalid([FieldError(("line",), _("This line was not refused."), "not-refused")])
        this.payload = {"line": line, "quantity": format(row.refused.normalize(), "f")}
        this.text = dict(text)
        _take_up(this, row)
    return this.ticket


def settle_rest(this: Step, lines: Iterable[Line], reasons: Mapping[int, str]) -> None:
    """Refuse the rest of every line, each with its own reason.

    Part of the caller's step. Raises Invalid at ``("reasons", position)`` for a missing reason.
    """
    rest = [line for line in lines if not line.is_settled]
    said = {line.position: one_line(reasons.get(line.position) or "") for line in rest}
    _check_reasons(said)
    for line in rest:
        _refuse_rest(this, line, said[line.position])


def unsettle(this: Step) -> None:
    """Undo the refusals of a ticket that is handled again; quantities met stay."""
    for line in KINDS[this.ticket.kind].lines_of(this.ticket.pk).exclude(refused=0):
        _take_up(this, line)


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


def _check_reasons(reasons: Mapping[int, str], path: tuple[Any, ...] = ()) -> None:
    check = Checker()
    for position, reason in reasons.items():
        where = path or ("reasons", position)
        check.require(reason, where, _("Say why this line was not met in full."), "required")
        check.require(
            len(reason) <= LONGEST_REASON, where, _("At most 200 characters."), "max_length"
        )
    check.finish()


def _refuse_rest(this: Step, line: Line, reason: str) -> Decimal:
    rest = line.asked - line.met - line.refused
    line.refused += rest
    line.outcome_reason = reason
    _judge(line)
    this.also.append(lambda event: _record_refusal(this, event, line.position, rest))
    return rest


def _take_up(this: Step, line: Line) -> None:
    was = line.refused
    line.refused, line.outcome_reason = Decimal(0), ""
    _judge(line)
    this.also.append(lambda event: _record_refusal(this, event, line.position, -was))


def _judge(line: Line) -> None:
    line.outcome = line.judged()
    line.save(update_fields=_STATE)


def _record_fulfilment(this: Step, event: TicketEvent, line: int, quantity: Decimal) -> None:
    Fulfilment.objects.create(
        event=event, ticket=this.ticket, kind=this.ticket.kind, line=line, quantity=quantity,
        recorded_at=this.at,
    )  # fmt: skip


def _record_refusal(this: Step, event: TicketEvent, line: int, quantity: Decimal) -> None:
    LineRefusal.objects.create(
        event=event, ticket=this.ticket, kind=this.ticket.kind, line=line, quantity=quantity,
        recorded_at=this.at,
    )  # fmt: skip

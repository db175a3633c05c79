"""延期: asked by who handles it before the deadline, decided by who leads."""

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.clocks import keep
from coordination.tickets.clocks.queries import rules
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.step import require_text, step
from projects.record.refusals import FieldError, Invalid


def extend(
    *, ticket: Ticket, amount: int, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """申请延期 by so much of the term's own unit; at most the original term.

    By the handler or the lead, before the deadline, once for a term: it may be asked for again
    only where it was refused. Raises Invalid where the amount will not do.
    """
    text = require_text(reason=reason)
    with step(Verb.EXTEND, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        _require_amount(row, amount)
        row.extension_asked, row.extension_asked_by = amount, by
        this.payload = {"amount": amount, "unit": row.term_unit}
        this.text = dict(text)
    return this.ticket


def _require_amount(ticket: Ticket, amount: int) -> None:
    most = ticket.term.most_extension
    if not 1 <= amount <= most:
        message = _("Give 1 to %(most)s: an extension is at most the original term.") % {
            "most": most
        }
        raise Invalid([FieldError(("amount",), message, "out-of-range")])


def grant(*, ticket: Ticket, version: int | None = None, by: Officer) -> Ticket:
    """同意延期: the deadline is reckoned again with what was asked for, and is another run.

    By the group lead or the director, never by who asked.
    """
    with step(Verb.GRANT, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        row.extension = row.extension_asked
        keep.begin_run(row)
        this.payload = {"amount": row.extension, **keep.set_again(row, rules())}
        row.extension_asked, row.extension_asked_by = 0, None
    return this.ticket


def deny(*, ticket: Ticket, reason: str, version: int | None = None, by: Officer) -> Ticket:
    """不同意延期, with the reason; the deadline stands. By the same."""
    text = require_text(reason=reason)
    with step(Verb.DENY, ticket=ticket, version=version, by=by) as this:
        row = this.ticket
        this.payload = {"amount": row.extension_asked}
        row.extension_asked, row.extension_asked_by = 0, None
        this.text = dict(text)
    return this.ticket

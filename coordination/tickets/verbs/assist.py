"""Asking another officer to assist with a ticket, and releasing him."""

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.flow import Capacity, Verb
from coordination.tickets.models import Assistance, Ticket
from coordination.tickets.queries_assistance import who_may_assist
from coordination.tickets.standing import standing
from coordination.tickets.step import step
from projects.record.refusals import FieldError, Invalid


def assist(
    *, ticket: Ticket, officer: Officer | None, version: int | None = None, by: Officer
) -> Ticket:
    """协办: an officer of any group may from now on see the ticket, comment, attach and fulfil.

    By the handler or the group lead. Raises Invalid where that officer cannot help: he handles
    it, helps already, or serves in no group's office.
    """
    with step(Verb.ASSIST, ticket=ticket, version=version, by=by) as this:
        if officer is None or not who_may_assist(this.ticket).filter(pk=officer.pk).exists():
            message = _("Choose an officer who does not work on this ticket yet.")
            raise Invalid([FieldError(("officer",), message, "choice")])
        Assistance.objects.create(ticket=this.ticket, officer=officer, since=this.at)
        this.payload = {"officer": officer.pk}
        this.internal = True
    return this.ticket


def release(
    *, ticket: Ticket, assistant: Officer | None, version: int | None = None, by: Officer
) -> Ticket:
    """The officer no longer helps with it, and no longer sees it.

    By the handler or the group lead; whoever helps may also go by himself. Raises Invalid where
    he does not help, or where one who helps would send another away.
    """
    with step(Verb.RELEASE, ticket=ticket, version=version, by=by) as this:
        only_helps = Capacity.ASSISTANT in standing(this.ticket, by) and not _leads(this.ticket, by)
        if only_helps and assistant != by:
            message = _("Whoever assists may only let himself go.")
            raise Invalid([FieldError(("assistant",), message, "not-yours")])
        rows = Assistance.objects.filter(ticket=this.ticket, officer=assistant, until=None)
        if not rows.update(until=this.at):
            message = _("This officer does not assist with this ticket.")
            raise Invalid([FieldError(("assistant",), message, "choice")])
        this.payload = {"officer": assistant.pk if assistant else None}
        this.internal = True
    return this.ticket


def _leads(ticket: Ticket, by: Officer) -> bool:
    return bool(standing(ticket, by) & {Capacity.HANDLER, Capacity.GROUP_LEAD})

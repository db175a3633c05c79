"""Who assists with which ticket now."""

from django.db.models import QuerySet

from coordination.groups.queries_acting import acting_officers
from coordination.staff.models import Officer
from coordination.tickets.models import Assistance, Ticket
from projects.record.clock import now


def assisting(ticket: Ticket) -> QuerySet[Officer]:
    """The officers who assist with the ticket now."""
    return Officer.objects.filter(
        assistances__ticket=ticket, assistances__until=None, is_active=True
    ).order_by("username")


def assists(ticket: Ticket, officer: Officer) -> bool:
    """Whether he assists with it and it is open."""
    return (
        ticket.ended_at is None
        and Assistance.objects.filter(ticket=ticket, officer=officer, until=None).exists()
    )


def assisted_by(officer: Officer) -> list[int]:
    """The ids of the open tickets that he assists with; there are few."""
    rows = Assistance.objects.filter(officer=officer, until=None, ticket__ended_at=None)
    return list(rows.values_list("ticket_id", flat=True))


def who_may_assist(ticket: Ticket) -> QuerySet[Officer]:
    """Officers of any group who can act now and neither assist with it nor handle it."""
    return (
        acting_officers(now())
        .exclude(pk=ticket.handler_id or 0)
        .exclude(pk__in=assisting(ticket).values("pk"))
        .order_by("username")
    )


def assistances(ticket: Ticket) -> QuerySet[Assistance]:
    """The assistances in force, with their officers, the oldest first."""
    return (
        Assistance.objects.filter(ticket=ticket, until=None)
        .select_related("officer")
        .order_by("since", "pk")
    )

"""The duplicates of a ticket, and which of them may be revived."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from coordination.tickets.flow import OPEN, UNMET
from coordination.tickets.models import Relation, Ticket, TicketLink
from projects.record.clock import now
from projects.record.reading import rows

REOPEN_DAYS = 30  # also for reviving a duplicate, from the end of its original
_HAS_ANY: Final = f"""
    SELECT EXISTS (SELECT FROM tickets_ticketlink
        WHERE target_id = %s AND relation = '{Relation.DUPLICATE_OF}')
"""  # noqa: S608 - a value of our own


def has_duplicates(ticket: Ticket) -> bool:
    """Whether any ticket was declined as a duplicate of this one."""
    ((has_any,),) = rows(_HAS_ANY, [ticket.pk])
    return bool(has_any)


def duplicates_of(ticket: Ticket) -> QuerySet[Ticket]:
    """The tickets that were declined as duplicates of this one, the oldest first."""
    links = TicketLink.objects.filter(target=ticket.pk, relation=Relation.DUPLICATE_OF)
    return Ticket.objects.filter(pk__in=links.values("source")).order_by("pk")


def original_of(ticket: Ticket) -> Ticket | None:
    """The ticket of which this one is a duplicate."""
    links = TicketLink.objects.filter(source=ticket.pk, relation=Relation.DUPLICATE_OF)
    return Ticket.objects.filter(pk__in=links.values("target")).first()


def ended_lately(ticket: Ticket, at: datetime) -> bool:
    """It ended less than thirty days ago."""
    return ticket.ended_at is not None and (at - ticket.ended_at).days < REOPEN_DAYS


def has_lost_original(ticket: Ticket, at: datetime) -> bool:
    """It is a duplicate, and its original was declined or withdrawn less than thirty days ago."""
    original = original_of(ticket)
    return original is not None and original.status in UNMET and ended_lately(original, at)


def may_be_revived(ticket: Ticket) -> bool:
    """It may be revived now, or could be later, because its original is still open.

    Such a duplicate keeps its personal data beyond the usual thirty days.
    """
    original = original_of(ticket)
    if original is None:
        return False
    return original.status in OPEN or has_lost_original(ticket, now())

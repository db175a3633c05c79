"""The light of a ticket (green, yellow, red), computed from its columns.

Red: the deadline has passed with the clock running. Yellow: the last working day of the term (of
a term in hours, the last hour), or one warning. Green: otherwise. A ticket without a running or
standing clock (resolved, ended) shows none. While an answer is awaited the light stands as it did
when the question was asked.
"""

from datetime import datetime

from django.db.models import F, Q, TextChoices
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import RUNNING
from coordination.tickets.models import Ticket
from coordination.tickets.queries_overdue import red_at


class Light(TextChoices):
    GREEN = "green", pgettext_lazy("light", "Green")
    YELLOW = "yellow", pgettext_lazy("light", "Yellow")
    RED = "red", pgettext_lazy("light", "Red")


def due_of(ticket: Ticket) -> datetime | None:
    """The deadline of the clock that runs or stands."""
    return (ticket.due_at or ticket.accept_due) if ticket.status in RUNNING else None


def light_of(ticket: Ticket, at: datetime) -> Light | None:
    """The light at that moment."""
    due = due_of(ticket)
    if due is None:
        return None
    stands = min(at, ticket.paused_at or at)
    return light(due, ticket.warn_at, stands, was_warned=bool(ticket.warned_count))


def light(due: datetime, warn_at: datetime | None, stands: datetime, *, was_warned: bool) -> Light:
    """The light of a clock that has run up to ``stands``: to now, or to when it was paused."""
    if due < stands:
        return Light.RED
    is_near = warn_at is not None and warn_at <= stands
    return Light.YELLOW if is_near or was_warned else Light.GREEN


def is_red(ticket: Ticket, at: datetime) -> bool:
    """Overdue, with its clock running."""
    return light_of(ticket, at) is Light.RED


def lit(light: str, at: datetime) -> Q:
    """The condition for tickets of this light; served by the partial indexes on ``clock_due``."""
    has_clock = Q(clock_due__isnull=False)
    if light == Light.RED:
        return has_clock & red_at(at)
    if light == Light.YELLOW:
        return has_clock & ~red_at(at) & _near(at)
    return has_clock & ~red_at(at) & ~_near(at)


def _near(at: datetime) -> Q:
    reached = Q(warn_at__isnull=False, warn_at__lte=at) & (
        Q(paused_at__isnull=True) | Q(warn_at__lte=F("paused_at"))
    )
    return reached | Q(warned_count__gt=0)

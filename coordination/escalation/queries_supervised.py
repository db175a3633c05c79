"""Supervised matters (督办): tickets supervised by a person, or by step L2 of the ladder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from coordination.escalation.ladder import Level
from coordination.escalation.models import Escalation
from coordination.escalation.queries_annulled import not_annulled
from coordination.tickets.flow import Verb
from coordination.tickets.models import StateRange, Ticket, TicketEvent
from coordination.tickets.queries_history import IS_OPEN, standing_at
from coordination.tickets.queries_overdue import with_deadline
from projects.house.blocks import Period

PERSON: Final = "person"
LADDER: Final = "ladder"


@dataclass(frozen=True)
class Supervised:
    """A ticket, when and by whom it was supervised last, and where it stood at the cut-off."""

    at: datetime
    by: str
    standing: StateRange
    due: datetime | None


def supervised_in(period: Period) -> list[Supervised]:
    """What was supervised in the period, or earlier and is open at its end; the oldest first.

    Each ticket once, by its last supervision; annulled steps do not count.
    """
    last: dict[int, tuple[datetime, str]] = {}
    for ticket, at, by in _given(period):
        last[ticket] = max(last.get(ticket, (at, by)), (at, by))
    rows = with_deadline(standing_at(period.end).filter(ticket__in=last), period.end)
    found = [
        Supervised(*last[row.ticket_id], row, row.due) for row in rows.select_related("ticket")
    ]
    return sorted(found, key=lambda each: (each.at, each.standing.ticket.number))


def _given(period: Period) -> Iterator[tuple[int, datetime, str]]:
    """Each supervision that counts, as ticket, time and by whom."""
    still_open = standing_at(period.end).filter(IS_OPEN).values("ticket")
    in_period = Q(recorded_at__gt=period.start)
    by_person = TicketEvent.objects.filter(verb=Verb.SUPERVISE, recorded_at__lte=period.end)
    ever = Ticket.objects.filter(supervise_count__gt=0, pk__in=still_open)
    by_ladder = not_annulled(
        Escalation.objects.filter(level=Level.L2, recorded_at__lte=period.end), period.end
    )
    parts: tuple[tuple[QuerySet[Any], str], ...] = (
        (by_person.filter(in_period), PERSON),
        (by_person.filter(ticket__in=ever), PERSON),
        (by_ladder.filter(in_period), LADDER),
        (by_ladder.filter(ticket__in=still_open), LADDER),
    )
    for rows, by in parts:
        for ticket, at in rows.values_list("ticket", "recorded_at"):
            yield ticket, at, by

"""Where each ticket stood at a moment, and what happened in a window of time.

The bulletin, the ledger and an enterprise's own tickets of a week ask this here, and nobody asks
the events by themselves. Everything is a function of the events recorded up to the moment.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from coordination.tickets.flow import ENDED, OPEN, Verb
from coordination.tickets.models import TicketEvent
from projects.flow.table import NEW

# The verbs that say in their payload whose ticket it is from then on.
_ROUTING: Final = (Verb.SUBMIT, Verb.PASS_ON, Verb.HAND_OVER, Verb.REVIVE)
# Those of an open ticket: one that is revived was with nobody.
_MOVING: Final = (Verb.PASS_ON, Verb.HAND_OVER)

# What happened, as conditions on the events of ``happened_in``.
FILED: Final = Q(from_status=NEW)
REOPENED: Final = Q(from_status__in=ENDED, to_status__in=OPEN)
ENDING: Final = Q(from_status__in=OPEN, to_status__in=ENDED)
# It was filed, it ended, or something happened to it after it had ended.
CAME_OR_ENDED: Final = FILED | Q(from_status__in=ENDED) | Q(to_status__in=ENDED)
# It went from one group, or from none, to another.
MOVED: Final = Q(verb__in=_MOVING) & (
    Q(group_before__isnull=True) | ~Q(group_before=F("group_after"))
)

# A subquery: each ticket of a %(kind)s, and whether it was open (%(open)s) at the %(end)s.
OPEN_AT_SQL: Final = """
            SELECT DISTINCT ON (event.ticket_id) event.ticket_id,
                event.to_status = ANY (%(open)s) AS is_open
            FROM tickets_ticketevent AS event
            JOIN tickets_ticket AS ticket
                ON ticket.id = event.ticket_id AND ticket.kind = %(kind)s
            WHERE event.recorded_at <= %(end)s
            ORDER BY event.ticket_id, event.seq DESC
"""


def recorded_by(at: datetime) -> QuerySet[TicketEvent]:
    """Every event up to that moment."""
    return TicketEvent.objects.filter(recorded_at__lte=at)


def standing_at(at: datetime) -> QuerySet[TicketEvent]:
    """Each ticket's last event by then; its ``to_status`` is where the ticket stood."""
    latest = recorded_by(at).order_by("ticket_id", "-seq").distinct("ticket_id")
    return TicketEvent.objects.filter(pk__in=latest.values("pk"))


def status_at(at: datetime) -> Subquery:
    """For a query of tickets: the state in which each stood; null where it was not filed yet."""
    events = recorded_by(at).filter(ticket=OuterRef("pk"))
    return Subquery(events.order_by("-seq").values("to_status")[:1])


def happened_in(start: datetime, end: datetime) -> QuerySet[TicketEvent]:
    """The events after ``start``, up to and with ``end``.

    Each with the group that gave the ticket away and the one that got it, where it moved.
    """
    rows = TicketEvent.objects.filter(recorded_at__gt=start, recorded_at__lte=end)
    return rows.annotate(group_before=_of_payload("from_group"), group_after=_of_payload("group"))


def group_then() -> Subquery:
    """For a query of events: the group whose ticket it was, once the event had happened."""
    routed: QuerySet[Any] = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), seq__lte=OuterRef("seq"), verb__in=_ROUTING
    )
    found = routed.order_by("-seq").annotate(group_after=_of_payload("group"))
    return Subquery(found.values("group_after")[:1])


def _of_payload(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "payload"), BigIntegerField())

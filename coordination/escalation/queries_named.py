"""Tickets that a bulletin names (通报点名), and those that it named and would not have by now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from coordination.escalation.flow import EscalationVerb
from coordination.escalation.ladder import Level
from coordination.escalation.models import Escalation
from coordination.escalation.queries_annulled import not_annulled
from coordination.tickets.models import StateRange, TicketEvent
from coordination.tickets.queries_history import held_at
from projects.house.blocks import Period


def given_between(after: datetime, until: datetime) -> QuerySet[Escalation]:
    """The namings given after the one moment, up to and with the other; annulled ones too."""
    rows = Escalation.objects.filter(level=Level.L3, recorded_at__gt=after, recorded_at__lte=until)
    return rows.order_by("recorded_at", "pk")


def named_between(
    after: datetime, until: datetime, *, known_at: datetime | None = None
) -> QuerySet[Escalation]:
    """Of these, those that were not annulled by ``known_at``, or else by ``until``."""
    return not_annulled(given_between(after, until), known_at or until)


def annulled_since(period: Period) -> QuerySet[Escalation]:
    """The namings given before the period that were annulled in it."""
    rows = Escalation.objects.filter(
        level=Level.L3,
        recorded_at__lte=period.start,
        annulment__recorded_at__gt=period.start,
        annulment__recorded_at__lte=period.end,
    )
    return rows.order_by("recorded_at", "pk")


def with_group(namings: QuerySet[Escalation]) -> QuerySet[Any]:
    """Each with its ticket, and as ``group`` the id of the group that had it when it was given."""
    had: QuerySet[Any] = StateRange.objects.filter(
        held_at(OuterRef("recorded_at")), ticket=OuterRef("ticket")
    )
    group = Subquery(had.values("group_id")[:1])
    return namings.select_related("ticket").annotate(group=group)


def explained_until(at: datetime, tickets: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """When the delay was last explained by then, by ticket and number of the deadline."""
    rows = TicketEvent.objects.filter(
        ticket__in=tickets, verb=EscalationVerb.EXPLAIN, recorded_at__lte=at
    ).order_by("ticket", "seq")
    return {
        (ticket, run): told
        for ticket, run, told in rows.values_list("ticket", "payload__run", "recorded_at")
    }

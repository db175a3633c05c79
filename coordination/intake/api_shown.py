"""The JSON of a ticket's own columns, built without serializers.

The serializers describe the fields for the API's document; for a page of fifty tickets they would
take most of the request's time. A test compares the two.
"""

from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language

from coordination.intake.api_service import represent_officer, represent_project
from coordination.staff.models import Officer
from coordination.tickets.clocks.lights import light_of
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import now

type Instead = dict[int, Officer | None]
_MOMENTS: Final = (
    "needed_by", "filed_at", "changed_at", "ended_at", "accept_due", "due_at", "answer_due",
    "urged_at",
)  # fmt: skip


@lru_cache(maxsize=256)  # tickets filed together share their times
def _moment(value: datetime, zone: tzinfo) -> str:
    """ISO 8601 in the given zone, like all times of the API."""
    return value.astimezone(zone).isoformat()


def _moments(ticket: Ticket) -> dict[str, str | None]:
    zone = timezone.get_default_timezone()
    values = {name: getattr(ticket, name) for name in _MOMENTS}
    return {name: _moment(value, zone) if value else None for name, value in values.items()}


def _relations(ticket: Ticket, instead: Instead) -> dict[str, Any]:
    return {
        "project": represent_project(ticket.project),
        "group": ticket.group.name if ticket.group else None,
        "liaison": represent_officer(instead.get(ticket.pk, ticket.handler)),
    }


@lru_cache(maxsize=256)
def _labels(_language: str | None, kind: str, status: str) -> dict[str, str]:
    """Cached by the language, which the labels depend on."""
    return {"kind_label": str(KINDS[kind].label), "status_label": str(Status(status).label)}


def columns_of(ticket: Ticket, instead: Instead) -> dict[str, Any]:
    """The fields made of the ticket's row and those of its project, group and handler.

    ``instead`` has, by ticket, who answers for it instead of a handler who cannot act.
    """
    light = light_of(ticket, now())
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "external_id": ticket.external_id or None,
        "status": ticket.status,
        "version": ticket.version,
        "light": light.value if light else None,
        "clock_stands": ticket.paused_at is not None,
        "due_is_provisional": ticket.due_is_provisional,
        "answer_is_provisional": ticket.answer_is_provisional,
        "title": ticket.title or None,
        "detail": ticket.detail or None,
        "satisfaction": ticket.satisfaction,
        "redo_count": ticket.redo_count,
        "urge_count": ticket.urge_count,
        **_labels(get_language(), ticket.kind, ticket.status),
        **_relations(ticket, instead),
        **_moments(ticket),
    }

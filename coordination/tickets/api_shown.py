"""A ticket in the API's words, put together by hand.

The serializers say what there is, for the document; of fifty tickets they would spend most of a
request on asking each field how it is read. A test holds the two together.
"""

from datetime import datetime, tzinfo
from typing import Any, Final

from django.utils import timezone

from coordination.tickets.clocks.lights import light_of
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import now

_MOMENTS: Final = (
    "needed_by", "filed_at", "changed_at", "ended_at", "accept_due", "due_at", "answer_due",
    "urged_at",
)  # fmt: skip


def _moment(value: datetime | None, zone: tzinfo) -> str | None:
    """By the wall clock here, as the rest of the API says it."""
    return None if value is None else value.astimezone(zone).isoformat()


def _moments(ticket: Ticket) -> dict[str, str | None]:
    zone = timezone.get_default_timezone()
    return {name: _moment(getattr(ticket, name), zone) for name in _MOMENTS}


def _named(ticket: Ticket) -> dict[str, Any]:
    """Whom and what it belongs to."""
    handler = ticket.handler
    return {
        "project": {"code": ticket.project.code, "name": ticket.project.name},
        "group": ticket.group.name if ticket.group else None,
        "liaison": {"name": handler.name, "mobile": handler.mobile} if handler else None,
    }


def columns_of(ticket: Ticket) -> dict[str, Any]:
    """All that is said of a ticket from its own row, its project's and its handler's."""
    light = light_of(ticket, now())
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "kind_label": str(KINDS[ticket.kind].label),
        "title": ticket.title,
        "urgency": ticket.urgency,
        "status": ticket.status,
        "status_label": str(Status(ticket.status).label),
        "version": ticket.version,
        "light": light.value if light else None,
        "clock_stands": ticket.paused_at is not None,
        "detail": ticket.detail,
        "satisfaction": ticket.satisfaction,
        "redo_count": ticket.redo_count,
        "urge_count": ticket.urge_count,
        **_named(ticket),
        **_moments(ticket),
    }

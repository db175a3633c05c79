"""A ticket in the API's words, put together by hand.

The serializers say what there is, for the document; of fifty tickets they would spend most of a
request on asking each field how it is read. A test holds the two together.
"""

from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language

from coordination.tickets.clocks.lights import light_of
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import now

_MOMENTS: Final = (
    "needed_by", "filed_at", "changed_at", "ended_at", "accept_due", "due_at", "answer_due",
    "urged_at",
)  # fmt: skip


@lru_cache(maxsize=256)  # those filed at once have two moments
def _moment(value: datetime, zone: tzinfo) -> str:
    """By the wall clock here, as the rest of the API says it."""
    return value.astimezone(zone).isoformat()


def _moments(ticket: Ticket) -> dict[str, str | None]:
    zone = timezone.get_default_timezone()
    found = {name: getattr(ticket, name) for name in _MOMENTS}
    return {name: _moment(value, zone) if value else None for name, value in found.items()}


def _named(ticket: Ticket) -> dict[str, Any]:
    """Whom and what it belongs to."""
    project, group, handler = ticket.project, ticket.group, ticket.handler
    return {
        "project": {"code": project.code, "name": project.name},
        "group": group.name if group else None,
        "liaison": {"name": handler.name, "mobile": handler.mobile} if handler else None,
    }


def _labels(kind: str, status: str) -> dict[str, str]:
    return _labels_in(get_language(), kind, status)


@lru_cache(maxsize=256)
def _labels_in(_language: str | None, kind: str, status: str) -> dict[str, str]:
    """In the language of the request; looked up once."""
    return {"kind_label": str(KINDS[kind].label), "status_label": str(Status(status).label)}


def columns_of(ticket: Ticket) -> dict[str, Any]:
    """All that is said of a ticket from its own row, its project's and its handler's."""
    light = light_of(ticket, now())
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "title": ticket.title,
        "urgency": ticket.urgency,
        "status": ticket.status,
        "version": ticket.version,
        "light": light.value if light else None,
        "clock_stands": ticket.paused_at is not None,
        "detail": ticket.detail,
        "satisfaction": ticket.satisfaction,
        "redo_count": ticket.redo_count,
        "urge_count": ticket.urge_count,
        **_labels(ticket.kind, ticket.status),
        **_named(ticket),
        **_moments(ticket),
    }

"""The desk's panels on the pages of an enterprise, a service group and an officer."""

from typing import Any, Final

from django.db.models import Count, QuerySet

from coordination.groups.models import ServiceGroup
from coordination.staff.models import Officer
from coordination.tickets.clocks.lights import Light, due_of, light_of, lit
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.waiting import IS_OPEN
from projects.record.clock import now
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import opened_or
from projects.register.models import Enterprise
from projects.worktime.sentence import say_lateness

SHOWN: Final = 10
_CONTACTS: Final = 20  # the tickets whose contacts are read


def open_tickets(rows: QuerySet[Ticket], query: str) -> dict[str, Any]:
    """The open tickets among these by light, and the most pressing; ``query`` is the queue's."""
    at = now()
    rows = rows.filter(IS_OPEN)
    lights = {light.value: Count("pk", filter=lit(light, at)) for light in Light}
    related = ("project", "enterprise", "handler", "group")
    newest = rows.select_related(*related).order_by("clock_due", "pk")[:SHOWN]
    shown = [(each, _lateness(each), light_of(each, at) or "") for each in newest]
    return {
        "numbers": rows.order_by().aggregate(open=Count("pk"), **lights),
        "tickets": shown, "query": query,
    }  # fmt: skip


def _lateness(ticket: Ticket) -> str:
    due = due_of(ticket)
    return say_lateness(due, now()) if due is not None else ""


def of_enterprise(enterprise: Enterprise, officer: Officer) -> dict[str, Any] | None:
    """Its open tickets that he may see, and the contacts of its newest ones, masked."""
    if not officer.has_perm("tickets.view_ticket"):
        return None
    rows = tickets_for(officer).filter(enterprise=enterprise)
    found = open_tickets(rows, f"status=open&q={enterprise.uscc}")
    return found | {"contacts": _contacts(rows)}


def _contacts(rows: QuerySet[Ticket]) -> list[tuple[str, str, Ticket]]:
    """Name and mobile, masked, each once, with the newest ticket that has them."""
    found: dict[tuple[str, str], tuple[str, str, Ticket]] = {}
    for ticket in rows.order_by("-filed_at", "-pk")[:_CONTACTS]:
        name = opened_or(ticket, "contact_name", "") or ""
        mobile = opened_or(ticket, "contact_mobile", "") or ""
        if name or mobile:
            found.setdefault((name, mobile), (mask_name(name), mask_phone(mobile), ticket))
    return list(found.values())


def of_group(group: ServiceGroup, officer: Officer) -> dict[str, Any] | None:
    """The group's open tickets that he may see."""
    if not officer.has_perm("tickets.view_ticket"):
        return None
    return open_tickets(tickets_for(officer).filter(group=group), f"status=open&group={group.pk}")


def of_officer(of: Officer, officer: Officer) -> dict[str, Any] | None:
    """The open tickets that an officer handles, of those that the reader may see."""
    if not officer.has_perm("tickets.view_ticket"):
        return None
    return open_tickets(tickets_for(officer).filter(handler=of), f"status=open&handler={of.pk}")

"""The handling sheet (办理单) of a ticket, made to be printed, signed by hand and filed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.tickets.clocks.account import account_of
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines import queries_shown
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.reader import TicketReader
from coordination.workbench.ticket.admin_timeline import timeline_panel
from projects.record.clock import now
from projects.record.masks import mask_name, mask_numbers, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.names import called


@dataclass(frozen=True)
class Step:
    """One event on the sheet."""

    at: Any
    verb: str
    who: str
    words: tuple[str, ...]


def sheet_panel(_ticket: Ticket, _reader: object) -> dict[str, Any]:
    """The panel with the button that opens the sheet."""
    return {}


def sheet_page(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The sheet. A paper leaves the house: everybody on it is masked, whoever prints it.

    Internal entries are left out.
    """
    officer = officer_of(request)
    rows = tickets_for(officer).select_related("project__district", "enterprise", "group")
    ticket = get_object_or_404(rows.select_related("handler"), pk=ticket_id)
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    context = {
        "ticket": ticket,
        "title": _("Handling sheet %(number)s") % {"number": ticket.number},
        "at": now(),
        "officer": officer,
        "enterprise": called(ticket.enterprise, ticket.filed_at),
        "detail": mask_numbers(ticket.detail),
        "contact": _masked(ticket, "contact_name", mask_name),
        "mobile": _masked(ticket, "contact_mobile", mask_phone),
        "account": account_of(ticket, now()),
        "rows": queries_shown.rows(ticket.kind, lines, clear=False),
        "met_label": KINDS[ticket.kind].met_label,
        "steps": _steps(ticket, officer),
    }
    return TemplateResponse(request, "workbench/ticket/sheet.html", context)


def _masked(ticket: Ticket, name: str, mask: Callable[[str], str]) -> str:
    value = opened_or(ticket, name, None)
    return str(UNREADABLE) if value is None else mask(value)


def _steps(ticket: Ticket, officer: Officer) -> list[Step]:
    """The events that the enterprise knows too, the first one first."""
    return [
        Step(
            entry.event.recorded_at, entry.verb, entry.who,
            tuple(mask_numbers(words) for words in entry.words),
        )
        for entry in reversed(timeline_panel(ticket, TicketReader.of(ticket, officer))["entries"])
        if not entry.event.is_internal
    ]  # fmt: skip


def urls(inside: Callable[[Any], Any]) -> list[URLPattern]:
    """The address of the sheet, below its ticket's."""
    return [path("<int:ticket_id>/sheet/", inside(sheet_page), name="ticket_sheet")]

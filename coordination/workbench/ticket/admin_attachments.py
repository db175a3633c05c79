"""Attachments on the staff's pages: the download, and the panel that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from coordination.staff.admin_forms import officer_of
from coordination.tickets.attachments.queries import attachments_of, may_withdraw, name_of
from coordination.tickets.attachments.serve import serve, served_name
from coordination.tickets.models import Attachment, Ticket, TicketEvent
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_authors import names_of
from coordination.tickets.reader import TicketReader
from coordination.workbench.ticket.admin_facts import author_of
from projects.record.refusals import Gone, Missing
from projects.register.names import Names


def urls(inside: Callable[[Any], Any]) -> list[Any]:
    """The addresses of the files, below the ticket's."""
    place = "<int:ticket_id>/attachments/"
    return [
        path(f"{place}<int:number>/", inside(file_view), name="ticket_attachment"),
        path(
            f"{place}internal/<int:number>/", inside(file_view), {"internal": True},
            name="ticket_internal_attachment",
        ),
    ]  # fmt: skip


def address_of(attachment: Attachment) -> str:
    """The address of its download."""
    name = "ticket_internal_attachment" if attachment.is_internal else "ticket_attachment"
    return reverse(f"admin:{name}", args=[attachment.ticket_id, attachment.number])


def file_view(
    request: HttpRequest, ticket_id: int, number: int, *, internal: bool = False
) -> HttpResponseBase:
    """Send the file if he may see the ticket; shows a message if it cannot be decrypted."""
    officer = officer_of(request)
    ticket = get_object_or_404(tickets_for(officer), pk=ticket_id)
    try:
        return serve(ticket, number, officer, internal=internal)
    except Missing as refusal:
        raise Http404 from refusal
    except Gone as refusal:
        messages.error(request, str(refusal.message))
        return redirect("admin:tickets_ticket_change", ticket_id)


@dataclass(frozen=True)
class Row:
    """One attachment, as the panel shows it."""

    attachment: Attachment
    address: str
    name: str
    who: str
    may_withdraw: bool


def _sender_of(event: TicketEvent, names: Names) -> str:
    """Who attached it; what the system recorded for somebody outside is named by its verb."""
    return str(event.verb_label) if event.by_system else author_of(event, names)


def attachments_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """Each file with its size, author and time; no panel if there are none."""
    found = list(attachments_of(ticket, reader.officer))
    if not found:
        return None
    may = may_withdraw(ticket, reader.officer)
    shown = reader.words
    names = names_of(each.event for each in found)
    return {
        "rows": [
            Row(
                each, address_of(each), shown(name_of(each)) or served_name(each, ticket),
                _sender_of(each.event, names), each.is_kept and may(each),
            )
            for each in found
        ]
    }  # fmt: skip

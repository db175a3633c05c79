"""Attachments on the staff's pages: handed out, and the panel that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from coordination.groups.admin_forms import officer_of
from coordination.groups.models import Officer
from coordination.tickets.attachments.models import Attachment
from coordination.tickets.attachments.queries import attachments_of, may_withdraw, name_of
from coordination.tickets.attachments.serve import serve, served_name
from coordination.tickets.models import Ticket
from coordination.tickets.privacy.masks import mask_numbers
from coordination.tickets.privacy.models import PersonalGroup
from coordination.tickets.privacy.queries import is_revealed
from coordination.tickets.queries import tickets_for
from projects.record.refusals import Gone, Missing


def urls(inside: Callable[[Any], Any]) -> list[Any]:
    """The address of each file, below a ticket's."""
    address = "<int:ticket_id>/attachments/<int:number>/"
    return [path(address, inside(file_view), name="ticket_attachment")]


def file_view(request: HttpRequest, ticket_id: int, number: int) -> HttpResponseBase:
    """The file, to whoever may know of the ticket; his page says it where it does not open."""
    officer = officer_of(request)
    ticket = tickets_for(officer).filter(pk=ticket_id).first()
    if ticket is None:
        raise Http404
    try:
        return serve(ticket, number, officer)
    except Missing as refusal:
        raise Http404 from refusal
    except Gone as refusal:
        messages.error(request, str(refusal.message))
        return redirect("admin:coordination_ticket_change", ticket_id)


@dataclass(frozen=True)
class Row:
    """One attachment, as the panel shows it."""

    attachment: Attachment
    name: str
    who: str
    may_withdraw: bool


def attachments_panel(ticket: Ticket, officer: Officer) -> dict[str, Any] | None:
    """Each file with its size, who and when; nothing where there is none."""
    found = list(attachments_of(ticket, officer))
    if not found:
        return None
    may = may_withdraw(ticket, officer)
    said = str if is_revealed(ticket, PersonalGroup.WORDS, officer) else mask_numbers
    return {
        "rows": [
            Row(
                each, said(name_of(each)) or served_name(each, ticket), _who(each),
                each.is_kept and may(each),
            )
            for each in found
        ]
    }  # fmt: skip


def _who(attachment: Attachment) -> str:
    event = attachment.event
    return str(event.api_key.enterprise if event.api_key is not None else event.officer)

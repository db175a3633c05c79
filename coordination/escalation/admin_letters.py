"""The pages of a ticket's letters, made to be printed."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from coordination.escalation.letters import letter_events, letter_of
from coordination.staff.admin_forms import officer_of
from coordination.tickets.queries import tickets_for


def letter_page(request: HttpRequest, ticket_id: int, seq: int) -> HttpResponse:
    """One letter, on paper of A4; 404 where the event has none."""
    officer = officer_of(request)
    if not officer.has_perm("tickets.view_ticket"):
        raise PermissionDenied
    rows = tickets_for(officer).select_related("project", "enterprise")
    ticket = get_object_or_404(rows, pk=ticket_id)
    event = letter_events(ticket).filter(seq=seq).first()
    if event is None:
        raise Http404
    letter = letter_of(ticket, event, officer)
    context = {"letter": letter, "ticket": ticket, "title": f"{letter.title} {letter.number}"}
    return TemplateResponse(request, "escalation/letter.html", context)


def urls() -> list[URLPattern]:
    """The address of a letter, below its ticket's."""
    page = admin.site.admin_view(letter_page)
    address = "admin/tickets/ticket/<int:ticket_id>/letters/<int:seq>/"
    return [path(address, page, name="ticket_letter")]

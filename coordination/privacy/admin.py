"""Pages that reveal personal data and hold it from the purge, and the lists of both."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination.privacy.models import LegalHold, Purge, Reveal
from coordination.privacy.reveal import hold, reveal
from coordination.staff.admin_forms import officer_of
from coordination.staff.admin_pages import ByVerbs
from coordination.tickets import personal
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from projects.record.admin_forms import ReadOnly, WithoutCount
from projects.record.refusals import Refusal


class RequestForm(forms.Form):
    """The values of both forms; the verbs check them."""

    group = forms.ChoiceField(choices=personal.group_choices, required=False)
    is_kept = forms.BooleanField(required=False)
    reason = forms.CharField(required=False)


def reveal_view(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Reveal one group of personal data to this officer for half an hour."""
    return _perform(request, ticket_id, reveal, "privacy.add_reveal", "group")


def hold_view(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Hold a ticket from the purge, or release it."""
    return _perform(request, ticket_id, hold, "privacy.add_legalhold", "is_kept")


def urls() -> list[URLPattern]:
    """The addresses of the panel's forms, below a ticket's."""
    prefix, admin_view = "admin/tickets/ticket/<int:ticket_id>/", admin.site.admin_view
    return [
        path(f"{prefix}reveal/", admin_view(require_POST(reveal_view)), name="ticket_reveal"),
        path(f"{prefix}hold/", admin_view(require_POST(hold_view)), name="ticket_hold"),
    ]


def _perform(
    request: HttpRequest, ticket_id: int, verb: Callable[..., Any], permission: str, *names: str
) -> HttpResponse:
    officer = officer_of(request)
    if not officer.has_perm(permission):
        raise PermissionDenied
    ticket = get_object_or_404(tickets_for(officer), pk=ticket_id)
    form = RequestForm(request.POST)
    form.is_valid()
    inputs = {name: form.cleaned_data.get(name, "") for name in (*names, "reason")}
    try:
        verb(ticket=ticket, by=officer, **inputs)
    except Refusal as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("It is on record."))
    return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))


class Facts(ReadOnly, WithoutCount, ByVerbs):
    """A list of facts that nobody changes."""

    acting: ClassVar = "privacy.add_reveal"
    actions = None
    list_per_page = 50
    ordering: ClassVar = ["-pk"]


@admin.register(Reveal)
class RevealAdmin(Facts):
    list_display: ClassVar = ["recorded_at", "officer", "number", "group", "capacity", "reason"]
    list_filter: ClassVar = ["group", "capacity", "officer"]
    list_select_related: ClassVar = ["officer", "ticket"]

    @admin.display(description=Ticket._meta.verbose_name)
    def number(self, row: Reveal) -> str:
        return row.ticket.number


@admin.register(Purge)
class PurgeAdmin(Facts):
    list_display: ClassVar = ["recorded_at", "number"]
    list_select_related: ClassVar = ["ticket"]

    @admin.display(description=Ticket._meta.verbose_name)
    def number(self, row: Purge) -> str:
        return row.ticket.number


@admin.register(LegalHold)
class LegalHoldAdmin(Facts):
    list_display: ClassVar = ["recorded_at", "number", "is_held", "officer", "reason"]
    list_select_related: ClassVar = ["officer", "ticket"]

    @admin.display(description=Ticket._meta.verbose_name)
    def number(self, row: LegalHold) -> str:
        return row.ticket.number

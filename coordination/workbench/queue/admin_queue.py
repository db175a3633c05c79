"""The queue's page: saved views, filters applied immediately, paging, and bulk verbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.tickets.clocks.lights import Light, due_of, light_of
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_responsible import answering_each
from coordination.tickets.standing import may_ever
from coordination.workbench.models.phrase import phrases_for
from coordination.workbench.queue.bulk import BULK_VERBS, HANDLER, MOST, perform_each, picked
from coordination.workbench.queue.filters import ORDERS, Queue, parse_queue
from coordination.workbench.queue.pages import Page, page_of
from coordination.workbench.queue.saved import first_query, remove_view, save_view, views_of
from coordination.workbench.queue.seen import unread_among
from coordination.workbench.ticket.admin_actions import (
    KEYS,
    LIGHT_COLOURS,
    STATUS_COLOURS,
    URGENCY_COLOURS,
)
from coordination.workbench.ticket.admin_forms import ManyForm
from projects.record.admin_forms import say_done
from projects.record.clock import now
from projects.record.finding import id_of
from projects.record.refusals import Invalid, Missing
from projects.register.names import Names

_SHOWN: Final = ("project__district", "enterprise", "group", "handler")


@dataclass(frozen=True)
class Row:
    """One ticket in the queue."""

    ticket: Ticket
    enterprise: str  # as it was called when it filed
    status_colour: str
    urgency_colour: str
    is_unread: bool
    due: datetime | None
    light: Light | None

    @property
    def light_colour(self) -> str:
        """The colour of a label, in addition to its word."""
        return LIGHT_COLOURS[self.light] if self.light else ""


def is_part(request: HttpRequest) -> bool:
    """Whether the page's script requests only the part of the page that changes."""
    return request.headers.get("X-Part") == "1"


def queue_asked(given: Mapping[str, str], request: HttpRequest) -> Queue:
    """The queue that the address requests, for this officer."""
    return parse_queue(given, officer_of(request))


def queue_context(request: HttpRequest) -> dict[str, Any]:
    """The template context of the queue's page."""
    officer = officer_of(request)
    views = views_of(officer)
    given = request.GET or QueryDict(first_query(views))
    queue = queue_asked(given, request)
    rows = queue.rows()
    page = None
    if rows is not None:
        page = page_of(
            rows.select_related(*_SHOWN), order=queue.order,
            after=id_in(given, "after"), before=id_in(given, "before"),
        )  # fmt: skip
    return {
        "queue": queue, "orders": ORDERS.items(), "views": views, "page": page,
        "rows": _rows(page, request),
        "may_export": officer.has_perm("workbench.view_exportjob"),
        "bulk": [
            (verb, FLOW.label_of(verb), KEYS[verb])
            for verb in BULK_VERBS
            if may_ever(verb, officer)
        ],
    }  # fmt: skip


def id_in(given: Mapping[str, str], name: str) -> int | None:
    """A row's id from an address; None if it is not a valid id."""
    return id_of(given.get(name))


def _rows(page: Page | None, request: HttpRequest) -> list[Row]:
    tickets = page.tickets if page else []
    unread = unread_among(tickets, officer_of(request)) if tickets else set()
    at, names = now(), Names(ticket.enterprise for ticket in tickets)
    return [
        Row(
            ticket, names.at(ticket.enterprise, ticket.filed_at).name,
            STATUS_COLOURS.get(ticket.status, ""), URGENCY_COLOURS.get(ticket.urgency, ""),
            ticket.pk in unread, due_of(ticket), light_of(ticket, at),
        )
        for ticket in tickets
    ]  # fmt: skip


# An officer's own views


def _require_queue(request: HttpRequest) -> None:
    """Only who sees tickets has views of them."""
    if not officer_of(request).has_perm("tickets.view_ticket"):
        raise PermissionDenied


@require_POST
def save_view_page(request: HttpRequest) -> HttpResponse:
    """Save the shown filter under a name, and show it again."""
    _require_queue(request)
    queue = queue_asked(QueryDict(request.POST.get("query", "")), request)
    try:
        save_view(
            name=request.POST.get("name", ""), queue=queue,
            is_default="is_default" in request.POST, by=officer_of(request),
        )  # fmt: skip
    except Invalid as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, _("The view is kept."))
    return _to_queue(queue.query)


@require_POST
def remove_view_page(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove one of his saved views."""
    _require_queue(request)
    try:
        remove_view(view_id=view_id, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal
    messages.success(request, _("The view is removed."))
    return _to_queue("")


def _to_queue(query: str) -> HttpResponseRedirect:
    address = reverse("admin:tickets_ticket_changelist")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


# A verb for many


def _picks(request: HttpRequest) -> dict[int, int]:
    """The tickets chosen, each with the version that was shown."""
    found: dict[int, int] = {}
    for pick in request.POST.getlist("pick"):
        pk, _colon, version = pick.partition(":")
        ticket_id, seen = id_of(pk), id_of(version)
        if ticket_id is None or seen is None:
            raise Http404
        found[ticket_id] = seen
    return found


@require_POST
def bulk_page(request: HttpRequest, common: Mapping[str, Any]) -> HttpResponse:
    """Ask for the verb's inputs; then perform it on each ticket and show each result."""
    verb = request.POST.get("verb", "")
    if verb not in BULK_VERBS:
        raise Http404
    if not may_ever(verb, officer_of(request)):
        raise PermissionDenied
    versions = _picks(request)
    is_too_many = len(versions) > MOST
    confirmed = "confirmed" in request.POST
    form = ManyForm(verb, request.POST if confirmed else None, by=officer_of(request))
    outcomes = None
    if confirmed and versions and not is_too_many and form.is_valid():
        outcomes = perform_each(
            verb, versions=versions, inputs=form.cleaned_data, by=officer_of(request)
        )
        say_done(request)
    chosen = [] if outcomes or is_too_many else picked(versions, officer_of(request))
    context = {
        **common, "title": FLOW.label_of(verb), "verb": verb,
        "verb_label": FLOW.label_of(verb), "form": form, "outcomes": outcomes,
        "done": len([each for each in outcomes or () if not each.refusal]),
        "chosen": chosen, "whose": _whose(form, chosen),
        "versions": versions, "back": QueryDict(request.POST.get("query", "")).urlencode(),
        "most": MOST, "is_too_many": is_too_many, "phrases": phrases_for(""),
        "part": "workbench/empty.html" if is_part(request) else "admin/base_site.html",
    }  # fmt: skip
    return TemplateResponse(request, "workbench/bulk.html", context)


def _whose(form: ManyForm, chosen: list[Ticket]) -> list[tuple[Ticket, Officer | None]]:
    """The tickets, each with whom it would go to where the form asks that; else with nobody."""
    waiting = [each for each in chosen if each.status in FLOW[Verb.ACCEPT].sources]
    own = answering_each(waiting, now()) if HANDLER in form.fields else {}
    return [(each, own.get(each.pk)) for each in chosen]

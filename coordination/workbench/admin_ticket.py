"""The staff's pages of tickets: the list, one ticket with its verbs, filing on behalf."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin

from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.tickets.flow import FLOW
from coordination.tickets.kinds.registry import KINDS, kind_choices
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.reader import Reader, TicketReader
from coordination.tickets.search.find import found_by
from coordination.tickets.standing import may_ever
from coordination.tickets.verbs.registry import perform
from coordination.workbench.ledger import admin as ledger
from coordination.workbench.models.phrase import phrases_for
from coordination.workbench.queue import admin_queue as queue
from coordination.workbench.queue.filters import Queue
from coordination.workbench.queue.pages import Place, place_in_queue
from coordination.workbench.queue.presence import also_looking
from coordination.workbench.queue.seen import mark_seen
from coordination.workbench.ticket import admin_actions as show
from coordination.workbench.ticket import admin_amend as amend
from coordination.workbench.ticket import admin_attachments as attachments
from coordination.workbench.ticket import admin_sheet as sheet
from coordination.workbench.ticket.admin_clock import clock_of
from coordination.workbench.ticket.admin_filing import Filing, with_one_more
from coordination.workbench.ticket.admin_forms import VerbForm, is_offered
from coordination.workbench.ticket.admin_lines import warnings_of
from coordination.workbench.ticket.admin_panels import compose
from coordination.workbench.ticket.admin_timeline import meanwhile
from projects.record.finding import typed_row
from projects.record.refusals import Refusal
from projects.register.names import called


@admin.register(Ticket)
class TicketAdmin(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    search_fields: ClassVar = ["number"]  # used by the autocompletion of ticket numbers
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return tickets_for(officer_of(request)).order_by("-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """Search by the index, as in the queue."""
        if not search_term.strip():
            return queryset, False
        condition = found_by(search_term)
        return (queryset.none() if condition is None else queryset.filter(condition)), False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the verbs and of the queue's pages."""
        inside = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("<int:ticket_id>/do/<str:name>/", inside(self.do_view), name="ticket_do"),
            path("<int:ticket_id>/looking/", inside(self.looking_view), name="ticket_looking"),
            path("many/", inside(self.bulk_view), name="ticket_bulk"),
            path("views/", inside(queue.save_view_page), name="ticket_save_view"),
            path(
                "views/<int:view_id>/remove/", inside(queue.remove_view_page),
                name="ticket_remove_view",
            ),
            *ledger.urls(inside, self._common),
            *attachments.urls(inside),
            *amend.urls(inside, self._common),
            *sheet.urls(inside),
            *urls,
        ]  # fmt: skip

    # The queue

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The tickets that he may see, by a saved view and filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self._common(request), "title": self.opts.verbose_name_plural,
            "may_file": self.has_add_permission(request), **queue.queue_context(request),
        }  # fmt: skip
        part = queue.is_part(request)
        template = "workbench/queue/list.html" if part else "workbench/queue/page.html"
        return TemplateResponse(request, template, context)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """One verb for many."""
        return queue.bulk_page(request, self._common(request))

    def _common(self, request: HttpRequest) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts, "keys": show.shortcuts(), "is_fullwidth": "1",
        }  # fmt: skip

    # One ticket

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the ticket on one page; only its verbs change it."""
        reader = self._reader(request, object_id)
        if reader is None:
            said = gettext("There is no such ticket, or you may not read it.")
            messages.error(request, said)
            return HttpResponseRedirect(reverse("admin:tickets_ticket_changelist"))
        return self._page(request, reader)

    def _reader(self, request: HttpRequest, object_id: str) -> TicketReader | None:
        """Whoever asks, before this ticket; None where he may not know of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        reader = Reader(officer_of(request))
        related = ("project__district", "enterprise", "group", "handler", "extension_asked_by")
        ticket = typed_row(reader.tickets.select_related(*related), object_id)
        return None if ticket is None else TicketReader(ticket, reader)

    def _ticket(self, request: HttpRequest, object_id: str) -> Ticket | None:
        reader = self._reader(request, object_id)
        return None if reader is None else reader.ticket

    def _page(
        self, request: HttpRequest, reader: TicketReader, refused: VerbForm | None = None
    ) -> HttpResponse:
        ticket = reader.ticket
        asked = queue.queue_asked(request.GET, request) if request.GET else None
        place = _place(asked, ticket)  # before it is seen, and an answer no longer new
        mark_seen(ticket=ticket, by=reader.officer)
        context = {
            **self._common(request),
            "title": ticket.title,
            "ticket": ticket,
            "detail": reader.words(ticket.detail),
            "enterprise": called(ticket.enterprise, ticket.filed_at).name,
            "clock": clock_of(ticket),
            "acts": show.acts(reader, refused),
            "meanwhile": meanwhile(reader, refused.seen) if refused else [],
            "panels": compose(reader),
            "phrases": phrases_for(ticket.kind),
            "queue": asked,
            "is_from_today": "waiting" in request.GET,
            "place": place,
        }
        return TemplateResponse(request, "workbench/ticket.html", context)

    def looking_view(self, request: HttpRequest, ticket_id: int) -> HttpResponse:
        """Who else has the ticket open; requested by the page's script, so that no page waits."""
        ticket = self._ticket(request, str(ticket_id))
        if ticket is None:
            raise Http404
        others = also_looking(ticket, officer_of(request))
        answer = {"names": [str(each) for each in others], "version": ticket.version}
        return JsonResponse(answer)

    def do_view(self, request: HttpRequest, ticket_id: int, name: str) -> HttpResponse:
        """Call one verb; a refusal shows the page again with the open form and the typed values."""
        reader = self._reader(request, str(ticket_id))
        if reader is None or not is_offered(name):
            raise Http404
        ticket = reader.ticket
        if not may_ever(name, officer_of(request)):
            raise PermissionDenied
        address = self._address(request, ticket)
        if request.method != "POST":
            return HttpResponseRedirect(address)
        form = VerbForm(name, reader, request.POST, request.FILES)
        if not self._done(form, ticket, officer_of(request)):
            return self._page(request, self._reader(request, str(ticket_id)) or reader, form)
        messages.success(request, gettext("Done: %(verb)s.") % {"verb": FLOW.label_of(name)})
        # After passing on, he may no longer see it.
        is_here = self._ticket(request, str(ticket_id)) is not None
        return HttpResponseRedirect(
            address if is_here else reverse("admin:tickets_ticket_changelist")
        )

    def _address(self, request: HttpRequest, ticket: Ticket) -> str:
        """The address of the ticket's page, with the queue from which it was opened."""
        address = reverse("admin:tickets_ticket_change", args=[ticket.pk])
        query = queue.queue_asked(request.GET, request).query if request.GET else ""
        return f"{address}?{query}" if query else address

    def _done(self, form: VerbForm, ticket: Ticket, officer: Officer) -> bool:
        if not form.is_valid():
            return False
        try:
            perform(form.verb, ticket=ticket, by=officer, **form.inputs())
        except Refusal as refusal:
            form.show(refusal)
            return False
        return True

    # Filing on behalf

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Choose the kind, then show its form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = request.GET.get("kind", "")
        filing, checked = None, False
        if kind in KINDS:
            filing, checked, ticket = self._filing(request, kind)
            if ticket is not None:
                messages.success(request, gettext("Filed: %(number)s.") % {"number": ticket.number})
                for warning in warnings_of(ticket):
                    messages.warning(request, warning)
                return self._after_filing(request, ticket)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("File on an enterprise's behalf"),
            "kinds": kind_choices(),
            "chosen": kind,
            "filing": filing,
            "checked": checked,
        }
        return TemplateResponse(request, "workbench/file_ticket.html", context)

    def _filing(self, request: HttpRequest, kind: str) -> tuple[Filing, bool, Ticket | None]:
        """Return the form, whether it was submitted, and the ticket if it was filed."""
        if request.method != "POST":
            return Filing.of(kind), False, None
        if "more" in request.POST:
            return Filing.of(kind, with_one_more(request.POST)), False, None
        filing = Filing.of(kind, request.POST)
        seen = request.POST.get("seen", "")
        return filing, True, filing.submit(officer_of(request), seen)

    def _after_filing(self, request: HttpRequest, ticket: Ticket) -> HttpResponse:
        """Redirect to the ticket, or to the list if another group received it."""
        seen = self._ticket(request, str(ticket.pk)) is not None
        name = "admin:tickets_ticket_change" if seen else "admin:tickets_ticket_changelist"
        return HttpResponseRedirect(reverse(name, args=[ticket.pk] if seen else []))


def _place(asked: Queue | None, ticket: Ticket) -> Place | None:
    rows = asked.rows() if asked is not None else None
    if asked is None or rows is None:
        return None
    return place_in_queue(rows, ticket, order=asked.order)

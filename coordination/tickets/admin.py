"""The staff's pages of tickets: the list, one ticket with its verbs, filing on behalf."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from coordination.groups.models import Officer
from coordination.tickets import admin_actions as show
from coordination.tickets.admin_filing import Filing, with_one_more
from coordination.tickets.admin_forms import OFFERED, VerbForm
from coordination.tickets.admin_lines import warnings_of
from coordination.tickets.admin_panels import PANELS, compose
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS, kind_choices
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.verbs import perform
from projects.record.refusals import Refusal


def officer_of(request: HttpRequest) -> Officer:
    """Who asks; the admin lets nobody else in."""
    return cast(Officer, request.user)


class Mine(admin.SimpleListFilter):
    """Those that the officer handles himself."""

    title = _("whose")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Mine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        return queryset.filter(handler=officer_of(request)) if self.value() else queryset


@admin.register(Ticket)
class TicketAdmin(ModelAdmin):  # type: ignore[misc]
    list_display: ClassVar = [
        "number", "kind", "title", "project", "group", "handler", "shown_status",
        "shown_urgency", "filed_at",
    ]  # fmt: skip
    list_display_links: ClassVar = ["number", "title"]
    list_select_related: ClassVar = ["project", "group", "handler"]
    list_filter: ClassVar = ["status", "kind", "urgency", "group", Mine]
    search_fields: ClassVar = ["number", "title", "project__name"]
    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None
    panels: ClassVar = PANELS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return tickets_for(officer_of(request)).order_by("-pk")

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    @display(description=_("status"), ordering="status", label=show.STATUS_COLOURS)  # type: ignore[untyped-decorator]
    def shown_status(self, ticket: Ticket) -> tuple[str, str]:
        """The status, coloured."""
        return ticket.status, ticket.get_status_display()

    @display(description=_("urgency"), ordering="urgency", label=show.URGENCY_COLOURS)  # type: ignore[untyped-decorator]
    def shown_urgency(self, ticket: Ticket) -> tuple[str, str]:
        """The urgency, coloured."""
        return ticket.urgency, ticket.get_urgency_display()

    def get_urls(self) -> list[URLPattern]:
        """With the verbs' address below each ticket's."""
        view = self.admin_site.admin_view(self.do_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("<int:ticket_id>/do/<str:name>/", view, name="ticket_do"), *urls]

    # One ticket

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Everything about the ticket on one page; changed by its verbs alone."""
        ticket = self._ticket(request, object_id)
        if ticket is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        return self._page(request, ticket)

    def _ticket(self, request: HttpRequest, object_id: str) -> Ticket | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        related = ("project__district", "enterprise", "group", "handler")
        if not object_id.isdecimal():
            return None
        return self.get_queryset(request).select_related(*related).filter(pk=object_id).first()

    def _page(
        self, request: HttpRequest, ticket: Ticket, refused: VerbForm | None = None
    ) -> HttpResponse:
        officer = officer_of(request)
        lines = list(KINDS[ticket.kind].lines_of(ticket.pk))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": ticket.title,
            "ticket": ticket,
            "status_colour": show.STATUS_COLOURS.get(ticket.status, ""),
            "urgency_colour": show.URGENCY_COLOURS.get(ticket.urgency, ""),
            "actions": show.actions(ticket, lines, officer, refused),
            "panels": compose(self.panels, ticket, officer),
        }
        return TemplateResponse(request, "coordination/ticket.html", context)

    def do_view(self, request: HttpRequest, ticket_id: int, name: str) -> HttpResponse:
        """Do one verb; a refusal is the page again, with the form open and what was typed."""
        ticket = self._ticket(request, str(ticket_id))
        if ticket is None or name not in OFFERED:
            raise Http404
        address = reverse("admin:coordination_ticket_change", args=[ticket.pk])
        if request.method != "POST":
            return HttpResponseRedirect(address)
        verb = Verb(name)
        lines = list(KINDS[ticket.kind].lines_of(ticket.pk))
        form = VerbForm(verb, ticket, lines, request.POST, request.FILES)
        if not self._done(form, ticket, officer_of(request)):
            return self._page(request, self._ticket(request, str(ticket_id)) or ticket, form)
        messages.success(request, gettext("Done: %(verb)s.") % {"verb": verb.label})
        here = (
            self._ticket(request, str(ticket_id)) is not None
        )  # passed on, it may be out of sight
        return HttpResponseRedirect(
            address if here else reverse("admin:coordination_ticket_changelist")
        )

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
        """First the kind, then its form."""
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
        return TemplateResponse(request, "coordination/file_ticket.html", context)

    def _filing(self, request: HttpRequest, kind: str) -> tuple[Filing, bool, Ticket | None]:
        """The form, whether it was checked, and the ticket if there is one now."""
        if request.method != "POST":
            return Filing.of(kind), False, None
        if "more" in request.POST:
            return Filing.of(kind, with_one_more(request.POST)), False, None
        filing = Filing.of(kind, request.POST)
        return filing, True, filing.submit(officer_of(request))

    def _after_filing(self, request: HttpRequest, ticket: Ticket) -> HttpResponse:
        """To the ticket; to the list where it went to another group."""
        seen = self._ticket(request, str(ticket.pk)) is not None
        name = (
            "admin:coordination_ticket_change" if seen else "admin:coordination_ticket_changelist"
        )
        return HttpResponseRedirect(reverse(name, args=[ticket.pk] if seen else []))

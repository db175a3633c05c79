"""An officer's notices: the list behind the bell."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from coordination.delivery.admin_filters import TopicFilter
from coordination.delivery.models import Notice
from coordination.delivery.queries import notices_of
from coordination.delivery.read import mark_read, open_notice
from coordination.delivery.topics import label_of
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.record.admin_forms import ReadOnly, WithoutCount
from projects.record.finding import id_of
from projects.record.refusals import Missing


class Unread(admin.SimpleListFilter):
    """Filter by whether he has opened them."""

    title = gettext_lazy("read")
    parameter_name = "unread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", gettext_lazy("Not yet read"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        return queryset.filter(read_at=None) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnly, WithoutCount, ByVerbs):
    acting: ClassVar = "delivery.view_notice"
    list_display: ClassVar = ["shown_unread", "title", "text", "topic_label", "created_at"]
    list_display_links: ClassVar = ["title"]
    list_filter: ClassVar = [Unread, TopicFilter]
    list_per_page = 50
    actions: ClassVar = ["mark_these_read"]
    actions_list: ClassVar = ["mark_all_read"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return notices_of(officer_of(request)).order_by("-pk")

    @display(description=gettext_lazy("read or not"), label={"new": "danger", "read": ""})  # type: ignore[untyped-decorator]  # the theme has no types
    def shown_unread(self, notice: Notice) -> tuple[str, str]:
        """Whether he has opened it."""
        return ("read", _("read")) if notice.read_at else ("new", _("new"))

    @admin.display(description=gettext_lazy("topic"))
    def topic_label(self, notice: Notice) -> str:
        return label_of(notice.topic)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Mark the notice as read, and redirect to the page that it is about."""
        back = self.changelist_of()
        try:
            notice = open_notice(notice=id_of(object_id) or 0, by=officer_of(request))
        except Missing as refusal:
            messages.error(request, str(refusal.message))
            return back
        own = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
        return HttpResponseRedirect(notice.link) if notice.link and own else back

    @admin.action(description=gettext_lazy("Mark as read"))
    def mark_these_read(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        number = mark_read(notices=queryset.values_list("pk", flat=True), by=officer_of(request))
        messages.success(request, _("%(number)d marked as read.") % {"number": number})

    @action(description=gettext_lazy("Mark all as read"), url_path="mark-all-read")  # type: ignore[untyped-decorator]  # the theme has no types
    def mark_all_read(self, request: HttpRequest) -> HttpResponse:
        form = VerbForm(typed(request))
        if done := form.attempt(mark_read, by=officer_of(request)):
            messages.success(request, _("%(number)d marked as read.") % {"number": done[0]})
            return self.changelist_of()
        return form_page(
            self, request, form, title=_("Mark all notices as read?"), submit=_("Yes, now")
        )

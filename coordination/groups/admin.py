"""The admin of leaves, and what lists of dated rows share."""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from coordination.groups.models import Leave
from coordination.groups.serve import end_leave, take_leave
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer
from projects.record.clock import now
from projects.record.days import EndingFormField
from projects.record.finding import typed_row_or_404


def begins(row: Any) -> datetime | None:
    """The begin of the row's range."""
    moment: datetime | None = row.during.lower
    return moment


def ends(row: Any) -> datetime | None:
    """The end of the row's range, that of a whole day as 23:59; None while it is open."""
    moment: datetime | None = row.during.upper
    if moment is not None and timezone.localtime(moment).time() == time.min:
        return moment - timedelta(minutes=1)
    return moment


begins.short_description = gettext_lazy("since")  # type: ignore[attr-defined]  # Django's own way to name a column
begins.admin_order_field = "during"  # type: ignore[attr-defined]  # Django's own way to sort by one
ends.short_description = gettext_lazy("until")  # type: ignore[attr-defined]  # Django's own way to name a column


class InForceFilter(admin.SimpleListFilter):
    """Filter: in force now, or over."""

    title = gettext_lazy("in force")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Now")), ("no", gettext_lazy("Not now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(during__contains=now())
        if self.value() == "no":
            return queryset.exclude(during__contains=now())
        return queryset


class LeaveForm(VerbForm):
    officer = forms.ModelChoiceField(
        Officer.objects.filter(is_active=True), label=gettext_lazy("officer")
    )
    start = forms.DateTimeField(label=gettext_lazy("since"))
    end = EndingFormField(label=gettext_lazy("until"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)


@admin.register(Leave)
class LeaveAdmin(ByVerbs):
    acting: ClassVar = "groups.change_leave"
    list_display: ClassVar = ["officer", begins, ends, "reason"]
    list_filter: ClassVar = [InForceFilter]
    list_select_related: ClassVar = ["officer"]
    search_fields: ClassVar = ["officer__folded", "officer__username"]
    ordering: ClassVar = ["-pk"]
    actions_detail: ClassVar = ["end_the_leave"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Enter a leave; the deputies stand in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LeaveForm(typed(request))
        if form.attempt(take_leave, by=officer_of(request)):
            messages.success(request, _("The leave is recorded; the deputies stand in."))
            return self.changelist_of()
        return form_page(self, request, form, title=_("Record a leave"), submit=_("Record"))

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("End the leave now"), url_path="end-the-leave",
        permissions=["acting"],
    )  # fmt: skip
    def end_the_leave(self, request: HttpRequest, object_id: str) -> HttpResponse:
        leave = typed_row_or_404(Leave.objects.all(), object_id)
        return self.ask_first(
            request, partial(end_leave, leave=leave),
            title=_("Is %(officer)s back?") % {"officer": leave.officer},
            done=_("The officer is back from now on."),
        )  # fmt: skip

"""The admin of leaves, with those of districts and responsibilities."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from coordination.groups.admin_dated import InForceFilter, begins, ends
from coordination.groups.admin_posts import DistrictPostAdmin, ResponsibilityAdmin
from coordination.groups.models import Leave
from coordination.groups.serve import end_leave, take_leave
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer
from projects.record.days import EndingFormField
from projects.record.finding import typed_row_or_404

__all__ = ["DistrictPostAdmin", "LeaveAdmin", "ResponsibilityAdmin"]


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

"""The admin of bulletins: issues, daily briefs, service periods, letterheads, recipients."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.bulletins.admin_issues import IssueAdmin
from coordination.bulletins.admin_recipients import RecipientAdmin
from coordination.bulletins.briefs.admin import BriefAdmin
from coordination.bulletins.models import Brief, Issue, Letterhead, ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs, NeverDeleted, RecordsActs

__all__ = ["LetterheadAdmin", "RecipientAdmin", "ServicePeriodAdmin"]

admin.site.register(Issue, IssueAdmin)
admin.site.register(Brief, BriefAdmin)


class ServiceForm(VerbForm):
    """The form of a service period: its first and last day."""

    on = forms.DateField(label=gettext_lazy("first day"))
    until = forms.DateField(label=gettext_lazy("first day after it"), required=False)


@admin.register(ServicePeriod)
class ServicePeriodAdmin(ByVerbs):
    acting: ClassVar = "bulletins.add_serviceperiod"
    list_display: ClassVar = ["__str__"]
    ordering: ClassVar = ["-during"]
    actions = None

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Enter a service period; a bulletin is due for every week that ends within it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ServiceForm(typed(request))
        if form.attempt(begin_service, by=officer_of(request)):
            messages.success(request, _("The service period is recorded."))
            return self.changelist_of()
        return form_page(self, request, form, title=_("Begin the service"), submit=_("Record"))


@admin.register(Letterhead)
class LetterheadAdmin(RecordsActs, NeverDeleted):
    list_display: ClassVar = ["language", "office", "name", "title"]
    actions = None

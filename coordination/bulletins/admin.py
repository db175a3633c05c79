"""The admin of bulletins: the published figures, and a preview of the current week."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action

from coordination.bulletins.build import preview
from coordination.bulletins.models import Bulletin, ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.bulletins.sheets import sheets_of
from coordination.bulletins.week import running_week, week_to
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.house.blocks import Audience, Period
from projects.house.charts import bars
from projects.record.clock import now
from projects.record.refusals import Refusal


def page_of(blocks: dict[str, Any], period: Period) -> dict[str, Any]:
    """What the page shows of the blocks: everything, because the staff may see both audiences."""
    drawn = sheets_of(blocks, period, Audience.STAFF)
    return {
        "period": period,
        "summary": drawn.summary,
        "sheets": [(sheet, bars(sheet.bars) if sheet.bars else "") for sheet in drawn.sheets],
    }


@admin.register(Bulletin)
class BulletinAdmin(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    list_display: ClassVar = ["cut_off", "series", "edition", "built_at"]
    actions = None
    actions_list: ClassVar = ["running_week_page"]

    @action(description=gettext_lazy("The running week"), url_path="running-week")  # type: ignore[untyped-decorator]  # the theme has no types
    def running_week_page(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the preview."""
        return HttpResponseRedirect(reverse("admin:bulletin_preview"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the preview's address before those of the rows."""
        view = self.admin_site.admin_view(self.preview_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("preview/", view, name="bulletin_preview"), *urls]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The bulletin, read-only."""
        bulletin = self.get_object(request, object_id)
        if not self.has_view_permission(request, bulletin):
            raise PermissionDenied
        if bulletin is None:
            return HttpResponseRedirect(reverse("admin:bulletins_bulletin_changelist"))
        page = page_of(bulletin.blocks, week_to(bulletin.cut_off))
        return self._page(request, {**page, "title": str(bulletin), "bulletin": bulletin})

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Show the current week up to now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = now()
        try:
            page = page_of(preview(at=at), running_week(at))
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(reverse("admin:bulletins_bulletin_changelist"))
        return self._page(request, {**page, "title": _("The running week")})

    def _page(self, request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, "bulletins/bulletin.html", context)


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

"""Bulletins as pages: each as it was frozen, and the week that is running."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from coordination.bulletins.build import preview
from coordination.bulletins.charts import bars
from coordination.bulletins.models import Bulletin, ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import Period, running_week, week_to
from coordination.tickets.kinds.registry import KINDS
from projects.record.clock import now
from projects.record.refusals import Invalid, Refusal


def page_of(blocks: dict[str, Any], period: Period) -> dict[str, Any]:
    """What the page shows of the blocks."""
    figures = {name: block["figures"] for name, block in blocks.items()}
    districts = figures["resumption"]["by_district"]
    return {
        "figures": figures,
        "period": period,
        "chart": bars([(row["name"], row["rate"]) for row in districts]),
        "tickets": [
            (KINDS[kind].label if kind in KINDS else kind, row)
            for kind, row in figures["tickets"].items()
        ],
    }


@admin.register(Bulletin)
class BulletinAdmin(ModelAdmin):  # type: ignore[misc]
    list_display: ClassVar = ["cut_off", "series", "edition", "hash", "built_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The preview's address stands before those of the rows."""
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
            return HttpResponseRedirect(reverse("admin:coordination_bulletin_changelist"))
        page = page_of(bulletin.blocks, week_to(bulletin.cut_off))
        return self._page(request, {**page, "title": str(bulletin), "bulletin": bulletin})

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The running week, to this moment."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = now()
        try:
            page = page_of(preview(at=at), running_week(at))
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return HttpResponseRedirect(reverse("admin:coordination_bulletin_changelist"))
        return self._page(request, {**page, "title": _("The running week")})

    def _page(self, request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, "coordination/bulletin.html", context)


@admin.register(ServicePeriod)
class ServicePeriodAdmin(ModelAdmin):  # type: ignore[misc]
    list_display: ClassVar = ["during"]

    def has_change_permission(self, request: HttpRequest, obj: ServicePeriod | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ServicePeriod | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """By the verb; the row that it makes is the one that the page goes on with."""
        during = obj.during
        by: Any = request.user
        obj.pk = begin_service(on=during.lower, until=during.upper, by=by).pk

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """A refusal is a message above the form."""
        try:
            answer: HttpResponse = super().changeform_view(request, *args, **options)
            return answer
        except Invalid as refusal:
            for error in refusal.errors:
                messages.error(request, str(error.message))
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return HttpResponseRedirect(request.path)

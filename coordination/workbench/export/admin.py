"""The admin of an officer's exports: request, watch, cancel, download."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from coordination.staff.admin_forms import officer_of
from coordination.workbench.export.ask import cancel_export, request_export
from coordination.workbench.export.queries import content_of, exports_of, is_ready
from coordination.workbench.models import ExportJob
from coordination.workbench.queue.filters import parse_queue
from projects.record.admin_forms import ReadOnly
from projects.record.finding import id_of
from projects.record.refusals import Missing, Refusal

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLOURS = {
    "waiting": "info", "running": "primary", "done": "success", "failed": "danger",
    "cancelled": "default", "expired": "default",
}  # fmt: skip


@admin.register(ExportJob)
class ExportAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # the theme has no types
    list_display: ClassVar = ["asked_at", "shown_state", "total", "done", "expires_at"]
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportJob]:
        return exports_of(officer_of(request))

    @display(description=ExportJob._meta.get_field("state").verbose_name, label=_COLOURS)  # type: ignore[untyped-decorator]
    def shown_state(self, job: ExportJob) -> tuple[str, str]:
        """The state, coloured."""
        return job.state, job.get_state_display()

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of an export's actions."""
        inside = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("ask/", inside(self.ask_view), name="export_ask"),
            path("<int:job>/cancel/", inside(self.cancel_view), name="export_cancel"),
            path("<int:job>/file/", inside(self.file_view), name="export_file"),
            *urls,
        ]

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """Request an export of the queue with the shown filters."""
        if request.method != "POST":
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        officer = officer_of(request)
        queue = parse_queue(QueryDict(request.POST.get("query", "")).dict(), officer)
        try:
            job = request_export(queue=queue, by=officer)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            address = reverse("admin:tickets_ticket_changelist")
            return HttpResponseRedirect(f"{address}?{queue.query}" if queue.query else address)
        return self._to(job.pk)

    def cancel_view(self, request: HttpRequest, job: int) -> HttpResponse:
        """Cancel the export."""
        if request.method != "POST":
            raise Http404
        try:
            cancel_export(job=job, by=officer_of(request))
        except Missing as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return self._to(job)

    def file_view(self, request: HttpRequest, job: int) -> StreamingHttpResponse:
        """Send the file, only to the officer who requested it."""
        row = self._own(request, job)
        if not is_ready(row):
            raise Http404
        name = f"tickets-{timezone.localtime(row.asked_at):%Y%m%d-%H%M}.xlsx"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(row.size), "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }  # fmt: skip
        return StreamingHttpResponse(content_of(row), content_type=_EXCEL, headers=headers)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show its progress; the page refreshes itself until the export has ended."""
        job = self._own(request, id_of(object_id) or 0)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "job": job,
            "title": self.opts.verbose_name, "colour": _COLOURS[job.state],
            "filters": [
                (each.label, dict(each.choices)[each.value])
                for each in parse_queue(QueryDict(job.query).dict(), job.officer).filters
                if each.value
            ],
            "search": QueryDict(job.query).get("q", ""),
        }  # fmt: skip
        part = request.headers.get("X-Part") == "1"
        name = "workbench/export/state.html" if part else "workbench/export/page.html"
        return TemplateResponse(request, name, context)

    def _own(self, request: HttpRequest, job: int) -> ExportJob:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("officer"), pk=job)

    def _to(self, job: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:workbench_exportjob_change", args=[job]))

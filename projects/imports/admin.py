"""The pages of imports: what was imported, a workbook to be sent, and one import."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from projects.files.admin_sheet import ExportsSheet
from projects.house.imports import ImportSheet
from projects.imports import admin_headings
from projects.imports.admin_files import export_file, refused_file, template_file
from projects.imports.admin_forms import ConfirmForm, SendForm, StatedForm, UndoForm
from projects.imports.admin_page import answers_of, chosen_of, may_act, page_of, require_viewer
from projects.imports.answer import answer_headings, state_for_all
from projects.imports.begin import begin_import, discard_import, read_again
from projects.imports.carry import confirm_import
from projects.imports.models import Import
from projects.imports.queries_shown import STATE_COLOURS, summary_of
from projects.imports.rights import MAY_IMPORT, imports_seen_by, require_import, sheets_for
from projects.imports.undo import ask_undo
from projects.record.admin_forms import WithoutCount, typed
from projects.record.finding import id_of
from projects.record.refusals import Missing, NotAllowed, Refusal

__all__ = ["ImportAdmin", "admin_headings"]


@admin.register(Import)
class ImportAdmin(WithoutCount, ExportsSheet):
    list_display: ClassVar = [
        "recorded_at", "sheet_title", "file_name", "by", "shown_state", "summary",
    ]  # fmt: skip
    list_filter: ClassVar = ["state"]
    list_select_related: ClassVar = ["by"]
    list_before_template = "imports/list_above.html"
    list_per_page = 50
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """Those that the officer may look at."""
        return imports_seen_by(request.user)

    @admin.display(description=gettext_lazy("sheet"))
    def sheet_title(self, row: Import) -> str | Promise:
        return row.sheet_title

    @display(description=Import._meta.get_field("state").verbose_name, label=STATE_COLOURS)  # type: ignore[untyped-decorator]  # the theme has no types
    def shown_state(self, row: Import) -> tuple[str, str]:
        """The state, coloured."""
        return row.state, row.get_state_display()

    @admin.display(description=gettext_lazy("rows"))
    def summary(self, row: Import) -> str:
        return summary_of(row)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the files, and of what is done with an import."""
        inside = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("template/<slug:sheet>/", inside(self.template_view), name="import_template"),
            path("export/<slug:sheet>/", inside(self.export_view), name="import_export"),
            path("<int:import_id>/refused/", inside(self.refused_view), name="import_refused"),
            path("<int:import_id>/do/<slug:act>/", inside(self.do_view), name="import_do"),
            *urls,
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Choose a sheet and send a workbook; templates and exports of each sheet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = typed(request)
        form = SendForm(
            data, request.FILES if data else None, by=request.user, initial=request.GET.dict()
        )
        if done := form.attempt(begin_import, by=request.user):
            return _to(done[0])
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "form": form,
            "title": _("Import a sheet"), "sheets": sheets_for(request.user),
        }  # fmt: skip
        return TemplateResponse(request, "imports/send.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One import; while a worker has it, the page asks how far it is."""
        of = self._row(request, id_of(object_id) or 0)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return self._show(request, of)

    def _show(self, request: HttpRequest, of: Import, **forms: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts,
            "title": str(of.sheet_title), **page_of(request, of), **forms,
        }  # fmt: skip
        part = request.headers.get("X-Part") == "1"
        name = "imports/import_part.html" if part else "imports/import.html"
        return TemplateResponse(request, name, context)

    def do_view(self, request: HttpRequest, import_id: int, act: str) -> HttpResponse:
        """Answer, confirm, read again, undo or discard; a refusal is shown on the page."""
        if request.method != "POST":
            raise Http404
        of = self._row(request, import_id)
        if not may_act(request, of):
            raise PermissionDenied
        if act in _FORMS:
            name, form_class, verb = _FORMS[act]
            form = form_class(typed(request), of=of)
            if form.attempt(partial(verb, of=of), by=request.user):
                return _to(of)
            return self._show(request, of, **{name: form})
        if act not in _VERBS:
            raise Http404
        try:
            _VERBS[act](of=of, by=request.user, **_INPUTS.get(act, _nothing)(request))
        except Refusal as refusal:
            for reason in dict.fromkeys(refusal.reasons):
                messages.error(request, reason)
        return _to(of)

    def template_view(self, request: HttpRequest, sheet: str) -> FileResponse:
        """Send the empty workbook of a sheet."""
        return template_file(_declared(request, sheet))

    def export_view(self, request: HttpRequest, sheet: str) -> FileResponse:
        """Send what is registered, in the columns of the sheet."""
        return export_file(_declared(request, sheet), request.user)

    def refused_view(self, request: HttpRequest, import_id: int) -> FileResponse:
        """Send the refused rows of an import, with the reasons."""
        if request.method not in {"GET", "HEAD"}:
            raise Http404
        return refused_file(self._row(request, import_id))

    def _row(self, request: HttpRequest, import_id: int) -> Import:
        require_viewer(request)
        rows = imports_seen_by(request.user)
        found = rows.select_related("by", "confirmed_by", "undone_by")
        return get_object_or_404(found, pk=import_id)


_FORMS: dict[str, tuple[str, Any, Callable[..., object]]] = {
    "confirm": ("confirm", ConfirmForm, confirm_import),
    "undo": ("undo", UndoForm, ask_undo),
    "state": ("stated", StatedForm, state_for_all),
}


def _nothing(_request: HttpRequest) -> dict[str, Any]:
    return {}


_INPUTS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "answer": answers_of, "read": chosen_of,
}  # fmt: skip
_VERBS: dict[str, Callable[..., object]] = {
    "answer": answer_headings, "read": read_again, "discard": discard_import,
}  # fmt: skip


def _declared(request: HttpRequest, sheet: str) -> ImportSheet:
    """The sheet that the officer may import. Raises Http404, PermissionDenied."""
    if request.method not in {"GET", "HEAD"}:
        raise Http404
    user: Any = request.user
    if not user.has_perm(MAY_IMPORT):
        raise PermissionDenied
    try:
        return require_import(sheet, user)
    except Missing as refusal:
        raise Http404 from refusal
    except NotAllowed as refusal:
        raise PermissionDenied from refusal


def _to(of: Import) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:imports_import_change", args=[of.pk]))

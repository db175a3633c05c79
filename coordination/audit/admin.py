"""The auditor's pages: what each check of the record found, and a check on demand."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from coordination.audit.check import MAY_ASK, request_check, under_way
from coordination.audit.models import RecordCheck
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer
from projects.record.admin_forms import ReadOnly, WithoutCount
from projects.record.findings import Difference, Finding
from projects.record.naming import named


@admin.register(RecordCheck)
class RecordCheckAdmin(ReadOnly, WithoutCount, ByVerbs):
    acting: ClassVar = MAY_ASK
    list_display: ClassVar = ["recorded_at", "outcome", "rows", "anchor_number"]
    actions = None
    actions_list: ClassVar = ["check_now"]
    list_per_page = 50
    ordering: ClassVar = ["-pk"]
    list_before_template = "audit/under_way.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The checks that have ended, and above them how far one is that has not."""
        begin = under_way()
        shown = {"under_way": begin, "done": begin.done.count()} if begin else {}
        page: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **shown})
        return page

    @display(
        description=gettext_lazy("result of the check"),
        label={"right": "success", "wrong": "danger"},
    )  # type: ignore[untyped-decorator]  # the theme has no types
    def outcome(self, row: RecordCheck) -> tuple[str, str]:
        """Whether anything differed."""
        if not row.found:
            return "right", _("nothing was altered")
        return "wrong", _("findings: %(number)d") % {"number": row.found}

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Check now"), url_path="check-now", permissions=["acting"]
    )
    def check_now(self, request: HttpRequest) -> HttpResponse:
        """Ask for a check."""
        return self.ask_first(
            request, request_check, title=_("Check the whole record now?"),
            done=_("The check begins within a minute; you are told when it has ended."),
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What one check found, each row by its name."""
        row = self.get_object(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            messages.error(request, _("There is no such check."))
            return self.changelist_of()
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "check": row,
            "title": _("Check of the record"),
            "findings": [_shown(each, request.user) for each in row.named],
        }  # fmt: skip
        return TemplateResponse(request, "audit/check.html", context)


def _shown(finding: Finding, by: Officer | AnonymousUser) -> dict[str, str]:
    """A line of the table; a row that a page shows, and that he may see, has a link."""
    name = named(finding.table, finding.row)
    return {
        "words": name.words, "table": finding.table, "row": finding.row,
        "difference": str(Difference(finding.difference).label), "link": _link(name.row, by),
    }  # fmt: skip


def _link(row: Model | None, by: Officer | AnonymousUser) -> str:
    if row is None:
        return ""
    label, model = row._meta.app_label, row._meta.model_name
    if not by.has_perm(f"{label}.view_{model}"):
        return ""
    try:
        return reverse(f"admin:{label}_{model}_change", args=[row.pk])
    except NoReverseMatch:
        return ""

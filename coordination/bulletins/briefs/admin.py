"""The pages of the daily briefs: the list, the document, and its one A4 page."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from unfold.decorators import display

from coordination.bulletins.briefs.paper import brief_paper
from coordination.bulletins.briefs.queries import brief_of, listed_briefs
from coordination.bulletins.faces.brief import brief_pdf_of
from coordination.bulletins.faces.page import article_of
from coordination.bulletins.models import Brief, Language
from coordination.staff.admin_pages import ByVerbs


class BriefAdmin(ByVerbs):
    list_display: ClassVar = ["day", "rate", "unreported", "filed", "overdue", "built_at"]
    list_display_links: ClassVar = ["day"]
    date_hierarchy = "day"
    list_per_page = 31
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return listed_briefs()

    @display(description=gettext_lazy("resumption rate (%)"))  # type: ignore[untyped-decorator]  # the theme has no types
    def rate(self, brief: Brief) -> str:
        """As it is in the figures."""
        return getattr(brief, "rate", None) or "—"

    @display(description=pgettext_lazy("bulletin", "unreported"))  # type: ignore[untyped-decorator]  # as above
    def unreported(self, brief: Brief) -> str:
        """How many projects did not report."""
        return getattr(brief, "unreported", None) or "—"

    @display(description=pgettext_lazy("brief", "filed (起)"))  # type: ignore[untyped-decorator]  # as above
    def filed(self, brief: Brief) -> str:
        """How many tickets were filed."""
        return getattr(brief, "filed", None) or "—"

    @display(description=pgettext_lazy("brief", "overdue (起)"))  # type: ignore[untyped-decorator]  # as above
    def overdue(self, brief: Brief) -> str:
        """How many tickets were overdue."""
        return getattr(brief, "overdue", None) or "—"

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the A4 page."""
        urls: list[URLPattern] = super().get_urls()
        page = self.admin_site.admin_view(self.pdf_view)
        return [path("<int:brief_id>/brief.pdf", page, name="brief_pdf"), *urls]

    def _brief(self, request: HttpRequest, pk: str | int) -> Brief:
        if not self.has_view_permission(request):
            raise PermissionDenied
        brief = brief_of(pk)
        if brief is None:
            raise Http404
        return brief

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The document, in the reader's language."""
        brief = self._brief(request, object_id)
        language = Language.ENGLISH if get_language() == Language.ENGLISH else Language.CHINESE
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "brief": brief,
            "title": str(brief), "article": article_of(brief_paper(brief, language=language)),
            "before": Brief.objects.filter(day__lt=brief.day).order_by("-day").only("day").first(),
            "after": Brief.objects.filter(day__gt=brief.day).order_by("day").only("day").first(),
        }  # fmt: skip
        return TemplateResponse(request, "bulletins/brief.html", context)

    def pdf_view(self, request: HttpRequest, brief_id: int) -> HttpResponse:
        """One A4 page, in Chinese."""
        brief = self._brief(request, brief_id)
        return HttpResponse(
            brief_pdf_of(brief_paper(brief, language=Language.CHINESE)),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="brief-{brief.day.isoformat()}.pdf"',
                "X-Content-Type-Options": "nosniff",
            },
        )

"""The lists of rows that only verbs write, each with its workbook."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from projects.files.admin_sheet import ExportsSheet
from projects.record.admin_forms import Adding, AsksVerbs, FoldedSearch, VerbForm, typed


class ByVerbs(ExportsSheet, FoldedSearch, AsksVerbs):
    """The admin of rows that only verbs write: shown, never edited, never deleted.

    ``acting`` is the permission that its actions require; checked by a method, because the theme
    looks up a permission given by name in the database, even when it only checks itself.
    """

    acting: ClassVar[str]
    adding: ClassVar[Adding | None] = None
    show_full_result_count = False
    list_per_page = 50  # the theme writes two or three kilobytes for a row

    def has_acting_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may do what this page's actions do."""
        return bool(request.user.has_perm(self.acting))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def adding_form(self, request: HttpRequest, page: Adding) -> VerbForm:
        """The page's form; an admin narrows its choices for a reader who does not see all."""
        return page.form(typed(request), initial=request.GET.dict())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Add a row by the verb of ``adding``, if there is one."""
        page = self.adding
        if page is None:
            return cast(HttpResponse, super().add_view(request, form_url, extra_context))
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.ask(
            request, self.adding_form(request, page), page.verb,
            title=page.title, submit=page.submit, done=page.done, note=page.note,
        )  # fmt: skip

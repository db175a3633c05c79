"""Base classes of admin pages, shared by the rooms of the centre."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline

from coordination.staff.admin_forms import OwnPasswordForm, VerbForm, typed
from projects.record.admin_forms import ByVerbs as PlainByVerbs
from projects.record.admin_forms import FoldedSearch, ReadOnly


class NeverDeleted(FoldedSearch, ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin without deletion, so that the history stays complete."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeptRevisions(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    """The revisions that the database keeps of a row, the newest first."""

    extra = 0
    ordering: ClassVar[Any] = ("-pk",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the row's page sees them."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("by")


class ShowsRevisions(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin whose inlines are revisions: shown below the row, and no part of what is sent."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj is not None and request.method == "GET" else []


class ByVerbs(PlainByVerbs):
    """Rows that only verbs write, with a confirmation for verbs without inputs."""

    def ask_first(
        self, request: HttpRequest, verb: Callable[..., Any], *, title: str, done: str
    ) -> HttpResponse:
        """Call a verb without inputs: a GET asks for confirmation, only the POST acts."""
        return self.ask(
            request, VerbForm(typed(request)), verb, title=title, submit=_("Yes, now"), done=done
        )


def own_password_page(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password, without writing any other column of the account."""
    view = PasswordChangeView.as_view(
        form_class=OwnPasswordForm, success_url=reverse_lazy("admin:password_change_done"),
        extra_context=admin.site.each_context(request),
    )  # fmt: skip
    return view(request)

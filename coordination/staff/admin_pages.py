"""Base classes of admin pages, shared by the rooms of the centre."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from unfold.admin import ModelAdmin, TabularInline

from coordination.staff.admin_forms import OwnPasswordForm
from projects.record.acts import ADDED, CHANGED, REMOVED, record_act
from projects.record.admin_forms import ByVerbs, FoldedSearch, ReadOnly

__all__ = [
    "ByVerbs", "KeptRevisions", "NeverDeleted", "RecordsActs", "ShowsRevisions",
    "own_password_page",
]  # fmt: skip


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


class RecordsActs(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin of settings-like rows: each addition, change and deletion is recorded as an act."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        changes = {
            name: (form.initial.get(name), form.cleaned_data[name]) for name in form.changed_data
        }
        record_act(CHANGED if change else ADDED, about=obj, changes=changes, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record_act(REMOVED, about=obj, by=request.user)
        super().delete_model(request, obj)


def own_password_page(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password, without writing any other column of the account."""
    view = PasswordChangeView.as_view(
        form_class=OwnPasswordForm, success_url=reverse_lazy("admin:password_change_done"),
        extra_context=admin.site.each_context(request),
    )  # fmt: skip
    return view(request)

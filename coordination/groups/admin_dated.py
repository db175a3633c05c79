"""What lists of dated rows share: the two columns of their ranges, and the filter."""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from projects.record.clock import now


def begins(row: Any) -> datetime | None:
    """The begin of the row's range."""
    moment: datetime | None = row.during.lower
    return moment


def ends(row: Any) -> datetime | None:
    """The end of the row's range, that of a whole day as 23:59; None while it is open."""
    moment: datetime | None = row.during.upper
    if moment is not None and timezone.localtime(moment).time() == time.min:
        return moment - timedelta(minutes=1)
    return moment


begins.short_description = gettext_lazy("since")  # type: ignore[attr-defined]  # Django's own way to name a column
begins.admin_order_field = "during"  # type: ignore[attr-defined]  # Django's own way to sort by one
ends.short_description = gettext_lazy("until")  # type: ignore[attr-defined]  # Django's own way to name a column


class InForceFilter(admin.SimpleListFilter):
    """Filter: in force now, or over."""

    title = gettext_lazy("in force")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Now")), ("no", gettext_lazy("Not now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(during__contains=now())
        if self.value() == "no":
            return queryset.exclude(during__contains=now())
        return queryset

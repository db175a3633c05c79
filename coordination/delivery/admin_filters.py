"""Filters that the pages of this room share."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from coordination.delivery.queries import deliveries_about
from coordination.delivery.topics import all_choices


class EndpointFilter(admin.SimpleListFilter):
    """Deliveries to one webhook; the webhook's page links here."""

    title = gettext_lazy("webhook of an enterprise")
    parameter_name = "endpoint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", gettext_lazy("any of them"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        if asked and asked.isascii() and asked.isdigit():
            return queryset.filter(endpoint=int(asked[:9]))
        return queryset.filter(endpoint__isnull=False) if asked else queryset


class SubjectFilter(admin.SimpleListFilter):
    """Deliveries about one thing; that thing's page links here, and the list offers it then."""

    title = gettext_lazy("about one thing")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name)
        return [(asked, gettext_lazy("the one of the link"))] if asked else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        if not asked:
            return queryset
        return queryset.filter(pk__in=deliveries_about(asked).values("pk"))


class TopicFilter(admin.SimpleListFilter):
    """Filter by topic."""

    title = gettext_lazy("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(all_choices())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(topic=self.value()) if self.value() else queryset

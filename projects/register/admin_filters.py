"""Filters of the register's lists."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.record.clock import now
from projects.register.models import Phase
from projects.worktime.calendar import day_of

ALL = "all"
LEFT = "left"


class ValidToday(admin.SimpleListFilter):
    """Districts as they are divided today; all, with those of other years, where asked for."""

    title = gettext_lazy("division of the day")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(ALL, pgettext_lazy("districts", "All, with those of other years"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Name what is shown without a choice, in place of the library's word for all."""
        first, *others = super().choices(changelist)
        yield {**first, "display": pgettext_lazy("districts", "As divided today")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == ALL:
            return queryset
        return queryset.filter(valid__contains=day_of(now()))


class InRegister(admin.SimpleListFilter):
    """Projects in the register; those that left it, or all, where asked for."""

    title = gettext_lazy("register")
    parameter_name = "register"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(LEFT, gettext_lazy("Left the register")), (ALL, pgettext_lazy("projects", "All"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Name what is shown without a choice, in place of the library's word for all."""
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext_lazy("In the register")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == ALL:
            return queryset
        return queryset.filter(left_at__isnull=self.value() != LEFT)


class AtWork(admin.SimpleListFilter):
    """Whether a project is at work today, by its reports, of those planned to be or not."""

    title = gettext_lazy("state of work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("going", pgettext_lazy("projects", "At work")),
            ("waiting", gettext_lazy("Planned to be at work, and not at work")),
            ("later", gettext_lazy("Neither planned by today nor at work")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        going = Q(resumed_on__isnull=False)
        planned = Q(planned_resumption__lte=day_of(now())) & ~Q(phase=Phase.PRELIMINARY)
        chosen = {"going": going, "waiting": planned & ~going}
        if self.value() == "later":
            return queryset.exclude(going | planned)
        return queryset.filter(chosen.get(self.value() or "", Q()))

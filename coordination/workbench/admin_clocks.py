"""The admin of the terms and the calendar that clocks use, edited by the centre.

An edit does not change deadlines that are already set; the next verb that sets a deadline uses the
new rows. Only provisional deadlines are reckoned again, as soon as their year is entered.
"""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import datetime
from typing import Any, ClassVar, override

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.staff.admin_pages import RecordsActs
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Term
from coordination.workbench.year.admin_month import month_page
from coordination.workbench.year.admin_page import notice_page
from coordination.workbench.year.enter import reckon_once_committed
from projects.record.clock import now
from projects.record.refusals import Invalid
from projects.worktime.models import CalendarOverride, CalendarYear, ServiceHours
from projects.worktime.reckon import reckon
from projects.worktime.sentence import Reckoned, say_amount, say_due, say_provisional
from projects.worktime.spans import Span


class RowsOfClocks(RecordsActs):
    """Few rows, each edited individually; no bulk deletion."""

    actions = None
    list_per_page = 100


@admin.register(Term)
class TermAdmin(RowsOfClocks):
    list_display: ClassVar = ["stage", "of_kind", "of_urgency", "length"]
    list_filter: ClassVar = ["stage"]
    list_before_template = "workbench/clocks/terms.html"
    change_form_before_template = "workbench/clocks/terms.html"

    def get_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        """The fields of a row, with an example; its stage, kind and urgency cannot be changed."""
        if obj is None:
            return ["stage", "kind", "urgency", "amount", "unit"]
        return ["stage", "of_kind", "of_urgency", "amount", "unit", "example"]

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        """The example; in an existing row also its stage, kind and urgency."""
        return ["stage", "of_kind", "of_urgency", "example"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        """The rows that apply to every kind cannot be deleted."""
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.is_general)

    @admin.display(description=gettext_lazy("kind"))
    def of_kind(self, term: Term) -> str:
        return term.get_kind_display() if term.kind else _("every kind")

    @admin.display(description=gettext_lazy("urgency"))
    def of_urgency(self, term: Term) -> str:
        return term.get_urgency_display() if term.urgency else _("every urgency")

    @admin.display(description=gettext_lazy("term"))
    def length(self, term: Term) -> str:
        return say_amount(term.amount, term.unit)

    @admin.display(description=gettext_lazy("Received now"))
    def example(self, term: Term) -> str:
        return example_of(term, now())


def example_of(term: Term, at: datetime) -> str:
    """The deadline of a ticket received now under this row; or why it cannot be computed."""
    try:
        found = reckon(at, Span(term.amount, term.unit), rules().calendar)
    except Invalid as refusal:
        return str(refusal.errors[0].message)
    said = say_due(Reckoned(at, found.due, term.amount, term.unit), at)
    return f"{said} {say_provisional(found.unknown_year)}" if found.unknown_year else said


@admin.register(CalendarOverride)
class CalendarOverrideAdmin(RowsOfClocks):
    list_display: ClassVar = ["day", "is_working", "reason"]
    list_filter: ClassVar = ["is_working"]
    fields: ClassVar = ["day", "is_working", "reason"]

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the calendar's month view and of the page for a year's notice."""
        month = self.admin_site.admin_view(self.month_view)
        notice = self.admin_site.admin_view(self.notice_view)
        urls: list[URLPattern] = super().get_urls()
        return [
            path("month/", month, name="working_calendar"),
            path("notice/", notice, name="calendar_notice"), *urls,
        ]  # fmt: skip

    def notice_view(self, request: HttpRequest) -> HttpResponse:
        """Enter a year from the text of the State Council's notice."""
        return notice_page(self, request)

    def month_view(self, request: HttpRequest) -> HttpResponse:
        """Show a month of the working calendar, in which days may be clicked."""
        return month_page(self, request)


@admin.register(CalendarYear)
class CalendarYearAdmin(RowsOfClocks):
    list_display: ClassVar = ["year", "source"]
    fields: ClassVar = ["year", "source"]

    @override
    def save_model(self, request: HttpRequest, obj: CalendarYear, form: Any, change: bool) -> None:
        """Save the year; once it is committed, reckon the provisional deadlines again."""
        super().save_model(request, obj, form, change)
        reckon_once_committed()


@admin.register(ServiceHours)
class ServiceHoursAdmin(RowsOfClocks):
    list_display: ClassVar = ["__str__"]
    fields: ClassVar = ["opens", "closes"]

    def has_delete_permission(self, request: HttpRequest, obj: ServiceHours | None = None) -> bool:
        """The last row cannot be deleted."""
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.is_the_last)

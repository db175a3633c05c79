"""The admin of daily reports."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.admin_forms import Adding, ByVerbs, VerbForm
from projects.record.clock import now
from projects.register.admin_fields import ProjectField
from projects.register.queries_scopes import limit_of, seen_among


class ReportForm(VerbForm):
    project = ProjectField()
    day = forms.DateField(label=gettext_lazy("day"))
    resumed = forms.BooleanField(label=gettext_lazy("work resumed or started"), required=False)
    workers_required = forms.IntegerField(label=gettext_lazy("workers required"), required=False)
    workers_on_site = forms.IntegerField(label=gettext_lazy("workers on site"), required=False)
    month_investment = forms.DecimalField(
        label=gettext_lazy("investment of the month so far (万元)"), required=False
    )
    progress = forms.CharField(
        label=gettext_lazy("visible progress"), required=False, widget=forms.Textarea
    )
    problems = forms.CharField(
        label=gettext_lazy("problems"), required=False, widget=forms.Textarea
    )


@admin.register(DailyReport)
class DailyReportAdmin(ByVerbs):
    list_display: ClassVar = [
        "day", "project", "revision", "resumed", "workers_on_site", "workers_required",
        "month_investment",
    ]  # fmt: skip
    list_display_links: ClassVar = ["day"]
    list_filter: ClassVar = ["resumed"]
    list_select_related: ClassVar = ["project"]
    search_fields: ClassVar = ["project__code", "project__folded"]
    date_hierarchy = "day"
    adding = Adding(
        ReportForm, report, gettext_lazy("Report a day"), gettext_lazy("Report"),
        done=gettext_lazy("The report is recorded."),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[DailyReport]:
        """Those of projects of which the reader may know."""
        rows: QuerySet[DailyReport] = super().get_queryset(request)
        return seen_among(rows, request.user, now())

    def adding_form(self, request: HttpRequest, page: Adding) -> VerbForm:
        """Whoever does not see all projects names one of those that he sees."""
        form = super().adding_form(request, page)
        project: Any = form.fields["project"]
        project.among = limit_of(request.user, now())
        return form

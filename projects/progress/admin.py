"""The admin of daily reports, of reporters, and of figures that are to be verified."""

from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action

from projects.files.admin_lists import ByVerbs
from projects.progress.models import DailyReport, Halt, Outcome, Reporter, ReportFlag
from projects.progress.queries_reporting import open_flags, shown_name, shown_phone
from projects.progress.report import report
from projects.progress.reporters import (
    change_reporter,
    end_reporter,
    name_reporter,
    open_reporter,
)
from projects.progress.settle import settle_flag
from projects.record.admin_forms import Adding, VerbForm, typed
from projects.record.clock import now
from projects.record.finding import typed_row_or_404
from projects.record.masks import mask_email
from projects.record.sealed_fields import opened_or
from projects.register.admin_fields import EnterpriseField, ProjectField
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
    halt = forms.ChoiceField(
        label=gettext_lazy("why not at work"), required=False, choices=[("", "—"), *Halt.choices],
        help_text=gettext_lazy("Needed where work has stopped since the last report."),
    )  # fmt: skip
    halt_words = forms.CharField(label=gettext_lazy("what stopped work"), required=False)
    halted_until = forms.DateField(label=gettext_lazy("at work again on"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("why it is amended"), required=False,
        help_text=gettext_lazy("Needed where the day is reported already and was due."),
    )  # fmt: skip


@admin.register(DailyReport)
class DailyReportAdmin(ByVerbs):
    list_before_template = "progress/list_above.html"
    list_display: ClassVar = [
        "day", "project", "revision", "resumed", "workers_on_site", "workers_required",
        "month_investment", "halt", "is_unchanged",
    ]  # fmt: skip
    list_display_links: ClassVar = ["day"]
    list_filter: ClassVar = ["resumed", "halt", "is_unchanged"]
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


@admin.display(description=pgettext_lazy("person", "name"))
def masked_name(row: Reporter) -> str:
    """The reporter's name, masked."""
    return shown_name(row)


@admin.display(description=gettext_lazy("phone"))
def masked_phone(row: Reporter) -> str:
    """His telephone, masked."""
    return shown_phone(row)


@admin.display(description=gettext_lazy("e-mail"))
def masked_email(row: Reporter) -> str:
    """His address, masked."""
    return mask_email(row.email)


class PersonForm(VerbForm):
    asked = frozenset({"name"})
    name = forms.CharField(label=pgettext_lazy("person", "name"), required=False)
    mobile = forms.CharField(label=gettext_lazy("phone"), required=False)
    email = forms.CharField(
        label=gettext_lazy("e-mail"), required=False,
        help_text=gettext_lazy("The daily link goes there. Empty: an officer hands it over."),
    )  # fmt: skip


class NameForm(PersonForm):
    project = ProjectField()
    enterprise = EnterpriseField(beside="project")
    field_order = ("project", "enterprise", "name", "mobile", "email")


@admin.register(Reporter)
class ReporterAdmin(ByVerbs):
    list_display: ClassVar = [
        "project", "enterprise", masked_name, masked_phone, masked_email, "named_at", "ended_at",
    ]  # fmt: skip
    fields: ClassVar = list_display
    readonly_fields: ClassVar = list_display
    list_select_related: ClassVar = ["project", "enterprise"]
    search_fields: ClassVar = ["project__code", "project__folded", "enterprise__folded"]
    actions_detail: ClassVar = ["correct", "end"]
    acting = "progress.change_reporter"
    adding = Adding(
        NameForm, name_reporter, gettext_lazy("Name a reporter"), gettext_lazy("Name"),
        done=gettext_lazy("The reporter is named."),
        note=gettext_lazy(
            "He needs no account: each day whose report is missing he is sent a link to the page "
            "of this project and this day."
        ),
    )  # fmt: skip

    @action(description=gettext_lazy("Correct"), url_path="correct", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Correct name, telephone or address; that they were shown is on record."""
        row = typed_row_or_404(Reporter.objects.filter(ended_at=None), object_id)
        shown = open_reporter(reporter=row, by=request.user)  # type: ignore[arg-type]  # signed in
        initial = {name: opened_or(shown, name, "") for name in ("name", "mobile", "email")}
        return self.ask(
            request, PersonForm(typed(request), initial=initial),
            partial(change_reporter, reporter=row), title=str(row), submit=_("Correct"),
            done=_("The reporter's particulars are corrected."), of=row,
            note=_("That you opened this page is on record."),
        )  # fmt: skip

    @action(description=gettext_lazy("End"), url_path="end", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it that the person reports."""
        row = typed_row_or_404(Reporter.objects.filter(ended_at=None), object_id)
        return self.ask_first(
            request, partial(end_reporter, reporter=row),
            title=_("End: %(reporter)s") % {"reporter": row},
            done=_("The person is asked no longer."),
        )  # fmt: skip


class SettleForm(VerbForm):
    asked = frozenset({"outcome", "note"})
    outcome = forms.ChoiceField(
        label=gettext_lazy("finding"), choices=[("", "—"), *Outcome.choices], required=False
    )
    note = forms.CharField(
        label=gettext_lazy("note"), required=False,
        help_text=gettext_lazy("What was found out, and from whom; without telephone numbers."),
    )  # fmt: skip


class SettledFilter(admin.SimpleListFilter):
    """Those that wait, or those that do not."""

    title = gettext_lazy("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django names them
        return [("no", _("to be verified")), ("yes", _("settled or amended"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002 - Django names it
        queryset: QuerySet[ReportFlag],
    ) -> QuerySet[ReportFlag]:
        waiting = open_flags().values("pk")
        if self.value() == "no":
            return queryset.filter(pk__in=waiting)
        return queryset.exclude(pk__in=waiting) if self.value() == "yes" else queryset


@admin.display(description=gettext_lazy("day"))
def day_of_report(row: ReportFlag) -> str:
    """The day that was reported."""
    return f"{row.report.day:%Y-%m-%d}"


@admin.display(description=gettext_lazy("project"))
def project_of_report(row: ReportFlag) -> str:
    """Its project."""
    return str(row.report.project)


@admin.display(description=gettext_lazy("finding"))
def finding(row: ReportFlag) -> str | SafeString:
    """What was found out; where nothing was yet, the way to say it."""
    settled = getattr(row, "settlement", None)
    if settled is not None:
        return f"{settled.get_outcome_display()} · {settled.note}"
    if not row.is_waiting:  # type: ignore[attr-defined]  # the list adds it
        return _("the report was amended")
    address = reverse("admin:progress_reportflag_settle", args=[row.pk])
    return format_html('<a class="z-link" href="{}">{}</a>', address, _("please verify"))


@admin.display(description=gettext_lazy("before"))
def before(row: ReportFlag) -> str:
    """The number beside which it is doubtful."""
    return _plain(row.before)


@admin.display(description=gettext_lazy("reported"))
def after(row: ReportFlag) -> str:
    """The number that was reported."""
    return _plain(row.after)


def _plain(number: Decimal | None) -> str:
    return "—" if number is None else f"{number.normalize():f}"


@admin.register(ReportFlag)
class ReportFlagAdmin(ByVerbs):
    list_display: ClassVar = [
        day_of_report, project_of_report, "rule", before, after, finding,
    ]  # fmt: skip
    fields: ClassVar = [*list_display, "recorded_at"]
    readonly_fields: ClassVar = fields
    list_filter: ClassVar = [SettledFilter, "rule"]
    list_select_related: ClassVar = ["report__project", "settlement"]
    search_fields: ClassVar = ["report__project__code", "report__project__folded"]
    actions_detail: ClassVar = ["settle"]
    acting = "progress.add_flagsettlement"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportFlag]:
        """Each with whether it waits."""
        rows: QuerySet[ReportFlag] = super().get_queryset(request)
        return rows.annotate(is_waiting=Exists(open_flags().filter(pk=OuterRef("pk"))))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django names it
        """Only a report raises flags."""
        return False

    @action(description=gettext_lazy("Settle"), url_path="settle", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what was found out about a figure."""
        row = typed_row_or_404(ReportFlag.objects.select_related("report__project"), object_id)
        numbers = ""
        if row.after is not None:
            numbers = _("before %(before)s, reported %(after)s") % {
                "before": _plain(row.before), "after": _plain(row.after),
            }  # fmt: skip
        return self.ask(
            request, SettleForm(typed(request)), partial(settle_flag, flag=row), title=str(row),
            submit=_("Settle"), done=_("The finding is recorded."), note=numbers, of=row,
        )  # fmt: skip

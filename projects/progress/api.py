"""Daily reports over HTTP: read and filed by the project's owner and contractors."""

from functools import cache, partial
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects.access import document
from projects.access.answers import described
from projects.access.authentication import caller_of
from projects.access.filters import Day as DayFilter
from projects.access.filters import Filters
from projects.access.models import ApiKey
from projects.access.once import once
from projects.access.pages import NewestFirst
from projects.access.shape import (
    Day,
    Quantity,
    StrictModelSerializer,
    StrictSerializer,
    Truth,
    Words,
    judged,
)
from projects.progress.models import DailyReport, Halt, ReportFlag
from projects.progress.queries import reported_project, revisions, that_hold
from projects.progress.report import report, report_unchanged
from projects.record.masks import mask_numbers
from projects.register.models import Project

_SAYS: Final = {
    "day": "Of which day it is.",
    "revision": "Counts the reports of the day, from 1; the last one holds.",
    "resumed": "Whether work has resumed or started.",
    "workers_required": "How many people are needed on the site; null if not stated.",
    "workers_on_site": "How many people are on the site; null if not stated.",
    "month_investment": (
        "Of the month up to and with this day, in 万元 (ten thousand yuan); null if not stated."
    ),
    "halt": "Why work stopped; null if not stated, or while it goes on.",
    "halted_until": "The day on which work goes on again; null if not stated.",
    "recorded_at": "When it was recorded.",
}
STATED = (
    "resumed", "workers_required", "workers_on_site", "month_investment", "halt", "halted_until",
)  # fmt: skip
_TEXTS: Final = ("progress", "problems", "halt_words", "reason")


class ReportIn(StrictModelSerializer):
    """Omitted or null values mean "not stated", never zero."""

    day = Day(help_text="Not later than today, in Shanghai.")
    resumed = Truth(help_text="Work has resumed or started.")
    month_investment = Quantity(
        max_digits=14, decimal_places=2, required=False, allow_null=True,
        help_text=_SAYS["month_investment"],
    )  # fmt: skip
    progress = Words(
        required=False, allow_blank=True, help_text="Visible progress; at most 2,000 characters."
    )
    problems = Words(
        required=False,
        allow_blank=True,
        help_text="What stands in the way; at most 2,000 characters.",
    )
    halt = serializers.ChoiceField(
        choices=Halt.choices, required=False, allow_blank=True, allow_null=True,
        help_text="Why work stopped; needed where the last report said that it went on.",
    )  # fmt: skip
    halted_until = Day(required=False, allow_null=True, help_text=_SAYS["halted_until"])
    halt_words = Words(
        required=False, allow_blank=True,
        help_text="What stopped work, in words; needed with `other`. At most 200 characters.",
    )  # fmt: skip
    reason = Words(
        required=False, allow_blank=True,
        help_text="Why the report is amended; needed after the day's reports were due. At most "
        "200 characters.",
    )  # fmt: skip

    class Meta:
        model = DailyReport
        fields = ("day", *STATED, *_TEXTS)
        extra_kwargs: ClassVar = described(**_SAYS)


class UnchangedIn(StrictSerializer):
    """A day on which nothing has changed since the last report."""

    day = Day(help_text="Not later than today, in Shanghai.")


class ReportedBy(serializers.Serializer[Any]):
    """Who entered the report."""

    kind = serializers.ChoiceField(
        choices=["officer", "enterprise", "reporter"],
        help_text="An officer of the desk, an enterprise, or a person whom it named.",
    )
    is_caller = serializers.BooleanField(help_text="It was the caller's own enterprise.")


class Flag(serializers.ModelSerializer[ReportFlag]):
    """A figure that is doubtful beside earlier reports: amend it, or leave it if it is right."""

    words = serializers.CharField(
        source="get_rule_display", help_text="The rule in words; for people."
    )

    class Meta:
        model = ReportFlag
        fields = ("rule", "words", "before", "after")
        extra_kwargs: ClassVar = described(
            rule="What is doubtful.",
            before="How many people or 万元 were reported earlier, or planned; null if none.",
            after="How many people or 万元 are reported now; null if none.",
        )


class Report(serializers.ModelSerializer[DailyReport]):
    """One revision of the report for one day; null is not stated."""

    progress = serializers.SerializerMethodField(help_text="Visible progress; null if not stated.")
    problems = serializers.SerializerMethodField(
        help_text="What stands in the way; null if not stated."
    )
    halt = serializers.SerializerMethodField(help_text=_SAYS["halt"])
    halt_words = serializers.SerializerMethodField(
        help_text="What stopped work, in words; null if not stated."
    )
    reason = serializers.SerializerMethodField(
        help_text="Why the report was amended; null if not stated."
    )
    reported_by = serializers.SerializerMethodField(help_text="Who entered it.")
    flags = Flag(
        many=True, read_only=True,
        help_text="What is doubtful in it and is to be verified; empty for most.",
    )  # fmt: skip

    class Meta:
        model = DailyReport
        fields = (
            "day", "revision", *STATED, *_TEXTS, "is_unchanged", "recorded_at", "reported_by",
            "flags",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            **_SAYS, is_unchanged='It was filed by "nothing changed": the figures of the last one.'
        )

    def get_progress(self, fact: DailyReport) -> str | None:
        return self._words(fact, "progress")

    def get_problems(self, fact: DailyReport) -> str | None:
        return self._words(fact, "problems")

    @extend_schema_field(serializers.ChoiceField(choices=Halt.choices, allow_null=True))
    def get_halt(self, fact: DailyReport) -> str | None:
        return fact.halt or None

    def get_halt_words(self, fact: DailyReport) -> str | None:
        return self._words(fact, "halt_words")

    def get_reason(self, fact: DailyReport) -> str | None:
        return self._words(fact, "reason")

    def _words(self, fact: DailyReport, name: str) -> str | None:
        by: ApiKey = self.context["by"]
        words: str = getattr(getattr(fact, "narrative", None), name, "")
        return (mask_numbers(words) if by.sees_masked else words) or None

    @extend_schema_field(ReportedBy)
    def get_reported_by(self, fact: DailyReport) -> dict[str, Any]:
        by: ApiKey = self.context["by"]
        author = fact.api_key or fact.reporter
        if author is None:
            return {"kind": "officer", "is_caller": False}
        kind = "enterprise" if author == fact.api_key else "reporter"
        return {"kind": kind, "is_caller": author.enterprise_id == by.enterprise_id}


class ReportFilter(filters.FilterSet):  # type: ignore[misc]  # it comes without types
    day_from = DayFilter(field_name="day", lookup_expr="gte", label="That day or later.")
    day_to = DayFilter(field_name="day", lookup_expr="lte", label="That day or earlier.")
    revisions = filters.ChoiceFilter(
        choices=[("last", "last"), ("all", "all")], method="filter_revisions",
        label="`all` to see what was amended too; the last of each day where left out.",
    )  # fmt: skip

    class Meta:
        model = DailyReport
        fields = ("day_from", "day_to", "revisions")

    def filter_revisions(
        self, rows: QuerySet[DailyReport], _name: str, _which: str
    ) -> QuerySet[DailyReport]:
        return rows  # applied below, because the default must apply when it is omitted

    def filter_queryset(self, queryset: QuerySet[DailyReport]) -> QuerySet[DailyReport]:
        """Only each day's latest revision, unless all are requested."""
        rows: QuerySet[DailyReport] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["revisions"] == "all" else that_hold(rows)


class NewestDayFirst(NewestFirst):
    ordering = ("-day", "-revision")


def _project(request: Request, code: str) -> Project:
    """Return the project. Raises Missing unless the caller owns or builds it."""
    return reported_project(caller_of(request).enterprise, code)


class ReportList(GenericAPIView[DailyReport]):
    queryset = DailyReport.objects.none()
    serializer_class = Report
    pagination_class = NewestDayFirst
    filter_backends = (Filters,)
    filterset_class = ReportFilter

    @extend_schema(
        operation_id="list_reports",
        summary="List a project's daily reports, the newest day first",
        description=(
            "What its owner, its contractors and the desk reported. A day that is not here was "
            "not reported, which is not zero; neither is a number that is null."
        ),
        responses={
            document.LIST: Report(many=True),
            **document.problems({*document.LISTING, *document.READING}),
        },
    )
    def get(self, request: Request, code: str) -> Response:
        rows = self.filter_queryset(revisions(_project(request, code)))
        page = self.paginate_queryset(rows)
        context = {"by": caller_of(request)}
        return self.get_paginated_response(Report(page or [], many=True, context=context).data)

    @extend_schema(
        operation_id="report_day",
        summary="Report a day of a project, or report it again",
        description=(
            "By the owner or a contractor, for a day on which it takes part. A second report of "
            "the day amends the first: it becomes the next revision, and the first is kept. What "
            "is doubtful beside earlier reports is recorded all the same, and listed in `flags`."
        ),
        parameters=[document.IDEMPOTENCY_KEY],
        filters=False,
        request=ReportIn,
        responses={201: Report, **document.problems(document.FILING)},
        examples=[
            document.example(
                "A day at work",
                {
                    "day": "2020-03-09", "resumed": True, "workers_required": 200,
                    "workers_on_site": 180, "month_investment": "35.50",
                    "progress": "主体结构完成第三层浇筑", "problems": "钢材到货晚一天",
                },
            ),
            document.example(
                "Not at work",
                {
                    "day": "2020-03-09", "resumed": False, "halt": "weather",
                    "halted_until": "2020-03-12",
                },
            ),
        ],
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), cache(partial(_project, request, code))

        def do() -> Response:
            revision = judged(ReportIn(), request.data, partial(report, project=project(), by=by))
            return Response(Report(revision, context={"by": by}).data, 201)

        return once(request, operation=f"projects/{code}/reports", prepare=project, perform=do)


class ReportUnchanged(APIView):
    @extend_schema(
        operation_id="report_day_unchanged",
        summary="Report of a day that nothing has changed since the last report",
        description=(
            "The state, the people and why work stopped are taken over from the last report, and "
            "within its month the investment; texts are not. Refused where the day is reported "
            "already, where nothing was reported within seven days, and where work was to go on "
            "by now: then the figures are needed."
        ),
        parameters=[document.IDEMPOTENCY_KEY],
        request=UnchangedIn,
        responses={201: Report, **document.problems(document.FILING)},
        examples=[document.example("Nothing has changed", {"day": "2020-03-09"})],
    )
    def post(self, request: Request, code: str) -> Response:
        by, project = caller_of(request), cache(partial(_project, request, code))

        def do() -> Response:
            verb = partial(report_unchanged, project=project(), by=by)
            made = judged(UnchangedIn(), request.data, verb)
            return Response(Report(made, context={"by": by}).data, 201)

        operation = f"projects/{code}/reports/unchanged"
        return once(request, operation=operation, prepare=project, perform=do)

"""Plans, months' actuals and lights as they were recorded up to a moment.

The number of queries does not depend on the number of projects, and each month's last report is
looked up by its project and days, so years of reports cost no more than one.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from projects.investment.choices import MONTHS, LightRule, Span, TimeProgress
from projects.investment.models import IndicatorRule, MonthEnd, PlanRevision
from projects.investment.progress_of_time import (
    Plan,
    months_of,
    planned_by,
    quarter_of,
    share,
)
from projects.progress.models import DailyReport
from projects.register.models import Project, ProjectRevision
from projects.register.queries import listed_at, register_at

WAN: Final = Decimal(10_000)  # 万元 in one 亿元
ZERO: Final = Decimal(0)
type Projects = Collection[int]


@dataclass(frozen=True)
class Rule:
    """How time progress and lights are reckoned."""

    time_progress: str = TimeProgress.DAYS.value
    lights: str = LightRule.RATIO.value


def rule_at(at: datetime) -> Rule:
    """The rule that was recorded last by that moment; by days and by ratio before any was."""
    last = IndicatorRule.objects.filter(recorded_at__lte=at).order_by("-pk").first()
    return Rule(last.time_progress, last.lights) if last else Rule()


def plan_rows_at(
    at: datetime, year: int, projects: Projects | None = None
) -> QuerySet[PlanRevision]:
    """Of each quarter and month the revision that held at that moment; all projects, or these."""
    known = PlanRevision.objects.filter(year=year, recorded_at__lte=at)
    if projects is not None:
        known = known.filter(project__in=projects)
    return known.order_by("project_id", "span", "number", "-revision").distinct(
        "project_id", "span", "number"
    )


@dataclass(frozen=True)
class Targets:
    """What is planned of a project's quarters and months, in 亿元."""

    quarters: Mapping[int, Decimal]
    months: Mapping[int, Decimal]


_NONE: Final = Targets({}, {})


def plans_at(at: datetime, year: int, projects: Projects | None = None) -> Mapping[int, Targets]:
    """The plans that held at that moment, by project; one without any has an empty one."""
    found: dict[int, Targets] = defaultdict(lambda: _NONE)
    rows = plan_rows_at(at, year, projects)
    for project, span, number, amount in rows.values_list("project_id", "span", "number", "amount"):
        if amount is None:
            continue
        if project not in found:
            found[project] = Targets({}, {})
        targets: Any = found[project]
        of_span = targets.quarters if span == Span.QUARTER else targets.months
        of_span[number] = amount
    return found


def month_ends_at(
    at: datetime, year: int, projects: Projects | None = None
) -> dict[tuple[int, int], Decimal]:
    """Months' amounts (万元) as stated after their end, by project and month; the last revision."""
    known = MonthEnd.objects.filter(year=year, recorded_at__lte=at)
    if projects is not None:
        known = known.filter(project__in=projects)
    rows = known.order_by("project_id", "month", "-revision").distinct("project_id", "month")
    return {
        (project, month): amount
        for project, month, amount in rows.values_list("project_id", "month", "amount")
        if amount is not None
    }


def days_of(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of the month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def stated_at(at: datetime) -> QuerySet[DailyReport]:
    """Of each day the report that held at that moment, if it states the month's investment."""
    later = DailyReport.objects.filter(
        project=OuterRef("project"), day=OuterRef("day"), revision__gt=OuterRef("revision"),
        recorded_at__lte=at,
    )  # fmt: skip
    known = DailyReport.objects.filter(recorded_at__lte=at, month_investment__isnull=False)
    return known.filter(~Exists(later))


def reported_at(at: datetime, year: int, projects: Projects) -> dict[tuple[int, int], Decimal]:
    """Months' amounts (万元) by the last day of which a report states it, by project and month."""
    today = timezone.localdate(at)
    last = MONTHS if today.year > year else today.month if today.year == year else 0
    if not last:
        return {}
    stated = stated_at(at).filter(project=OuterRef("pk")).order_by("-day", "-revision")
    amounts = {
        f"month_{month}": Subquery(
            stated.filter(day__range=days_of(year, month)).values("month_investment")[:1]
        )
        for month in range(1, last + 1)
    }
    rows = Project.objects.filter(pk__in=projects).annotate(**amounts)
    return {
        (project, month): amount
        for project, *found in rows.values_list("pk", *amounts)
        for month, amount in enumerate(found, start=1)
        if amount is not None
    }


def actuals_at(at: datetime, year: int, projects: Projects) -> Mapping[int, Mapping[int, Decimal]]:
    """Each month's actual (万元): as stated after its end, or else by its last report.

    By project and month; a month of which nothing is stated is not there, which is not zero.
    """
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    stated = reported_at(at, year, projects) | month_ends_at(at, year, projects)
    for (project, month), amount in stated.items():
        found[project][month] = amount
    return found


@dataclass(frozen=True)
class Standing:
    """One project of the year's list at a moment: its plan, and what was invested by month.

    ``register`` is the register's revision that held. Amounts of the year are in 亿元.
    """

    register: ProjectRevision
    plan: Plan
    actuals: Mapping[int, Decimal]  # 万元, by month
    day: date

    @property
    def project_id(self) -> int:
        return self.register.project_id

    @cached_property
    def year_actual(self) -> Decimal:
        """Invested in the year so far."""
        return sum(self.actuals.values(), ZERO) / WAN

    @property
    def quarter(self) -> int:
        return quarter_of(self.day.month)

    @property
    def quarter_target(self) -> Decimal | None:
        """What the running quarter is to bring; None where that is not planned."""
        return self.plan.quarters.get(self.quarter)

    @cached_property
    def quarter_actual(self) -> Decimal:
        """Invested in the running quarter so far."""
        return self.actual_of(months_of(self.quarter))

    def actual_of(self, months: Iterable[int]) -> Decimal:
        """Invested in these months."""
        return sum((self.actuals.get(each, ZERO) for each in months), ZERO) / WAN

    @cached_property
    def planned(self) -> Fraction:
        """What the plan's own curve says is due by the day."""
        return planned_by(self.plan, self.day)

    @cached_property
    def rate(self) -> Fraction | None:
        """Of the year's plan; None where that is zero."""
        return share(self.year_actual, self.plan.annual)


def standing_at(at: datetime, projects: Any = None) -> list[Standing]:
    """Every project of the year's list at that moment, ordered by code.

    With ``projects``, ids or a query of them, these alone.
    """
    rows = listed_at(at).select_related("project", "district")
    if projects is not None:
        rows = rows.filter(project__in=projects)
    return standings_of(list(rows.order_by("project__code")), at)


def standing_of(project: Project, at: datetime) -> Standing | None:
    """The project's own, also outside the year's list; None where it is not in the register."""
    rows = register_at(at).filter(project=project).select_related("project", "district")
    return next(iter(standings_of(list(rows), at)), None)


def standings_of(rows: list[ProjectRevision], at: datetime) -> list[Standing]:
    """Of these revisions of the register, in their order."""
    day = timezone.localdate(at)
    keys = [each.project_id for each in rows]
    plans, actuals = plans_at(at, day.year, keys), actuals_at(at, day.year, keys)
    return [
        Standing(
            each,
            Plan(
                each.annual_investment, plans[each.project_id].quarters,
                plans[each.project_id].months,
            ),
            actuals[each.project_id], day,
        )
        for each in rows
    ]  # fmt: skip

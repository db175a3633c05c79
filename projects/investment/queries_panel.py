"""One project's year: plan by quarter and month, actuals beside reports, and what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from projects.investment.choices import MONTHS
from projects.investment.guard import Mismatch, mismatches
from projects.investment.models import MonthEnd, StatisticalStatus
from projects.investment.progress_of_time import (
    QUARTERS,
    Needed,
    is_before_open,
    months_of,
    needed_for_quarter,
    needed_for_year,
    quarter_of,
)
from projects.investment.queries import (
    WAN,
    Rule,
    Standing,
    actuals_at,
    plans_at,
    reported_at,
    rule_at,
    standing_of,
)
from projects.investment.queries_flags import Flag, flags_at
from projects.investment.queries_issues import Issued, issued_of, issues_at, statuses_at
from projects.register.models import Project
from projects.register.queries import listed_at


@dataclass(frozen=True)
class Month:
    """One month; amounts in 万元, None where nothing is planned or stated."""

    number: int
    planned: Decimal | None
    actual: Decimal | None
    reported: Decimal | None
    end: MonthEnd | None

    @property
    def difference(self) -> Decimal | None:
        """What was stated after the month's end − what its reports said; None without both."""
        if self.end is None or self.end.amount is None or self.reported is None:
            return None
        return self.end.amount - self.reported


@dataclass(frozen=True)
class Quarter:
    """One quarter; ``actual`` in 亿元 as the target is."""

    number: int
    target: Decimal | None
    actual: Decimal
    months: Sequence[Month]
    is_begun: bool


@dataclass(frozen=True)
class Year:
    """A project's investment of the year at a moment."""

    standing: Standing
    rule: Rule
    quarters: Sequence[Quarter]
    needed_for_year: Needed
    needed_for_quarter: Needed | None
    mismatches: Sequence[Mismatch]
    issued: Issued
    status: StatisticalStatus | None
    flags: Sequence[Flag]
    is_listed: bool
    december: Month | None = None  # of the year before, as long as that can be stated


def year_of(project: Project, at: datetime) -> Year | None:
    """The running year; None where the project was not registered by then."""
    day, keys = timezone.localdate(at), [project.pk]
    standing = standing_of(project, at)
    if standing is None:
        return None
    plan, target = standing.plan, standing.quarter_target
    return Year(
        standing=standing, rule=rule_at(at), quarters=_quarters(standing, at),
        needed_for_year=needed_for_year(plan.annual, standing.year_actual, day),
        needed_for_quarter=None
        if target is None
        else needed_for_quarter(target, standing.quarter_actual, day),
        mismatches=list(mismatches(plan)),
        issued=issued_of(plan, issues_at(at, day.year, keys).get(project.pk), at),
        status=statuses_at(at, keys).get(project.pk),
        flags=flags_at(at, [standing], whole_year=True).get(project.pk, ()),
        is_listed=listed_at(at).filter(project=project).exists(),
        december=_december(project.pk, day.year - 1, at) if is_before_open(day) else None,
    )  # fmt: skip


def _quarters(standing: Standing, at: datetime) -> list[Quarter]:
    day, key = standing.day, standing.project_id
    reported = reported_at(at, day.year, [key])
    ends = _ends(key, day.year, at)
    months = [
        Month(
            number, _in_wan(standing.plan.months.get(number)), standing.actuals.get(number),
            reported.get((key, number)), ends.get(number),
        )
        for number in range(1, MONTHS + 1)
    ]  # fmt: skip
    return [
        Quarter(
            number, standing.plan.quarters.get(number), standing.actual_of(months_of(number)),
            [months[month - 1] for month in months_of(number)],
            number <= quarter_of(day.month),
        )
        for number in QUARTERS
    ]  # fmt: skip


def _december(project: int, year: int, at: datetime) -> Month:
    """The last month of that year, as recorded by now."""
    keys, number = [project], MONTHS
    planned = plans_at(at, year, keys)[project].months.get(number)
    actual = actuals_at(at, year, keys)[project].get(number)
    reported = reported_at(at, year, keys).get((project, number))
    end = _ends(project, year, at).get(number)
    return Month(number, _in_wan(planned), actual, reported, end)


def _ends(project: int, year: int, at: datetime) -> Mapping[int, MonthEnd]:
    """The last revision of each month's end, with its evidence and who stated it."""
    rows = MonthEnd.objects.filter(project=project, year=year, recorded_at__lte=at)
    rows = rows.order_by("month", "-revision").distinct("month")
    return {each.month: each for each in rows.select_related("narrative", "officer", "api_key")}


def _in_wan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount * WAN

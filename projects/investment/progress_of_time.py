"""Time progress (序时进度), lights, and what the coming months must bring; pure functions.

Shares are exact fractions of one, so that each is rounded once, where it is written: a percentage
has one decimal place, rounded half up. What cannot be divided is None.
"""

from calendar import isleap, monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from projects.investment.choices import MONTHS, LightRule, TimeProgress

QUARTERS: Final = (1, 2, 3, 4)
IN_QUARTER: Final = 3
_TENTHS: Final = 10
_PERCENT: Final = 100
# By ratio (Wuhan's notice): rate ÷ time progress.
_GREEN_FROM, _YELLOW_FROM = Fraction(80, 100), Fraction(60, 100)
# By gap (Yinchuan's notice): time progress − rate, in points.
_YELLOW_GAP, _RED_GAP = Fraction(10, 100), Fraction(30, 100)


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def quarter_of(month: int) -> int:
    """The quarter that the month is in, 1 to 4."""
    return (month - 1) // IN_QUARTER + 1


def months_of(quarter: int) -> tuple[int, ...]:
    """The three months of the quarter."""
    last = quarter * IN_QUARTER
    return (last - 2, last - 1, last)


def share(part: Decimal, whole: Decimal) -> Fraction | None:
    """``part`` of ``whole``; None where ``whole`` is 0."""
    return Fraction(part) / Fraction(whole) if whole else None


def percent(exact: Fraction | None) -> str | None:
    """A share or a difference of shares in percent, with one decimal place, half away from zero."""
    if exact is None:
        return None
    tenths = int(abs(exact) * _PERCENT * _TENTHS + Fraction(1, 2))
    sign = "-" if exact < 0 and tenths else ""
    return f"{sign}{tenths // _TENTHS}.{tenths % _TENTHS}"


def months_over(day: date) -> int:
    """How many months of its year are over at the end of the day."""
    return day.month if _is_last(day) else day.month - 1


def months_open(day: date) -> list[tuple[int, int]]:
    """The months that can be stated on the day, as year and month: those of its year that are over.

    Until 31 March also those of the year before, since its last month is settled in January.
    """
    before = [(day.year - 1, month) for month in range(1, MONTHS + 1)]
    own = [(day.year, month) for month in range(1, months_over(day) + 1)]
    return [*(before if is_before_open(day) else ()), *own]


def is_before_open(day: date) -> bool:
    """Whether the months of the year before can still be stated: until 31 March."""
    return day.month <= IN_QUARTER


def _is_last(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _of_month(day: date) -> Fraction:
    return Fraction(day.day, monthrange(day.year, day.month)[1])


def by_days(day: date) -> Fraction:
    """Day of the year ÷ days of the year: 9 March 2020 is 69/366."""
    return Fraction(day.timetuple().tm_yday, 366 if isleap(day.year) else 365)


def by_months(day: date) -> Fraction:
    """Months that are over ÷ 12, as month-end papers have it."""
    return Fraction(months_over(day), MONTHS)


@dataclass(frozen=True)
class Plan:
    """A project's plan of a year in 亿元; ``quarters`` and ``months`` have what is planned."""

    annual: Decimal
    quarters: Mapping[int, Decimal]
    months: Mapping[int, Decimal]


def planned_by(plan: Plan, day: date) -> Fraction:
    """What the plan says is to be invested by the end of the day, in 亿元.

    A running month by its days, a running quarter without plans of its months by its days, and a
    year without plans of its quarters by its days.
    """
    if set(plan.quarters) != set(QUARTERS):
        return Fraction(plan.annual) * by_days(day)
    running = quarter_of(day.month)
    before = sum((Fraction(plan.quarters[each]) for each in QUARTERS if each < running), Fraction())
    return before + _of_quarter(plan, running, day)


def _of_quarter(plan: Plan, quarter: int, day: date) -> Fraction:
    months = months_of(quarter)
    if not set(months) <= set(plan.months):
        days = [monthrange(day.year, each)[1] for each in months]
        gone = sum(days[: day.month - months[0]]) + day.day
        return Fraction(plan.quarters[quarter]) * Fraction(gone, sum(days))
    over = sum((Fraction(plan.months[each]) for each in months if each < day.month), Fraction())
    return over + Fraction(plan.months[day.month]) * _of_month(day)


def time_progress(rule: str, day: date, annual: Decimal, planned: Fraction) -> Fraction | None:
    """By the rule; ``planned`` is what the plans of those counted say, ``annual`` their year's."""
    if rule == TimeProgress.PLAN:
        return planned / Fraction(annual) if annual else None
    return by_months(day) if rule == TimeProgress.MONTHS else by_days(day)


def light(rule: str, rate: Fraction | None, progress: Fraction | None) -> Light | None:
    """The light by the rule; None where there is no rate. Before anything is due it is green."""
    if rate is None or progress is None:
        return None
    if rule == LightRule.GAP:
        behind = progress - rate
        if behind < _YELLOW_GAP:
            return Light.GREEN
        return Light.YELLOW if behind <= _RED_GAP else Light.RED
    if rate >= progress * _GREEN_FROM:
        return Light.GREEN
    return Light.YELLOW if rate >= progress * _YELLOW_FROM else Light.RED


@dataclass(frozen=True)
class Needed:
    """What is missing to a target, in 亿元, and what each month that is left must bring of it.

    The running month is left until its last day. ``monthly`` is None where no month is left.
    """

    missing: Decimal
    months: int
    monthly: Decimal | None


def needed(target: Decimal, actual: Decimal, months_left: int) -> Needed:
    """What is missing; never less than nothing. ``monthly`` is exact to 28 digits."""
    missing = max(target - actual, Decimal(0))
    return Needed(missing, months_left, missing / months_left if months_left else None)


def needed_for_year(annual: Decimal, actual: Decimal, day: date) -> Needed:
    """What the months that are left must bring for the year's plan."""
    return needed(annual, actual, MONTHS - months_over(day))


def needed_for_quarter(target: Decimal, actual: Decimal, day: date) -> Needed:
    """What the months of the quarter that are left must bring for its target."""
    last = quarter_of(day.month) * IN_QUARTER
    return needed(target, actual, last - months_over(day))

"""Time progress, lights and what is needed, against figures that offices have published."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from projects.investment.choices import LightRule, TimeProgress
from projects.investment.guard import mismatches
from projects.investment.progress_of_time import (
    Light,
    Needed,
    Plan,
    by_days,
    by_months,
    light,
    months_of,
    needed,
    needed_for_quarter,
    needed_for_year,
    percent,
    planned_by,
    quarter_of,
    share,
    time_progress,
)

MARCH_9 = date(2020, 3, 9)


def amounts(*given: str) -> dict[int, Decimal]:
    return {number: Decimal(each) for number, each in enumerate(given, start=1)}


PLAN = Plan(Decimal(100), amounts("20", "30", "30", "20"), amounts("5", "6", "9.3"))


@pytest.mark.parametrize(
    ("day", "days", "months"),
    [
        (MARCH_9, "18.9", "16.7"),
        (date(2020, 3, 31), "24.9", "25.0"),
        (date(2021, 3, 31), "24.7", "25.0"),
        (date(2020, 1, 1), "0.3", "0.0"),
        (date(2020, 2, 28), "16.1", "8.3"),
        (date(2020, 2, 29), "16.4", "16.7"),
        (date(2020, 12, 31), "100.0", "100.0"),
    ],
)
def test_time_progress_by_days_and_by_months(day: date, days: str, months: str) -> None:
    assert (percent(by_days(day)), percent(by_months(day))) == (days, months)


def test_the_plans_own_curve() -> None:
    """January and February whole, 9 of March's 31 days; a quarter without months by its days."""
    assert planned_by(PLAN, MARCH_9) == 11 + Fraction(93, 10) * 9 / 31
    assert planned_by(PLAN, date(2020, 5, 15)) == 20 + 30 * Fraction(45, 91)
    assert planned_by(PLAN, date(2020, 12, 31)) == 100
    assert planned_by(Plan(Decimal(366), {1: Decimal(9)}, {}), MARCH_9) == 69
    curve = time_progress(TimeProgress.PLAN, MARCH_9, Decimal(100), planned_by(PLAN, MARCH_9))
    assert percent(curve) == "13.7"
    assert time_progress(TimeProgress.PLAN, MARCH_9, Decimal(0), Fraction()) is None
    assert time_progress(TimeProgress.DAYS, MARCH_9, Decimal(0), Fraction()) == Fraction(69, 366)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        ("313.64", "1015", "30.9"), ("1138", "1000", "113.8"), ("11.19", "19.25", "58.1"),
        ("0.0005", "1", "0.1"), ("0.0004", "1", "0.0"), ("3", "0", None), ("0", "3", "0.0"),
    ],
)  # fmt: skip
def test_rates_are_rounded_once_from_exact_amounts(part: str, whole: str, said: str | None) -> None:
    assert percent(share(Decimal(part), Decimal(whole))) == said


def test_points_against_time_progress() -> None:
    rate = share(Decimal("313.64"), Decimal(1015))
    assert rate is not None
    assert percent(rate - Fraction(25, 100)) == "5.9"
    assert percent(Fraction(50, 100) - Fraction("0.261")) == "23.9"
    assert percent(Fraction("-0.00049")) == "0.0"
    assert percent(Fraction("-0.0005")) == "-0.1"
    earlier, later = Decimal("198.8") + Decimal("9.55"), Decimal("242.25") + Decimal("12.63")
    assert later - earlier == Decimal("46.53")


@pytest.mark.parametrize(
    ("rate", "progress", "by_ratio", "by_gap"),
    [
        ("0.80", "1", Light.GREEN, Light.YELLOW),
        ("0.79999", "1", Light.YELLOW, Light.YELLOW),
        ("0.60", "1", Light.YELLOW, Light.RED),
        ("0.59999", "1", Light.RED, Light.RED),
        ("0.15", "0.25", Light.YELLOW, Light.YELLOW),  # 10 points behind
        ("0.1500001", "0.25", Light.YELLOW, Light.GREEN),
        ("0.2", "0.5", Light.RED, Light.YELLOW),  # 30 points behind
        ("0.1999999", "0.5", Light.RED, Light.RED),
        ("1.3", "0.5", Light.GREEN, Light.GREEN),
        ("0", "0", Light.GREEN, Light.GREEN),  # nothing is due yet
    ],
)
def test_lights_by_both_rules(rate: str, progress: str, by_ratio: Light, by_gap: Light) -> None:
    given = Fraction(rate), Fraction(progress)
    assert light(LightRule.RATIO, *given) is by_ratio
    assert light(LightRule.GAP, *given) is by_gap


def test_nothing_planned_has_no_light() -> None:
    assert light(LightRule.RATIO, None, Fraction(1, 2)) is None
    assert light(LightRule.GAP, Fraction(1, 2), None) is None


def test_what_the_coming_months_must_bring() -> None:
    target, annual = Decimal(20), Decimal(100)
    assert needed_for_quarter(target, Decimal(14), date(2020, 2, 10)) == Needed(
        Decimal(6), 2, Decimal(3)
    )
    assert needed_for_quarter(target, Decimal(14), date(2020, 2, 29)).months == 1
    assert needed_for_quarter(target, Decimal(14), date(2020, 3, 31)) == Needed(Decimal(6), 0, None)
    assert needed_for_quarter(target, Decimal(21), MARCH_9) == Needed(Decimal(0), 1, Decimal(0))
    assert needed_for_year(annual, Decimal(15), MARCH_9) == Needed(Decimal(85), 10, Decimal("8.5"))
    assert needed(annual, Decimal(0), 12).monthly == Decimal(100) / 12
    assert [quarter_of(month) for month in (1, 3, 4, 12)] == [1, 1, 2, 4]
    assert months_of(4) == (10, 11, 12)


@pytest.mark.parametrize(
    ("quarters", "months", "fields"),
    [
        (("20", "30", "30", "20"), ("6", "6", "8"), []),
        (("20", "30", "30", "20"), ("6", "6", "9"), []),  # more than the target is no matter
        (("20", "30", "30", "20.0001"), (), ["quarter_4"]),
        (("20", "30", "30"), (), []),  # not all quarters are planned
        (("20", "30", "30", "19"), ("6", "6", "7.9999"), ["quarter_4", "month_3"]),
        (("20", "30", "30", "20"), ("6", "6"), []),
    ],
)
def test_the_guard(quarters: tuple[str, ...], months: tuple[str, ...], fields: list[str]) -> None:
    plan = Plan(Decimal(100), amounts(*quarters), amounts(*months))
    assert [each.field for each in mismatches(plan)] == fields

"""What projects' standings add up to, and each one's light; pure functions."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from projects.investment.choices import TimeProgress
from projects.investment.progress_of_time import Light, light, share, time_progress
from projects.investment.queries import ZERO, Rule, Standing


@dataclass(frozen=True)
class Sums:
    """The sums of some projects, in 亿元 and exact; shares are exact fractions of one."""

    projects: int
    annual_plan: Decimal
    year_actual: Decimal
    quarter_target: Decimal
    quarter_actual: Decimal
    quarter_aimed: Decimal  # of the quarter, by projects that have a target of it
    without_target: int  # without a target of the running quarter
    without_actual: int  # of which nothing is stated for the year
    lights: Counter[Light | None]
    progress: Fraction | None

    @property
    def rate(self) -> Fraction | None:
        return share(self.year_actual, self.annual_plan)

    @property
    def quarter_rate(self) -> Fraction | None:
        """Of the target, by the projects that have one; what others invested is no part of it."""
        return share(self.quarter_aimed, self.quarter_target)

    @property
    def gap(self) -> Fraction | None:
        """By how much the rate is ahead of time progress; below zero where it is behind."""
        return gap_of(self.rate, self.progress)


def gap_of(rate: Fraction | None, progress: Fraction | None) -> Fraction | None:
    """Rate − time progress, or None where either is."""
    return None if rate is None or progress is None else rate - progress


def progress_of(each: Standing, rule: Rule) -> Fraction | None:
    """The time progress that the project is compared with."""
    planned = each.planned if rule.time_progress == TimeProgress.PLAN else Fraction()
    return time_progress(rule.time_progress, each.day, each.plan.annual, planned)


def light_of(each: Standing, rule: Rule) -> Light | None:
    """The project's light; None where it has no plan of the year."""
    return light(rule.lights, each.rate, progress_of(each, rule))


def summed(standings: Collection[Standing], rule: Rule, day: date) -> Sums:
    """Add them up."""
    annual = _sum(each.plan.annual for each in standings)
    is_by_plan = rule.time_progress == TimeProgress.PLAN
    planned = sum((each.planned for each in standings), Fraction()) if is_by_plan else Fraction()
    return Sums(
        projects=len(standings),
        annual_plan=annual,
        year_actual=_sum(each.year_actual for each in standings),
        quarter_target=_sum(each.quarter_target or ZERO for each in standings),
        quarter_actual=_sum(each.quarter_actual for each in standings),
        quarter_aimed=_sum(
            each.quarter_actual for each in standings if each.quarter_target is not None
        ),
        without_target=sum(each.quarter_target is None for each in standings),
        without_actual=sum(not each.actuals for each in standings),
        lights=Counter(light_of(each, rule) for each in standings),
        progress=time_progress(rule.time_progress, day, annual, planned),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)

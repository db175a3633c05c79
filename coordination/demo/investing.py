"""Examples of investment beside the published plan of the year: quarters, months and their ends.

Only the plan of the year of the whole list was published; each project's share of it, its quarters
and what it invested are examples.
"""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from coordination.demo.amounts import CENT, seeded
from coordination.demo.catalogue import Planned
from coordination.demo.enrolment import Entry
from coordination.demo.people import Staff
from coordination.demo.reporting import invested
from coordination.demo.schedule import moment
from projects.investment.issue import acknowledge_plan, issue_plans
from projects.investment.month_end import Stated, revise_month_ends
from projects.investment.plan import Wanted, set_plans
from projects.investment.status import set_statistical_status
from projects.record.clock import clock_at

YEAR: Final = 2020
EXAMPLE: Final = "示例"  # said of each of these rows
PLANS_SET_ON: Final = date(2020, 2, 3)
FEBRUARY_STATED_ON: Final = date(2020, 3, 2)
# Of the year's plan, in percent: each quarter but the last, which takes the rest.
_BY_PHASE: Final = {
    "preliminary": (12, 22, 32), "new_start": (18, 26, 30), "continuing": (23, 27, 27),
    "completing": (27, 30, 25),
}  # fmt: skip
_FIRST_QUARTER: Final = (36, 36)  # of its target, January's and February's part in percent
# Of what was planned of January and February, what was invested at least and at most, in percent.
_AT_WORK, _NOT_YET = (65, 120), (55, 110)
_LOWER: Final = 12
_ACKNOWLEDGED: Final = 4  # one owner in so many has not acknowledged its plan
_IN_THE_BASE: Final = 3


def _part(amount: Decimal, percent: int, unit: Decimal = CENT) -> Decimal:
    return (amount * percent / 100).quantize(unit, ROUND_HALF_UP)


def _wanted(entry: Entry) -> Wanted:
    """Quarters that sum to the year's plan exactly, and months that sum to the first of them."""
    annual = entry.planned.annual
    first, second, third = (_part(annual, percent) for percent in _BY_PHASE[entry.planned.phase])
    january, february = (_part(first, percent) for percent in _FIRST_QUARTER)
    return Wanted(
        entry.project,
        quarters={1: first, 2: second, 3: third, 4: annual - first - second - third},
        months={1: january, 2: february, 3: first - january - february},
    )


def _stated(month: int) -> Callable[[Wanted, Planned], Stated]:
    """An example of what the month came to, in whole 万元."""

    def state(wanted: Wanted, planned: Planned) -> Stated:
        random = seeded(f"{planned.code}/month/{month}")
        least, most = _AT_WORK if planned.resumed_on else _NOT_YET
        goal = (wanted.months[month] or Decimal(0)) * 10_000
        amount = _part(goal, random.randint(least, most), Decimal(1))
        reported_on = planned.resumed_on
        is_lower = random.randint(1, _LOWER) == 1  # than was reported: the list asks why
        if reported_on is not None and reported_on.month == month and not is_lower:
            amount = max(amount, invested(planned, reported_on))
        paid = _part(amount, random.randint(50, 95), Decimal(1))
        return Stated(wanted.project, amount, paid, "（示例）按形象进度填报。")

    return state


def invest_all(entries: list[Entry], staff: Staff) -> None:
    """The plans, issued on the service's first day, and the ends of January and February."""
    by, plans = staff.duty_desk, [_wanted(entry) for entry in entries]
    planned = [entry.planned for entry in entries]
    with clock_at(moment(PLANS_SET_ON, 15)):
        set_plans(plans=plans, year=YEAR, reason=EXAMPLE, by=by)
        issue_plans(projects=[entry.project for entry in entries], year=YEAR, by=by)
    for month, day in ((1, PLANS_SET_ON), (2, FEBRUARY_STATED_ON)):
        with clock_at(moment(day, 16)):
            stated = list(map(_stated(month), plans, planned))
            revise_month_ends(stated=stated, year=YEAR, month=month, reason=EXAMPLE, by=by)
    _say_of_the_named(entries, staff)


def _say_of_the_named(entries: list[Entry], staff: Staff) -> None:
    """Acknowledgements and statistical status of the projects that have names, as examples."""
    with clock_at(moment(date(2020, 2, 10), 10)):
        for index, entry in enumerate(each for each in entries if not each.planned.is_example):
            if index % _ACKNOWLEDGED:
                acknowledge_plan(project=entry.project, year=YEAR, by=staff.duty_desk)
            status = ("entered", "submitted", "not_entered")[index % _IN_THE_BASE]
            document = "洛统示例〔2020〕1号" if status == "entered" else ""
            set_statistical_status(
                project=entry.project, status=status, since=date(2020, 1, 20), document=document,
                by=staff.duty_desk,
            )  # fmt: skip

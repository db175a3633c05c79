"""Which figures of a report are doubtful beside the reports before it. Uses no database.

A flag asks and accuses nobody: an officer finds out whether the figure is right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

TIMES: Final = 10  # so many times as many people, or as few
FEWEST: Final = 20  # people, below which such a change is ordinary
SOON: Final = timedelta(days=3)
WAN_IN_YI: Final = 10_000  # 万元 in an 亿元


@dataclass(frozen=True)
class Doubt:
    """A rule's name, the report that the figure is beside, and both numbers where it has any."""

    rule: str
    earlier: Any = None
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True)
class Known:
    """What is known of the project: earlier reports that hold, the newest first; the year's plan.

    ``before`` reaches back to the begin of the month, and ``SOON`` at least; ``last`` is the last
    report of all. ``annual`` in 亿元.
    """

    last: Any
    before: Sequence[Any]
    annual: Decimal


def doubts(report: Any, known: Known) -> Iterator[Doubt]:
    """The doubts about a new report, by a fixed order of rules."""
    if known.last is not None:
        yield from _people(report, known.last)
    yield from _back(report, known.before)
    if report.month_investment is not None:
        yield from _investment(report, known)


def _people(report: Any, last: Any) -> Iterator[Doubt]:
    """Compared while work goes on: where it begins or stops, people come and go."""
    if not (report.resumed and last.resumed):
        return
    for rule, name in (("on_site", "workers_on_site"), ("required", "workers_required")):
        before, after = getattr(last, name), getattr(report, name)
        if not before or not after:  # not stated, or nobody
            continue
        fewer, more = sorted((before, after))
        if more >= FEWEST and more >= TIMES * fewer:
            yield Doubt(rule, last, Decimal(before), Decimal(after))


def _back(report: Any, before: Sequence[Any]) -> Iterator[Doubt]:
    """Work stopped and resumed, or resumed and stopped, within three days."""
    recent = [each for each in before if report.day - each.day <= SOON]
    states = [report.resumed, *(each.resumed for each in recent)]
    changes = [n for n in range(1, len(states)) if states[n] != states[n - 1]]
    if len(changes) > 1 and changes[0] == 1:  # the report itself changes the state, again
        yield Doubt("back", recent[changes[1] - 1])


def _investment(report: Any, known: Known) -> Iterator[Doubt]:
    stated = [each for each in known.before if each.day >= first_of_month(report.day)]
    stated = [each for each in stated if each.month_investment is not None]
    highest = max(stated, key=lambda each: each.month_investment, default=None)
    after = report.month_investment
    if highest is not None and after < highest.month_investment:
        yield Doubt("falling", highest, highest.month_investment, after)
    planned = (known.annual * WAN_IN_YI).quantize(Decimal("0.01"))
    if after > planned:
        yield Doubt("above_plan", None, planned, after)


def first_of_month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)

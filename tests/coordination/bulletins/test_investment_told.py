"""Investment of any history is as plain Python tells it from notes of what was done.

No query and none of the block's own conditions; amounts are whole hundredths of 万元.
``BULLETIN_HISTORIES=10000`` runs so many.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.bulletins.week import SHANGHAI, week_to
from projects.investment.block_investment import BLOCK
from projects.investment.month_end import revise_month_end
from projects.investment.plan import set_plan
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.record.refusals import Invalid
from projects.register.models import District, Project
from projects.register.registration import revise_project
from tests.coordination.bulletins.retold import WEEK, tenths
from tests.coordination.bulletins.test_histories import forgotten
from tests.factories.coordination import director, project

HISTORIES: Final = int(os.environ.get("BULLETIN_HISTORIES", "12"))
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BEGIN: Final = CUT_OFF - 3 * WEEK
HOURS: Final = 22 * 24
DISTRICTS: Final = ("410305", "410311")
PHASES: Final = ("new_start", "continuing", "completing", "preliminary")
YI: Final = 1_000_000  # hundredths of 万元
DAYS: Final = 366

which, amount = st.integers(0, 5), st.integers(0, 300_000)  # to 3,000 万元
deeds = st.one_of(
    st.tuples(
        st.just("site"), st.integers(0, 20_000), st.sampled_from(DISTRICTS),
        st.sampled_from(PHASES), st.sampled_from(["provincial", "municipal"]),
    ),
    st.tuples(st.just("plan"), which, st.integers(1, 2), st.integers(0, 9_000)),
    st.tuples(st.just("month"), which, st.integers(1, 2), amount),
    st.tuples(st.just("report"), which, st.integers(0, 25), st.none() | amount),
    st.tuples(st.just("report"), which, st.integers(0, 2), amount),
    st.tuples(st.just("amend"), which, st.none() | amount),
    st.tuples(st.just("annual"), which, st.integers(0, 20_000)),
)  # fmt: skip
histories = st.lists(
    st.tuples(st.integers(0, HOURS) | st.sampled_from([168, 336, 504]), deeds),
    min_size=15, max_size=50,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@dataclass
class Site:
    """A project, and whatever was said of it: each with its time, in the order of that."""

    row: Project
    since: datetime
    district: str
    phase: str
    level: str
    annual: list[tuple[datetime, int]] = field(default_factory=list)
    target: list[tuple[datetime, int]] = field(default_factory=list)  # of the first quarter
    ends: list[tuple[datetime, int, int]] = field(default_factory=list)  # month, amount
    said: list[tuple[datetime, date, int | None]] = field(default_factory=list)

    def planned(self, at: datetime) -> int:
        return [each for when, each in self.annual if when <= at][-1]

    def aim(self, at: datetime) -> int | None:
        found = [each for when, each in self.target if when <= at]
        return found[-1] if found else None

    def of_month(self, number: int, at: datetime) -> int | None:
        """The last statement after its end, or the last day that in the end has a figure."""
        ends = [each for when, month, each in self.ends if when <= at and month == number]
        if ends:
            return ends[-1]
        days = {day: each for when, day, each in self.said if when <= at and day.month == number}
        stated = {day: each for day, each in days.items() if each is not None}
        return stated[max(stated)] if stated else None

    def months(self, at: datetime) -> list[int]:
        found = [self.of_month(number, at) for number in (1, 2, 3)]
        return [each for each in found if each is not None]

    def light(self, at: datetime) -> str:
        plan, done = self.planned(at), sum(self.months(at))
        if not plan:
            return "unlit"
        passed = at.astimezone(SHANGHAI).timetuple().tm_yday
        for light, least in (("green", 80), ("yellow", 60)):
            if 100 * done * DAYS >= least * plan * passed:
                return light
        return "red"


@dataclass
class Told:
    """Does what a history says, and notes it."""

    sites: list[Site] = field(default_factory=list)

    def site(self, at: datetime, annual: int, district: str, phase: str, level: str) -> None:
        made = project(
            annual_investment=Decimal(annual) / 10_000, total_investment=Decimal(1000),
            district=District.objects.get(code=district), phase=phase, level=level,
        )  # fmt: skip
        self.sites.append(Site(made, at, district, phase, level, [(at, annual * 100)]))

    def _pick(self, which: int) -> Site | None:
        return self.sites[which % len(self.sites)] if self.sites else None

    def plan(self, at: datetime, which: int, quarter: int, amount: int) -> None:
        site = self._pick(which)
        if site is None:
            return
        try:
            set_plan(
                project=site.row, year=2020, quarters={quarter: Decimal(amount) / 10_000},
                reason="调整", by=director(),
            )  # fmt: skip
        except Invalid:  # it is so already
            return
        if quarter == 1:
            site.target.append((at, amount * 100))

    def month(self, at: datetime, which: int, number: int, amount: int) -> None:
        site = self._pick(which)
        if site is None or (number == 2 and at.astimezone(SHANGHAI).date() < date(2020, 2, 29)):
            return
        revise_month_end(
            project=site.row, year=2020, month=number, amount=Decimal(amount) / 100,
            reason="核实", by=director(),
        )  # fmt: skip
        site.ends.append((at, number, amount))

    def report(self, at: datetime, which: int, back: int, amount: int | None) -> None:
        site, day = self._pick(which), at.astimezone(SHANGHAI).date() - timedelta(days=back)
        if site is None:
            return
        value = None if amount is None else Decimal(amount) / 100
        report(
            project=site.row, day=day, resumed=True, month_investment=value, reason="更正",
            by=director(),
        )  # fmt: skip
        site.said.append((at, day, amount))

    def amend(self, at: datetime, which: int, amount: int | None) -> None:
        """Report the day again that was reported last."""
        site = self._pick(which)
        if site is not None and site.said:
            back = at.astimezone(SHANGHAI).date() - site.said[-1][1]
            self.report(at, which, back.days, amount)

    def annual(self, at: datetime, which: int, amount: int) -> None:
        site = self._pick(which)
        if site is not None:
            plan = {"annual_investment": Decimal(amount) / 10_000}
            revise_project(project=site.row, changes=plan, by=director())
            site.annual.append((at, amount * 100))

    def listed(self, at: datetime) -> list[Site]:
        return [each for each in self.sites if each.since <= at]

    def figures(self, end: datetime) -> dict[str, Any]:
        """What the block must say, without the names of districts."""
        sites, passed = self.listed(end), end.astimezone(SHANGHAI).timetuple().tm_yday

        def row(name: str = "", value: str = "") -> dict[str, Any]:
            of = [each for each in sites if not name or getattr(each, name) == value]
            return told_row(of, end, passed)

        before, now = end - WEEK, sum(sum(each.months(end)) for each in sites)
        was = sum(sum(each.months(before)) for each in self.listed(before))
        return {
            **row(),
            "new": yi(now - was), "time_progress": tenths(100 * passed, DAYS),
            "without_target": len([each for each in sites if each.aim(end) is None]),
            "without_actual": len([each for each in sites if not each.months(end)]),
            "provincial": row("level", "provincial"),
            "by_phase": {
                phase: row("phase", phase) for phase in PHASES
            },
            "by_district": {
                code: row("district", code) for code in DISTRICTS
            },
            "red_projects": sorted(
                each.row.code for each in sites if each.light(end) == "red"
            ),
        }  # fmt: skip


def told_row(sites: list[Site], end: datetime, passed: int) -> dict[str, Any]:
    plan = sum(each.planned(end) for each in sites)
    done = sum(sum(each.months(end)) for each in sites)
    target = sum(each.aim(end) or 0 for each in sites)
    aimed = sum(sum(each.months(end)) for each in sites if each.aim(end) is not None)
    lights = Counter(each.light(end) for each in sites)
    return {
        "projects": len(sites),
        **{name: lights[name] for name in ("green", "yellow", "red", "unlit")},
        "annual_plan": yi(plan), "year_actual": yi(done), "quarter_target": yi(target),
        "quarter_actual": yi(done), "annual_plan_exact": wan(plan), "year_actual_exact": wan(done),
        "quarter_target_exact": wan(target), "quarter_actual_exact": wan(done),
        "rate": tenths(100 * done, plan), "quarter_rate": tenths(100 * aimed, target),
        "gap": None if not plan else signed(100 * (done * DAYS - plan * passed), plan * DAYS),
    }  # fmt: skip


def signed(part: int, whole: int) -> str:
    said = tenths(abs(part), whole)
    return f"-{said}" if part < 0 and said != "0.0" else str(said)


def yi(amount: int) -> str:
    """In 亿元 with two decimals, half a hundredth away from zero."""
    cents = (2 * abs(amount) * 100 + YI) // (2 * YI)
    return f"{'-' if amount < 0 and cents else ''}{cents // 100}.{cents % 100:02d}"


def wan(amount: int) -> str:
    """In 万元 exactly, without zeros at the end."""
    whole, cents = divmod(amount, 100)
    return f"{whole}.{cents:02d}".rstrip("0").rstrip(".")


def comparable(found: dict[str, Any]) -> dict[str, Any]:
    """The block's figures in the form of the told ones."""
    left_out = {"day", "quarter", "time_rule", "light_rule", "by_class"}
    rows: Iterable[dict[str, Any]] = found["by_district"]
    not_of_a_row = ("code", "name", "class", "rank")
    districts = {
        row["code"]: {name: each for name, each in row.items() if name not in not_of_a_row}
        for row in rows if row["code"] in DISTRICTS
    }  # fmt: skip
    return {
        **{name: each for name, each in found.items() if name not in left_out},
        "by_district": districts,
        "red_projects": sorted(each["code"] for each in found["red_projects"]),
    }


@pytest.mark.django_db
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history(steps: list[tuple[int, tuple[Any, ...]]]) -> None:
    with forgotten():
        told = Told()
        for hours, (what, *inputs) in steps:
            at = BEGIN + timedelta(hours=hours)
            with clock_at(at):
                getattr(told, what)(at, *inputs)
        for end in (CUT_OFF - WEEK, CUT_OFF):
            figures = BLOCK.count(week_to(end))
            assert list(BLOCK.imbalances(figures)) == []
            assert comparable(figures) == told.figures(end)

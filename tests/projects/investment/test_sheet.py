"""The sheet of plans and months: what rows would change, what they change, and the way back."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.house.imports import ImportRow, RowPlan
from projects.imports.reading.vocabulary import Vocabulary
from projects.investment.queries import month_ends_at, plans_at
from projects.investment.sheet import SHEET
from projects.record.clock import change, clock_at, now
from projects.record.refusals import NotAllowed
from projects.register.exits import remove_project
from projects.register.models import Project
from tests.factories.coordination import Desk, project
from tests.projects.investment.scene import NOW, month, planned
from tests.projects.investment.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def row(site: Project | None, number: int = 5, **amounts: str) -> ImportRow:
    code = site.code if site else "NONE-1"
    values = {name: Decimal(amount) for name, amount in amounts.items()}
    return ImportRow(number, {"code": code, **values})


def plan(at: Desk, *rows: ImportRow) -> list[RowPlan]:
    return SHEET.plan(rows, now(), at.director)


def held(site: Project) -> tuple[Any, ...]:
    """The year's plan, its quarters, and its months as stated."""
    site.refresh_from_db()
    ends = {number: amount for (_key, number), amount in month_ends_at(now(), 2020).items()}
    return site.annual_investment, dict(plans_at(now(), 2020)[site.pk].quarters), ends


def test_a_row_is_planned_carried_out_and_undone(at: Desk) -> None:
    site = at.project  # its plan of the year is 3
    planned(site, at, "1", None, None, "0.5")
    month(site, at, 1, "500")
    before = held(site)
    rows = [row(site, annual="4", quarter_1="1", quarter_2="1.5", month_1="600", month_2="700",
                month_3="90")]  # fmt: skip
    plans = plan(at, *rows)
    (found,) = plans
    assert (found.outcome, found.errors, len(found.warnings)) == ("changed", [], 1)
    assert [(each.column, each.before, each.after) for each in found.changes] == [
        ("annual", "3", "4"), ("quarter_2", "", "1.5"), ("month_1", "500", "600"),
        ("month_2", "", "700"),
    ]  # fmt: skip
    assert held(site) == before  # nothing is written yet
    with clock_at(NOW + timedelta(hours=1)), change() as moment:
        effects = list(SHEET.carry_out(plans, moment, at.director))
        assert held(site) == (
            Decimal(4), {1: Decimal(1), 2: Decimal("1.5"), 4: Decimal("0.5")},
            {1: Decimal(600), 2: Decimal(700)},
        )  # fmt: skip
        assert [each.outcome for each in plan(at, *rows)] == ["unchanged"]
    with clock_at(NOW + timedelta(hours=2)), change() as moment:
        SHEET.undo(effects[::-1], moment, at.director)
        assert held(site) == before


def test_what_was_changed_since_is_not_undone(at: Desk) -> None:
    with change() as moment:
        plans = plan(at, row(at.project, quarter_1="1"))
        effects = list(SHEET.carry_out(plans, moment, at.director))
    planned(at.project, at, "2", reason="调整")
    before = held(at.project)
    with pytest.raises(NotAllowed), change() as moment:
        SHEET.undo(effects, moment, at.director)
    assert held(at.project) == before


def test_rows_that_are_refused(at: Desk, settings: LazySettings) -> None:
    site, other = at.project, project()
    rows = [
        row(None), row(site, quarter_1="-1", month_1="1.001"), row(site), row(other, annual="11"),
    ]  # fmt: skip
    assert [[(each.column, each.code) for each in found.errors] for found in plan(at, *rows)] == [
        [("code", "not-found")],
        [("quarter_1", "out-of-range"), ("month_1", "max_decimal_places")],
        [("code", "unique")], [("annual", "over-total")],
    ]  # fmt: skip
    named = [ImportRow(5, {"code": site.code, "name": name}) for name in (site.name, other.name)]
    assert [[(each.column, each.code) for each in plan(at, own)[0].errors] for own in named] == [
        [], [("name", "contradicts")],
    ]  # fmt: skip
    wrong = row(site, quarter_1="1", quarter_2="1", quarter_3="1", quarter_4="1")
    assert [(each.outcome, len(each.warnings)) for each in plan(at, wrong)] == [("changed", 1)]
    settings.PLAN_MISMATCH = "refuse"
    (found,) = plan(at, wrong)
    assert [(each.column, each.code) for each in found.errors] == [("quarter_4", "mismatch")]
    with pytest.raises(NotAllowed):
        SHEET.plan([], now(), at.liaison)


def test_a_project_that_left_is_refused(at: Desk) -> None:
    remove_project(project=at.project, reason="调出", by=at.director)
    (found,) = plan(at, row(at.project, quarter_1="1"))
    assert [(each.column, each.code) for each in found.errors] == [("code", "left-register")]


def test_december_is_settled_until_march_is_over(at: Desk) -> None:
    def of(year: int, **amounts: Any) -> ImportRow:
        made = row(at.project, **amounts)
        return ImportRow(5, {**made.values, "year": year})

    def errors(made: ImportRow) -> Any:
        return [(each.column, each.code) for each in plan(at, made)[0].errors]

    with clock_at(datetime(2021, 4, 1, 9, tzinfo=NOW.tzinfo)):
        assert errors(of(2020, month_12="9")) == [("year", "out-of-range")]
    with clock_at(datetime(2021, 1, 5, 9, tzinfo=NOW.tzinfo)):
        assert errors(of(2019, month_12="9")) == [("year", "out-of-range")]
        assert errors(of(2020, quarter_1="9")) == [("quarter_1", "out-of-range")]
        with change() as moment:
            plans = plan(at, of(2020, month_12="9"))
            effects = list(SHEET.carry_out(plans, moment, at.director))
        key = (at.project.pk, 12)
        assert month_ends_at(now(), 2020) == {key: Decimal(9)}
        assert month_ends_at(now(), 2021) == {}
    with clock_at(datetime(2021, 1, 5, 10, tzinfo=NOW.tzinfo)):
        with change() as moment:
            SHEET.undo(effects, moment, at.director)
        assert month_ends_at(now(), 2020) == {}


def test_what_goes_out_comes_in_unchanged(at: Desk) -> None:
    planned(at.project, at, "1", "1", "0.5", "0.5")
    month(at.project, at, 2, "80.25")
    out = list(SHEET.export(at.director))
    assert [each.outcome for each in plan(at, *(ImportRow(5, each) for each in out))] == [
        "unchanged"
    ] * len(out)
    assert {name: out[0][name] for name in ("code", "quarter_1", "month_2")} == {
        "code": at.project.code, "quarter_1": Decimal(1), "month_2": Decimal("80.25"),
    }  # fmt: skip


def test_as_many_queries_for_many_rows_as_for_few(at: Desk) -> None:
    def queries(sites: list[Project]) -> int:
        with CaptureQueriesContext(connection) as asked:
            plan(at, *(row(site, quarter_1="1") for site in sites))
        return len(asked)

    assert queries([at.project]) == queries([project() for _ in range(5)])


def test_a_heading_that_says_its_month_is_that_column() -> None:
    """Also where an officer once said which month a heading without a number means."""
    for added in ({}, {"{M}实际完成投资": "month_1"}):
        known = Vocabulary(SHEET, added, 2020)
        for heading, name in (
            ("1月实际完成投资（万元）", "month_1"), ("2月实际完成投资", "month_2"),
            ("１２月份完成投资", "month_12"),
        ):  # fmt: skip
            assert known.exact(heading) == {name}
    assert len(Vocabulary(SHEET, {}, 2020).exact("本月实际完成投资")) == 12  # asked about

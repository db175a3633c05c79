"""Investment, against figures counted by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from projects.investment.status import set_rule
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.classes import set_classes
from projects.register.models import Batch, District, Project
from projects.register.registration import revise_project
from tests.factories.bulletins import drawn, said_of
from tests.factories.coordination import Desk, desk, project
from tests.projects.investment.scene import month, planned

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
HOUR: Final = timedelta(hours=1)
LUOLONG, JIANXI, SONG = "410311", "410305", "410325"


@pytest.fixture
def at() -> Desk:
    """Without a project in this year's list."""
    earlier = Batch.objects.create(year=2019, ordinal=1, name="2019-1")
    with clock_at(START - timedelta(days=10)):
        made = desk()
        revise_project(project=made.project, changes={"batch": earlier}, by=made.director)
    return made


def figures(end: datetime = END) -> Any:
    return count_blocks(week_to(end))["investment"]["figures"]


def listed(code: str, annual: str, **counted: Any) -> Project:
    values = {"annual_investment": Decimal(annual), "total_investment": Decimal(100)} | counted
    return project(district=District.objects.get(code=code), **values)


def so_far(site: Project, at: Desk, amount: str, day: date = date(2020, 3, 9)) -> None:
    report(
        project=site, day=day, resumed=True, month_investment=Decimal(amount), reason="更正",
        by=at.director,
    )  # fmt: skip


def four(at: Desk) -> list[Project]:
    """Two in 洛龙, one in 涧西, and one in 嵩 for which nothing is planned."""
    with clock_at(START - timedelta(days=2)):  # 29 February
        sites = [
            listed(LUOLONG, "10", level="provincial", phase="new_start"), listed(LUOLONG, "20"),
            listed(JIANXI, "0.3"), listed(SONG, "0"),
        ]  # fmt: skip
        planned(sites[0], at, "3", "3", "2", "2", months=("1", "1", "1"))
        planned(sites[1], at, "2.5", "6", "6", "5.5")
        month(sites[0], at, 1, "10000.5")
        month(sites[1], at, 1, "5000")
        so_far(sites[1], at, "8000", date(2020, 2, 28))
    with clock_at(END - HOUR):
        so_far(sites[0], at, "9000", date(2020, 3, 8))
        so_far(sites[0], at, "9000")
        so_far(sites[1], at, "11000")
        so_far(sites[1], at, "12345.67")  # the amendment holds
        month(sites[1], at, 2, "7654.33")
    with clock_at(END + HOUR):  # too late for the issue
        so_far(sites[0], at, "99999")
        planned(sites[0], at, "4", "2", reason="调整")
        month(sites[1], at, 2, "1", reason="更正")
        revise_project(project=sites[2], changes={"annual_investment": Decimal(9)}, by=at.director)
    return sites


def exact(found: Any) -> list[str]:
    """In 万元: plan of the year, invested in it, target and invested in the quarter."""
    names = ("annual_plan", "year_actual", "quarter_target", "quarter_actual")
    return [found[f"{name}_exact"] for name in names]


def lights(found: Any) -> list[int]:
    return [found[name] for name in ("projects", "green", "yellow", "red", "unlit")]


def test_sums_and_rates(at: Desk) -> None:
    """洛龙: 1.90005 of 10 is 19.0 %, 2.5 of 20 is 12.5 %, against 18.9 % of the year."""
    four(at)
    found = figures()
    assert {name: found[name] for name in (
        "annual_plan", "year_actual", "rate", "time_progress", "gap", "quarter_target",
        "quarter_actual", "quarter_rate", "quarter", "day", "new", "without_target",
        "without_actual", "time_rule", "light_rule", "by_class",
    )} == {
        "annual_plan": "30.30", "year_actual": "4.40", "rate": "14.5", "time_progress": "18.9",
        "gap": "-4.3", "quarter_target": "5.50", "quarter_actual": "4.40", "quarter_rate": "80.0",
        "quarter": 1, "day": "2020-03-09", "new": "2.10", "without_target": 2,
        "without_actual": 2, "time_rule": "days", "light_rule": "ratio", "by_class": None,
    }  # fmt: skip
    assert exact(found) == ["303000", "44000.5", "55000", "44000.5"]
    assert lights(found) == [4, 1, 1, 1, 1]
    districts = {row["code"]: row for row in found["by_district"]}
    assert list(districts) == sorted(districts)
    assert exact(districts[LUOLONG]) == ["300000", "44000.5", "55000", "44000.5"]
    assert [
        (districts[code]["rate"], districts[code]["gap"], districts[code]["rank"])
        for code in (LUOLONG, JIANXI, SONG, "410302")
    ] == [("14.7", "-4.2", 1), ("0.0", "-18.9", 2), (None, None, None), (None, None, None)]
    assert (exact(found["provincial"]), lights(found["provincial"])) == (
        ["100000", "19000.5", "30000", "19000.5"], [1, 1, 0, 0, 0],
    )  # fmt: skip
    assert {phase: lights(row) for phase, row in found["by_phase"].items()} == {
        "preliminary": [0] * 5, "new_start": [1, 1, 0, 0, 0], "continuing": [3, 0, 1, 1, 1],
        "completing": [0] * 5,
    }  # fmt: skip
    assert [(row["rate"], row["gap"], row["annual_plan"]) for row in found["red_projects"]] == [
        ("0.0", "-18.9", "0.30")
    ]


def test_what_a_project_without_a_target_invests_is_no_part_of_the_rate(at: Desk) -> None:
    sites = four(at)
    with clock_at(END - HOUR):
        month(sites[2], at, 1, "3000")
    found = figures()
    assert (found["quarter_actual"], found["quarter_rate"], found["rate"]) == (
        "4.70", "80.0", "15.5",
    )  # fmt: skip


def test_what_is_said(at: Desk) -> None:
    four(at)
    with override("zh-hans"):
        paper = drawn(count_blocks(week_to(END)), week_to(END))
    said = "".join(said_of(paper))
    assert (
        "截至3月9日，本年度4个重点项目累计完成投资4.40亿元，完成年度计划投资30.30亿元的14.5%，"
        "低于序时进度4.3个百分点。一季度完成投资4.40亿元；有季度目标的项目，目标合计5.50亿元，完成目标的80.0%。"
        "2个项目没有一季度目标。本期新增投资2.10亿元。"
        "投资进度绿灯项目1个，黄灯项目1个，红灯项目1个。"
    ) in said
    assert "本年度尚未填报完成投资的项目2个，未计入。" in said
    assert "对投资进度红灯的1个项目逐一分析原因" in said


def test_a_rule_that_was_chosen_holds_from_then_on(at: Desk) -> None:
    four(at)
    before = figures()
    with clock_at(END + HOUR):
        set_rule(time_progress="plan", lights="gap", reason="市政府要求", by=at.director)
    assert figures() == before
    later = figures(END + WEEK)
    # 1 + 1 + 16/31 of 1; 2.5 of the quarter's 76/91; 76/366 of 0.3 and of 9 + 0 alike.
    assert (later["time_rule"], later["light_rule"]) == ("plan", "gap")
    planned_by = 2 + 16 / 31 + 2.5 * 76 / 91 + 9 * 76 / 366
    assert later["time_progress"] == f"{planned_by / 39 * 100:.1f}"
    assert lights(later) == [4, 2, 1, 0, 1]


def test_ranks_are_within_the_class(at: Desk) -> None:
    four(at)
    with clock_at(END - HOUR):
        set_classes(
            classes={LUOLONG: "second", JIANXI: "first"}, since=START.date(), by=at.director
        )
    found = figures()
    assert [(row["code"], row["class"], row["rank"]) for row in found["by_district"][:3]] == [
        (JIANXI, "first", 1), (LUOLONG, "second", 1), ("410302", None, None),
    ]  # fmt: skip
    assert [(row["class"], *exact(row)[:2]) for row in found["by_class"]] == [
        ("first", "3000", "0"), ("second", "300000", "44000.5"), (None, "0", "0"),
    ]  # fmt: skip


def test_a_correction_that_takes_away_is_said(at: Desk) -> None:
    with clock_at(START - timedelta(days=2)):
        site = listed(LUOLONG, "10")
        month(site, at, 1, "500.4")
    with clock_at(END - HOUR):
        month(site, at, 1, "0", reason="重复填报")
    assert figures()["new"] == "-0.05"
    with override("zh-hans"):
        assert "经更正，比本期之初减少0.05亿元。" in "".join(
            said_of(drawn(count_blocks(week_to(END)), week_to(END)))
        )


@pytest.mark.parametrize(
    ("moves", "new", "words"),
    [
        ("joins", "0.00", "本期新增投资0.00亿元。"),  # what it invested before is not of the period
        ("leaves", "0.00", "本期新增投资0.00亿元。"),
        ("is corrected by a little", "0.00", "本期新增投资0.00亿元。"),
    ],
)
def test_only_what_was_invested_is_new(at: Desk, moves: str, new: str, words: str) -> None:
    earlier, current = (Batch.objects.get(year=year) for year in (2019, 2020))
    with clock_at(START - timedelta(days=2)):
        site, other = listed(LUOLONG, "10"), listed(LUOLONG, "10")
        month(site, at, 1, "5000")
        month(other, at, 1, "700")
        if moves == "joins":
            revise_project(project=site, changes={"batch": earlier}, by=at.director)
    with clock_at(END - HOUR):
        if moves == "joins":
            revise_project(project=site, changes={"batch": current}, by=at.director)
        elif moves == "leaves":
            revise_project(project=site, changes={"batch": earlier}, by=at.director)
        else:
            month(site, at, 1, "4999.99", reason="更正")
    assert figures()["new"] == new
    with override("zh-hans"):
        assert words in "".join(said_of(drawn(count_blocks(week_to(END)), week_to(END))))


def test_as_many_queries_for_many_as_for_few(at: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            figures()
        return len(asked)

    sites = four(at)
    few = queries()
    with clock_at(END - HOUR):
        for code in District.objects.filter(valid__contains=END.date()).values_list(
            "code", flat=True
        ):
            site = listed(code, "5")
            planned(site, at, "1", "1", "1", "2")
            so_far(site, at, "7")
    assert queries() == few
    assert figures()["projects"] > len(sites)

"""People on site, starts and classes of districts, each against figures counted by hand."""

from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import Letterhead
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from projects.house.amounts import rate
from projects.house.sheets import Sheet
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.classes import set_classes
from projects.register.models import District, Project
from projects.register.registration import revise_project
from tests.factories.bulletins import drawn, said_of
from tests.factories.coordination import Desk, desk, project

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
HOUR: Final = timedelta(hours=1)
DAY: Final = END.date()
LUOLONG, JIANXI, SONG = "410311", "410305", "410325"


@pytest.fixture
def at() -> Desk:
    with clock_at(START - timedelta(days=10)):
        return desk()


def figures(block: str, end: datetime = END) -> Any:
    return count_blocks(week_to(end))[block]["figures"]


def planned(code: str = LUOLONG, **counted: Any) -> Project:
    values = {"planned_resumption": date(2020, 3, 1)} | counted
    return project(district=District.objects.get(code=code), **values)


def stated(site: Project, at: Desk, *numbers: int | None, day: date = DAY) -> None:
    required, on_site = numbers
    report(
        project=site, day=day, resumed=True, workers_required=required, workers_on_site=on_site,
        by=at.director,
    )  # fmt: skip


def sheet(block: str) -> Sheet:
    """The block's first table, as it is printed in Chinese."""
    with override("zh-hans"):
        paper = drawn(count_blocks(week_to(END)), week_to(END))
    return next(each for each in paper.sheets() if each.name == block)


def printed(found: Sheet, *codes: str) -> list[list[str]]:
    """Of these districts, and of all other rows, the texts."""
    return [
        [*row.titles, *(cell.text for cell in row.cells)]
        for row in found.rows if row.is_fixed or row.key[0] in codes
    ]  # fmt: skip


def test_people_on_site_of_those_that_stated_both(at: Desk) -> None:
    with clock_at(START - timedelta(days=2)):
        sites = [planned(level="provincial"), *(planned() for _ in range(4)), planned(JIANXI)]
        planned(planned_resumption=date(2020, 3, 20))  # later: outside the base
        project(phase="preliminary")
    with clock_at(START - HOUR):
        stated(sites[0], at, 10, 4, day=START.date())
    with clock_at(END - 2 * HOUR):
        stated(sites[0], at, 100, 90)
        stated(sites[0], at, 100, 106)  # the amendment holds
        stated(sites[1], at, 50, 20)
        stated(sites[2], at, 50, None)  # one of the two is not enough
        stated(sites[3], at, 50, 50)
        stated(sites[3], at, None, None)  # taken back
        stated(sites[4], at, 99, 99, day=date(2020, 3, 8))  # of another day
        stated(sites[5], at, 0, 0)
    with clock_at(END + HOUR):
        stated(sites[4], at, 99, 99)  # recorded too late
    found = figures("workers")
    in_all = {
        "expected": 6, "stated": 3, "unstated": 3, "required": 150, "on_site": 126, "rate": "84.0",
    }  # fmt: skip
    districts = {row.pop("code"): row for row in found.pop("by_district")}
    assert found == {
        **in_all,
        "provincial": {
            "expected": 1, "stated": 1, "unstated": 0, "required": 100, "on_site": 106,
            "rate": "106.0",
        },
        "change": {"stated": 2, "required": 140, "on_site": 122},
    }  # fmt: skip
    assert districts[LUOLONG] == {
        "name": "洛龙区", "expected": 5, "stated": 2, "unstated": 3, "required": 150,
        "on_site": 126, "rate": "84.0",
    }  # fmt: skip
    assert districts[JIANXI] == {
        "name": "涧西区", "expected": 1, "stated": 1, "unstated": 0, "required": 0, "on_site": 0,
        "rate": None,
    }  # fmt: skip
    assert list(districts) == sorted(
        District.objects.filter(valid__contains=DAY).values_list("code", flat=True)
    )
    assert printed(sheet("workers"), JIANXI, SONG) == [
        ["涧西区", "1", "0", "1", "0", "0", "—"], ["嵩县", "0", "0", "0", "0", "0", "—"],
        ["其中：省重点项目", "1", "0", "1", "100", "106", "106.0"],
        ["合计", "6", "3", "3", "150", "126", "84.0"],
    ]  # fmt: skip


def test_what_is_said_of_people_on_site(at: Desk) -> None:
    def said() -> str:
        with override("zh-hans"):
            return "".join(said_of(drawn(count_blocks(week_to(END)), week_to(END))))

    with clock_at(START - timedelta(days=2)):
        sites = [planned(), planned()]
    assert "当日填报需到岗人数和实际到岗人数的0个，未报的2个" in said()
    assert "到岗率1" not in said()
    with clock_at(END - HOUR):
        stated(sites[0], at, 80, 60)
    assert (
        "应复工开工的2个项目（不含前期项目）中，当日填报需到岗人数和实际到岗人数的1个，未报的1个，"
        "未报项目不计入到岗人数和到岗率。已填报项目需到岗80人，实际到岗60人，到岗率75.0%。"
        "与上期（按上期截止时的记录）相比，已填报项目增加1个，需到岗人数增加80人，"
        "实际到岗人数增加60人。"
    ) in said()


@pytest.mark.parametrize(
    ("started", "of", "said"),
    [(206, 255, "80.8"), (115, 133, "86.5"), (337, 335, "100.6"), (169, 180, "93.9")],
)
def test_rates_of_the_field(started: int, of: int, said: str) -> None:
    assert rate(started, of) == said


def test_starts_due_early_and_overdue(at: Desk) -> None:
    def new(day: date | None, code: str = LUOLONG, **counted: Any) -> Project:
        return planned(code, planned_resumption=day, phase="new_start", **counted)

    with clock_at(START - timedelta(days=2)):
        due = [new(date(2020, 3, 1), level="provincial"), new(DAY), new(date(2019, 12, 1))]
        later = [new(date(2020, 3, 10)), new(date(2020, 12, 31), JIANXI)]
        beyond = [new(date(2021, 1, 1), JIANXI), new(None)]
        others = [planned(), planned(phase="completing")]
    with clock_at(START - HOUR):
        stated(due[0], at, None, None, day=START.date())
    with clock_at(END - HOUR):
        for each in (due[1], later[0], beyond[0], beyond[1], *others):
            stated(each, at, None, None)
    with clock_at(END + HOUR):
        stated(later[1], at, None, None)
        revise_project(project=due[2], changes={"phase": "continuing"}, by=at.director)
    found = figures("starts")
    districts = {row.pop("code"): row for row in found.pop("by_district")}
    assert found == {
        "year": 5, "due": 3, "started": 5, "early": 3, "overdue": 1, "rate_due": "166.7",
        "rate_year": "100.0", "new": 4,
        "provincial": {
            "year": 1, "due": 1, "started": 1, "early": 0, "overdue": 0, "rate_due": "100.0",
            "rate_year": "100.0",
        },
    }  # fmt: skip
    assert districts[JIANXI] == {
        "name": "涧西区", "year": 1, "due": 0, "started": 1, "early": 1, "overdue": 0,
        "rate_due": None, "rate_year": "100.0",
    }  # fmt: skip
    assert printed(sheet("starts"), JIANXI, SONG) == [
        ["涧西区", "1", "0", "0", "1", "1", "—", "100.0"],
        ["嵩县", "0", "0", "0", "0", "0", "—", "—"],
        ["其中：省重点项目", "1", "1", "0", "0", "1", "100.0", "100.0"],
        ["合计", "5", "3", "1", "3", "5", "166.7", "100.0"],
    ]  # fmt: skip


def test_a_start_taken_back_is_fewer_this_week(at: Desk) -> None:
    with clock_at(START - timedelta(days=2)):
        site = planned(phase="new_start")
        stated(site, at, 1, 1, day=START.date() - timedelta(days=2))
    with clock_at(END - HOUR):  # the report of that day is amended
        report(
            project=site, day=START.date() - timedelta(days=2), resumed=False, reason="误报",
            by=at.director,
        )  # fmt: skip
    assert (figures("starts")["started"], figures("starts")["new"]) == (0, -1)
    with override("zh-hans"):
        said = "".join(said_of(drawn(count_blocks(week_to(END)), week_to(END))))
    assert "本期已开工数减少1个。" in said


def of_classes(at: Desk) -> None:
    """洛龙 and 涧西 are compared with each other, 嵩 alone; 老城 is in no class."""
    with clock_at(START - timedelta(days=3)):
        set_classes(
            classes={LUOLONG: "second", JIANXI: "second", SONG: "first"},
            since=START.date() - timedelta(days=3), by=at.director,
        )  # fmt: skip


def resumption_of_four(at: Desk) -> None:
    """洛龙 half, 涧西 all, 嵩 none, and 老城 all of its projects."""
    with clock_at(START - timedelta(days=2)):
        sites = [planned(), planned(), planned(JIANXI), planned(SONG), planned("410302")]
    with clock_at(END - HOUR):
        for each in (sites[0], sites[2], sites[4]):
            stated(each, at, None, None)


def test_ranks_are_within_the_class(at: Desk) -> None:
    resumption_of_four(at)
    before = figures("resumption")
    assert [(row["code"], row["rank"]) for row in before["by_district"][:5]] == [
        ("410302", 1), (JIANXI, 1), (LUOLONG, 3), (SONG, 4), ("410303", None),
    ]  # fmt: skip
    assert {row["class"] for row in before["by_district"]} == {None}
    assert before["by_class"] is None
    of_classes(at)
    found = figures("resumption")
    assert [(row["code"], row["class"], row["rank"]) for row in found["by_district"][:5]] == [
        (SONG, "first", 1), (JIANXI, "second", 1), (LUOLONG, "second", 2), ("410302", None, 1),
        ("410303", None, None),
    ]  # fmt: skip
    assert found["by_class"] == [
        {"class": "first", "planned": 1, "resumed": 0, "waiting": 1, "rate": "0.0"},
        {"class": "second", "planned": 3, "resumed": 2, "waiting": 1, "rate": "66.7"},
        {"class": None, "planned": 1, "resumed": 1, "waiting": 0, "rate": "100.0"},
    ]
    rest = {"by_class", "by_district"}
    assert {name: found[name] for name in found.keys() - rest} == {
        name: before[name] for name in before.keys() - rest
    }


@pytest.mark.parametrize("shows_ranks", [True, False])
def test_a_table_by_classes(at: Desk, *, shows_ranks: bool) -> None:
    Letterhead.objects.create(
        language="zh-hans", office="办公室", heading="直通车", name="通报", title="情况",
        addressees="各单位：", shows_ranks=shows_ranks,
    )  # fmt: skip
    resumption_of_four(at)
    plain = sheet("resumption")
    assert "类别" not in "".join(plain.headings)
    assert [row.titles[0] for row in plain.rows][-2:] == ["其中：省重点项目", "合计"]
    assert plain.rank_rule in plain.note if shows_ranks else plain.rank_rule not in plain.note
    of_classes(at)
    found = sheet("resumption")
    assert found.headings[0] == "类别"
    rows = printed(found, LUOLONG, JIANXI, SONG, "410302")
    ranks = iter(["1", "", "1", "2", "", "1", "", "", ""]) if shows_ranks else None
    expected = [
        ["嵩县", "一类县区", "1", "0", "1", "0.0"],
        ["一类县区小计", "", "1", "0", "1", "0.0"],
        ["涧西区", "二类县区", "1", "1", "0", "100.0"],
        ["洛龙区", "二类县区", "2", "1", "1", "50.0"],
        ["二类县区小计", "", "3", "2", "1", "66.7"],
        ["老城区", "—", "1", "1", "0", "100.0"],
        ["未分类县区小计", "", "1", "1", "0", "100.0"],
        ["其中：省重点项目", "", "0", "0", "0", "—"],
        ["合计", "", "5", "3", "2", "60.0"],
    ]  # fmt: skip
    assert rows == [[*row, next(ranks)] if ranks else row for row in expected]
    assert ("在同类县区内" in found.note) == shows_ranks
    with override("zh-hans"):
        said = said_of(drawn(count_blocks(week_to(END)), week_to(END)))
    assert any("5个" in each and "60.0%" in each for each in said)


def test_a_class_holds_from_its_day_and_its_record(at: Desk) -> None:
    def class_of(end: datetime) -> str | None:
        rows = {row["code"]: row["class"] for row in figures("resumption", end)["by_district"]}
        found: str | None = rows[SONG]
        return found

    with clock_at(START - HOUR):
        set_classes(classes={SONG: "first"}, since=START.date(), by=at.director)
    with clock_at(END - HOUR):
        set_classes(classes={SONG: "third"}, since=date(2020, 3, 4), by=at.director)
    with clock_at(END + HOUR):  # recorded after the cut-off, for a day before it
        set_classes(classes={SONG: ""}, since=date(2020, 3, 9), by=at.director)
    assert [class_of(START - WEEK), class_of(START), class_of(END), class_of(END + WEEK)] == [
        None, "first", "third", None,
    ]  # fmt: skip


def test_as_many_queries_for_many_as_for_few(at: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            count_blocks(week_to(END))
        return len(asked)

    resumption_of_four(at)
    with clock_at(END - HOUR):
        planned(phase="new_start")
    few = queries()
    of_classes(at)
    with clock_at(END - HOUR):
        for code in District.objects.filter(valid__contains=DAY).values_list("code", flat=True):
            stated(planned(code, phase="new_start"), at, 5, 4)
    assert queries() == few

"""Investment on the boards: rates, lights and months, a map that takes turns, and their rows."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from coordination.workbench.board.draw import board_of
from coordination.workbench.board.scope import public_view
from projects.investment.progress_of_time import planned_by
from projects.investment.queries import days_of, standing_at
from projects.investment.queries_months import months_of_year
from projects.record.clock import clock_at, now
from projects.register.classes import set_classes
from projects.register.models import District, Project
from projects.register.registration import revise_project
from tests.coordination.workbench.board.test_board import (
    BOARD,
    as_,
    counted_at,
    figures,
    picture,
    rows,
    shown,
    tile,
    values,
)
from tests.factories.coordination import Desk, project
from tests.projects.investment.scene import NOW, month, planned
from tests.projects.investment.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db
_LIGHTS = ("projects", "red", "yellow", "green", "unlit")


def district(code: str) -> District:
    return District.objects.get(code=code)


def four(at: Desk) -> Sequence[Project]:
    """Green and red in 洛龙, yellow in 涧西, and in 嵩县 one for which nothing is planned.

    By days 69/366 of the year are over: 18.9 %.
    """
    sites = [
        at.project, project(), project(district=district("410305")),
        project(district=district("410325"), annual_investment=Decimal(0)),
    ]  # fmt: skip
    planned(sites[0], at, "1", "1", "0.5", "0.5", months=("0.2", "0.4", "0.4"))
    planned(sites[1], at, "0.6", "0.8", "0.8", "0.8")
    planned(sites[2], at, "0.5")
    month(sites[0], at, 1, "5000")
    month(sites[0], at, 2, "1000.5")
    month(sites[2], at, 1, "4000")
    return sites


def test_the_figures_of_the_whole_city(at: Desk) -> None:
    """1.00005 of 9 is 11.1 %; of the targets of 2.1 as much is 47.6 %."""
    four(at)
    board = shown(at.director)
    assert tile(board, "invested") == ["11.1"]
    assert tile(board, "invested-quarter") == ["47.6"]
    assert tile(board, "investment-lights") == ["1", "1", "1"]
    notes = {each.tile.name: each.reading.note for each in board.tiles}
    assert [notes[name] for name in ("invested", "invested-quarter", "investment-lights")] == [
        "1.00 of 9.00 (亿元); 7.7 points behind time progress (18.9%)",
        "the first quarter: 1.00 of 2.10 (亿元) · 1 project without a target",
        "1 without a plan of the year",
    ]
    assert values(board, "investment-districts", *_LIGHTS, "rate") == {
        "涧西区": (1, 0, 1, 0, 0, "13.3"), "洛龙区": (2, 1, 0, 1, 0, "10.0"),
        "嵩县": (1, 0, 0, 0, 1, None), "In all": (4, 1, 1, 1, 1, "11.1"),
    }  # fmt: skip
    months = values(board, "investment-months", "planned", "planned_so_far", "actual_so_far")
    assert list(months.values())[:4] == [
        ("0.66", "0.66", "0.90"), ("0.83", "1.49", "1.00"), ("0.86", "2.35", "1.00"),
        ("0.84", "3.19", None),
    ]  # fmt: skip
    assert list(months.values())[-1][1:] == ("9.00", None)


def test_classes_have_their_sums(at: Desk) -> None:
    four(at)
    set_classes(classes={"410311": "second"}, since=timezone.localdate(now()), by=at.director)
    board = shown(at.director)
    found = rows(board, "investment-districts")
    assert list(found) == [
        "洛龙区", "Sum of Class 2", "涧西区", "嵩县", "Sum of those in no class", "In all",
    ]  # fmt: skip
    (link,) = {found["Sum of Class 2"][name].link for name in ("projects", "annual_plan")}
    assert link == f"{reverse('investment')}?class=second"
    assert counted_at(at.director, as_(at.director), link) == 2


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("director", ""), ("director", "?districts=map-investment"), ("auditor", "?group={group}"),
        ("lead", ""), ("liaison", ""), ("director", "?officer={officer}"),
    ],
)  # fmt: skip
def test_each_figure_opens_as_many_rows_as_it_says(at: Desk, who: str, query: str) -> None:
    four(at)
    reader = getattr(at, who)
    asked = query.format(group=at.group.code, officer=at.liaison.pk)
    client, board = as_(reader), shown(reader, asked)
    own = [each for each in figures(board) if each[2].startswith(reverse("investment"))]
    assert len({where.split()[0] for where, _number, _link in own}) >= 3
    assert [
        (where, number, link) for where, number, link in own
        if counted_at(reader, client, link) != number
    ] == []  # fmt: skip
    notes = [each.reading for each in board.tiles if each.reading.note_link]
    for reading in notes:
        assert client.get(reading.note_link).status_code == 200


def test_a_group_and_an_officer_have_their_own(at: Desk) -> None:
    four(at)
    for who in (at.lead, at.liaison):
        board = shown(who)
        assert tile(board, "invested") == ["20.0"]  # 0.60005 of 3
        assert tile(board, "investment-lights") == ["0", "0", "1"]
    assert values(shown(at.lead), "investment-districts", *_LIGHTS) == {
        "洛龙区": (1, 0, 0, 1, 0), "In all": (1, 0, 0, 1, 0),
    }  # fmt: skip
    names = [each.tile.name for each in shown(at.deputy).tiles]
    assert {"invested", "invested-quarter", "investment-lights"} & set(names) == set()


def test_the_maps_take_turns(at: Desk) -> None:
    four(at)
    board = shown(at.director, "?districts=map-investment&by=officer")
    assert board.picture("map") is None
    drawn = picture(board, "map-investment")
    assert {
        title: (cells["rate"].text, cells["light"].text)
        for title, cells in rows(board, "map-investment").items()
    } == {
        "涧西区": ("13.3", "Yellow"), "洛龙区": ("10.0", "Red"), "嵩县": ("—", "None"),
        "In all": ("11.1", "Red"),
    }  # fmt: skip
    assert 'class="c-tile c-col-4 c-row-3 c-lit-red"' in drawn.drawing
    assert "<span>洛龙</span><b>10.0</b><span>Red</span>" in drawn.drawing
    page = as_(at.director).get(f"{BOARD}?districts=map-investment&by=officer").content.decode()
    assert 'href="?districts=map&amp;by=officer#picture-map"' in page
    asked = shown(at.director)  # no project is planned to be at work yet
    assert [each.is_shown for each in picture(asked, "map-investment").faces] == [False, True]
    changes = {"planned_resumption": timezone.localdate(now())}
    revise_project(project=at.project, changes=changes, by=at.director)
    for query in ("", "?districts=none", "?districts=map"):
        found = shown(at.director, query)
        assert [each.is_shown for each in picture(found, "map").faces] == [True, False]
        assert found.picture("map-investment") is None


def test_a_table_is_sent_by_its_name_alone(at: Desk) -> None:
    four(at)
    sent = as_(at.director).get(f"{reverse('board_workbook')}?only=map-investment")
    assert load_workbook(BytesIO(sent.content)).sheetnames == ["Investment by district"]
    sent = as_(at.director).get(f"{reverse('board_csv')}?only=investment-months")
    lines = sent.content.decode("utf-8-sig").splitlines()
    assert lines[2].split(",")[1:] == ["0.83", "1.49", "0.10", "1.00"]
    assert len(lines) == 13


def test_nothing_of_it_hangs_on_a_wall(at: Desk) -> None:
    four(at)
    board = board_of(public_view(now()))
    names = [each.picture.name for each in board.pictures]
    assert [each for each in names if "invest" in each] == []


def test_what_is_due_of_all_is_what_is_due_of_each(at: Desk) -> None:
    """However differently their plans are detailed."""
    sites = [*four(at), project(annual_investment=Decimal("1.7"))]
    planned(sites[4], at, "0.1", "0.2", "0.3", "0.4", months=(*["0.03"] * 6, None, "0.2"))
    standings = standing_at(now())
    for found in months_of_year(standings, timezone.localdate(now())):
        last = days_of(2020, found.number)[1]
        assert found.planned_so_far == sum(
            (planned_by(each.plan, last) for each in standings), Fraction()
        )
        assert (found.actual is None) == (found.number > 3)


def test_as_many_queries_for_many_projects_as_for_one(at: Desk) -> None:
    client = as_(at.director)
    project()  # which nobody serves, as those that come

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(f"{BOARD}?districts=map-investment")
        return len(found)

    asked()
    one = asked()
    four(at)
    with clock_at(NOW + timedelta(minutes=1)):
        assert asked() == one < 60

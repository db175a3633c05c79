"""The running week on the boards, and the rate of resumption day by day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coordination.bulletins.week import weeks_at
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.progress.block_resumption import figures_at
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.record.days import moment_in
from projects.register.models import District
from projects.register.registration import revise_project
from tests.coordination.workbench.board.test_board import (
    as_,
    counted_at,
    figures,
    picture,
    rows,
    shown,
    values,
)
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    """A desk of a month ago, whose project was planned to be at work since."""
    with clock_at(now() - timedelta(days=28)):
        made = desk()
        planned = {"planned_resumption": timezone.localdate(now())}
        revise_project(project=made.project, changes=planned, by=made.director)
        return made


def test_the_running_week_against_the_last(at: Desk) -> None:
    """By kind, by group and by district, each with the same total; and where it is told apart."""
    monday = weeks_at(now()).periods["this"].start
    elsewhere = project(district=District.objects.get(code="410328"))
    with clock_at(monday - timedelta(days=1)):
        declined = filed(at)
        perform(Verb.DECLINE, ticket=declined, by=at.liaison, reason="不属于服务范围")
        filed(at, "material_supply")
    with clock_at(monday):  # at the cut-off itself: it belongs to the week that ends
        filed(at)
    with clock_at(monday + timedelta(microseconds=1)):
        moved = filed(at)
    perform(Verb.PASS_ON, ticket=moved, by=at.liaison, reason="属地", group=at.other_group)
    revise_project(
        project=at.project, changes={"district": elsewhere.district}, by=at.director
    )  # fmt: skip
    board = shown(at.director)
    names = ("filed_this", "filed_last", "ended_this", "ended_last", "open")
    total = (1, 3, 0, 1, 3)
    kinds = values(board, "week-by-kind", *names)
    assert {name: row for name, row in kinds.items() if any(row)} == {
        "Vehicle passage": (1, 2, 0, 1, 2), "Key raw materials": (0, 1, 0, 0, 1), "In all": total,
    }  # fmt: skip
    assert values(board, "week-by-group", *names) == {
        at.group.name: (1, 3, 0, 1, 2), at.other_group.name: (0, 0, 0, 0, 1), "In all": total,
    }  # fmt: skip
    assert values(board, "week-by-district", *names[:-1]) == {
        "洛龙": (0, 3, 0, 1), "洛宁": (1, 0, 0, 0), "In all": total[:-1],
    }  # fmt: skip
    week = values(board, "week", "this", "last")
    assert [week[f"{name} (起)"] for name in ("filed", "ended", "open at the end")] == [
        (1, 3), (0, 1), (3, 2),
    ]  # fmt: skip
    client = as_(at.director)
    for where, number, link in figures(board):
        if where.startswith("week"):
            assert counted_at(at.director, client, link) == number, (where, link)


def test_the_rate_of_each_day_is_what_is_counted_for_its_moment(at: Desk) -> None:
    """Late reports, amended ones and plans that change, told in one go and one by one."""
    today = timezone.localdate(now())
    with clock_at(now() - timedelta(days=20)):
        others = [project(planned_resumption=today - timedelta(days=back)) for back in (30, 12, 5)]
    for back, which, resumed, of in (
        (18, 0, True, 0), (15, 1, True, 0), (14, 0, False, 1), (10, 0, True, 5), (9, 2, True, 0),
        (6, 1, False, 0), (6, 1, True, 0), (3, 0, True, 0),
    ):  # fmt: skip
        with clock_at(now() - timedelta(days=back)):
            day = timezone.localdate(now()) - timedelta(days=of)
            report(
                project=others[which], day=day, resumed=resumed, reason="更正",
                halt="" if resumed else "weather", by=at.liaison,
            )  # fmt: skip
    with clock_at(now() - timedelta(days=4)):
        changes = {"planned_resumption": today + timedelta(days=9)}
        revise_project(project=others[1], changes=changes, by=at.director)
    board = shown(at.director)
    days = rows(board, "rate")
    assert len(picture(board, "rate").sheet.rows) == len(days) == 21
    for row in picture(board, "rate").sheet.rows:
        cells = dict(picture(board, "rate").sheet.named(row))
        moment = moment_in(row.key[0])
        assert moment is not None
        counted = figures_at(min(board.view.at, moment + timedelta(seconds=59)))
        names = ("planned", "resumed", "waiting", "rate")
        found = {name: cells[name].value for name in names}
        counted["waiting"] = counted["planned"] - counted["resumed"]
        assert found == {name: counted[name] for name in names}, row.key
    assert len({cells["rate"].value for cells in days.values()}) > 3


@pytest.mark.parametrize("hour", [0, 9, 17, 18, 23])
def test_each_day_has_one_row_at_any_hour(at: Desk, hour: int) -> None:
    """After the day's cut-off too today is there once, as it stands now."""
    moment = timezone.localtime(now()).replace(hour=hour, minute=45)
    with clock_at(moment):
        sheet = picture(shown(at.director), "rate").sheet
    days = [row.titles[0] for row in sheet.rows]
    last = [moment - timedelta(days=back) for back in range(20, -1, -1)]
    assert days == [f"{day:%m-%d}" for day in last][-len(days) :]
    assert sheet.rows[-1].key == (f"{moment:%Y-%m-%d %H:%M}",)

"""Handling, waiting projects, late facts and weeks, each against figures counted by hand."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Period
from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.canonical import canonical
from projects.record.clock import clock_at
from projects.record.refusals import Invalid
from projects.register.models import District
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
HOUR: Final = timedelta(hours=1)


def figures(block: str, end: datetime = END) -> Any:
    return count_blocks(week_to(end))[block]["figures"]


def done(verb: str, ticket: Any, by: Any, at: Desk, **given: Any) -> None:
    perform(verb, ticket=ticket, by=by, **{**inputs_for(verb, at), **given})


@pytest.fixture
def at() -> Desk:
    with clock_at(START - timedelta(days=10)):
        return desk()


def test_handling_by_group_in_time_and_late(at: Desk) -> None:
    with clock_at(START - timedelta(days=3)):
        old, passed = filed(at), filed(at)
        done(Verb.ACCEPT, old, at.liaison, at)
        done(Verb.ACCEPT, passed, at.liaison, at)
    with clock_at(START + HOUR):
        prompt, declined = filed(at), filed(at)
        done(Verb.ACCEPT, prompt, at.liaison, at)
        done(Verb.DECLINE, declined, at.liaison, at)
    with clock_at(START + 2 * HOUR):
        done(Verb.PASS_ON, passed, at.lead, at, group=at.other_group)
        done(Verb.RESOLVE, prompt, at.liaison, at)
    with clock_at(START + timedelta(days=6)):
        done(Verb.URGE, old, at.key, at)
        done(Verb.SUPERVISE, old, at.director, at)
        done(Verb.RESOLVE, old, at.liaison, at)
        done(Verb.CONFIRM, prompt, at.key, at, satisfaction=5)
        done(Verb.CONFIRM, old, at.key, at, satisfaction=3)
    own = {
        "open_before": 2, "filed": 2, "reopened": 0, "moved_in": 0, "ended": 3, "moved_out": 1,
        "open_after": 0, "resolved": 2, "in_time": 1, "late": 1, "overdue": 0, "rate": "50.0",
    }  # fmt: skip
    other = {
        "open_before": 0, "filed": 0, "reopened": 0, "moved_in": 1, "ended": 0, "moved_out": 0,
        "open_after": 1, "resolved": 0, "in_time": 0, "late": 0, "overdue": 1, "rate": None,
    }  # fmt: skip
    assert figures("handling") == {
        "open_before": 2, "filed": 2, "reopened": 0, "ended": 3, "open_after": 1, "resolved": 2,
        "in_time": 1, "late": 1, "overdue": 1, "rate": "50.0", "urged": 1, "supervised": 1,
        "by_group": {at.group.code: own, at.other_group.code: other},
        "by_kind": {
            "vehicle_pass": {
                "resolved": 2, "in_time": 1, "late": 1, "overdue": 1, "rate": "50.0",
            }
        },
        "satisfaction": {"answers": 2, "satisfied": 1, "rate": "50.0", "average": "4.0"},
    }  # fmt: skip


def test_a_renamed_group_changes_no_figure(at: Desk) -> None:
    with clock_at(START + HOUR):
        filed(at)
    before = figures("handling")
    with clock_at(END + HOUR):
        at.group.name = "改名后的服务组"
        at.group.save()
    assert figures("handling") == before


def test_the_projects_that_wait_are_listed_with_what_they_reported(at: Desk) -> None:
    district = District.objects.filter(code="410305").first()
    with clock_at(START):
        sites = [project(planned_resumption=date(2020, 3, 5), district=district) for _ in range(4)]
        later = project(planned_resumption=date(2020, 3, 20), district=district)
    with clock_at(END - HOUR):
        report(project=sites[0], day=END.date(), resumed=True, by=at.director)
        report(
            project=sites[1], day=END.date(), resumed=False, problems="钢材未到货", by=at.director
        )
        report(
            project=sites[2], day=END.date(), resumed=False, problems="unreported", by=at.director
        )
    found = figures("waiting")
    assert (found["number"], found["unreported"]) == (3, 1)
    assert [(row["code"], row["report"], row["problems"]) for row in found["projects"]] == sorted(
        [
            (sites[1].code, "reported", "钢材未到货"),
            (sites[2].code, "reported", "unreported"),
            (sites[3].code, "unreported", ""),
        ]
    )
    assert later.code not in {row["code"] for row in found["projects"]}


def test_late_reports_correct_the_issue_before(at: Desk) -> None:
    with clock_at(START - timedelta(days=5)):
        sites = [project(planned_resumption=date(2020, 3, 1)) for _ in range(3)]
    with clock_at(START - HOUR):
        report(project=sites[0], day=START.date(), resumed=True, by=at.director)
    with clock_at(START + HOUR):
        report(project=sites[1], day=START.date(), resumed=True, by=at.director)
    with clock_at(END - HOUR):
        report(project=sites[2], day=END.date(), resumed=True, by=at.director)
    assert figures("late") == {"corrections": [late("resumed", 1, 2), late("reported", 1, 2)]}
    assert figures("resumption", START)["resumed"] == 1
    assert figures("resumption")["new"] == 2
    assert figures("late", END + WEEK) == {"corrections": []}


def late(figure: str, before: int, after: int, week: datetime = START) -> dict[str, Any]:
    day = week.date().isoformat()
    return {
        "key": f"{day}/{figure}", "week": day, "figure": figure, "before": before, "after": after,
        "difference": after - before,
    }  # fmt: skip


def test_a_report_that_comes_weeks_late_corrects_every_issue_that_it_changes(at: Desk) -> None:
    with clock_at(START - 3 * WEEK):
        sites = [project(planned_resumption=date(2020, 2, 10)) for _ in range(3)]
    with clock_at(START - WEEK):
        report(project=sites[1], day=(START - WEEK).date(), resumed=False, by=at.director)
    with clock_at(START + HOUR):  # for the Monday three weeks ago; the second stopped since
        for site in sites[:2]:
            report(project=site, day=(START - 2 * WEEK).date(), resumed=True, by=at.director)
    assert figures("late") == {
        "corrections": [
            late("resumed", 0, 2, START - 2 * WEEK), late("reported", 0, 2, START - 2 * WEEK),
            late("resumed", 0, 1, START - WEEK), late("resumed", 0, 1),
        ]
    }  # fmt: skip
    assert figures("late", END + WEEK) == {"corrections": []}


def test_the_weeks_are_as_each_issue_counted_them(at: Desk) -> None:
    with clock_at(START - WEEK):
        sites = [project(planned_resumption=date(2020, 2, 24)) for _ in range(2)]
    with clock_at(START - HOUR):
        report(project=sites[0], day=START.date(), resumed=True, by=at.director)
        filed(at)
    with clock_at(START + HOUR):  # late for the week before
        report(project=sites[1], day=START.date(), resumed=True, by=at.director)
        filed(at)
    weeks = figures("trend")["weeks"]
    assert [(row["day"], row["planned"], row["resumed"], row["rate"]) for row in weeks] == [
        ("2020-02-24", 2, 0, "0.0"), ("2020-03-02", 2, 1, "50.0"), ("2020-03-09", 2, 2, "100.0"),
    ]  # fmt: skip
    assert [(row["filed"], row["ended"], row["open"]) for row in weeks] == [
        (0, 0, 0), (1, 0, 1), (1, 0, 2),
    ]  # fmt: skip
    for row, end in zip(weeks, (START - WEEK, START, END), strict=True):
        own = figures("resumption", end)
        assert (row["planned"], row["resumed"], row["rate"]) == (
            own["planned"], own["resumed"], own["rate"],
        )  # fmt: skip


def test_the_months_of_the_year_as_each_was_recorded(at: Desk) -> None:
    """January has passed with one project at work; what came later for it changes nothing."""
    january, february = (datetime(2020, month, 1, tzinfo=SHANGHAI) for month in (2, 3))
    with clock_at(january - timedelta(days=3)):
        sites = [project(planned_resumption=date(2020, 1, 20)) for _ in range(3)]
        report(project=sites[0], day=date(2020, 1, 29), resumed=True, by=at.director)
        early = desk()
        ticket = filed(early)
    with clock_at(january):  # the first instant of February
        filed(early)
        done(Verb.ACCEPT, ticket, early.liaison, early)
        done(Verb.DECLINE, filed(early), early.liaison, early)
        report(project=sites[1], day=date(2020, 1, 30), resumed=True, by=at.director)
    with clock_at(february - HOUR):
        project(planned_resumption=date(2020, 3, 1))
    with clock_at(END - HOUR):
        filed(early)
        report(project=sites[2], day=END.date(), resumed=True, by=at.director)
    expected = {
        "2020-01": {"planned": 3, "resumed": 1, "filed": 1, "ended": 0, "rate": "33.3"},
        "2020-02": {"planned": 3, "resumed": 2, "filed": 2, "ended": 1, "rate": "66.7"},
        "2020-03": {"planned": 4, "resumed": 3, "filed": 1, "ended": 0, "rate": "75.0"},
    }
    assert figures("year") == {"months": expected}
    with clock_at(END + HOUR):
        assert canonical(count_blocks(week_to(END), from_sealed=True)) == canonical(
            count_blocks(week_to(END))
        )
    first = BLOCKS.of({"year": 1})[0].carried
    assert first is not None
    totals: Any = {}
    for start, end in pairwise([january - timedelta(days=40), january, january, START, END]):
        totals = first.forward(totals, Period(start, end))
    assert first.figures(week_to(END), totals) == {"months": expected}


def test_late_reports_correct_people_and_starts_too(at: Desk) -> None:
    with clock_at(START - timedelta(days=5)):
        site = project(phase="new_start", planned_resumption=date(2020, 2, 20))
    with clock_at(START + HOUR):
        report(
            project=site, day=START.date(), resumed=True, workers_required=30, workers_on_site=20,
            by=at.director,
        )  # fmt: skip
    assert figures("late") == {
        "corrections": [
            late("resumed", 0, 1), late("reported", 0, 1), late("started", 0, 1),
            late("overdue", 1, 0), late("stated", 0, 1), late("required", 0, 30),
            late("on_site", 0, 20),
        ]
    }  # fmt: skip


def test_a_mistyped_year_is_refused_and_a_report_years_late_corrects_no_issue(at: Desk) -> None:
    """Else every week since then would be counted again."""
    with clock_at(START - WEEK):
        site = project(planned_resumption=date(2020, 2, 20))
    with clock_at(START + HOUR):
        for day in (date(20, 3, 9), date(1, 1, 1)):
            with pytest.raises(Invalid):
                report(project=site, day=day, resumed=True, by=at.director)
        assert not DailyReport.objects.exists()
        report(project=site, day=date(2002, 3, 9), resumed=True, by=at.director)
    with CaptureQueriesContext(connection) as asked:
        assert figures("late") == {"corrections": []}
    assert len(asked) < 100


def test_a_project_that_pauses_has_started(at: Desk) -> None:
    with clock_at(START - WEEK):
        site = project(phase="new_start", planned_resumption=date(2020, 2, 20))
        report(project=site, day=(START - WEEK).date(), resumed=True, by=at.director)
    with clock_at(END - HOUR):
        report(
            project=site, day=END.date(), resumed=False, problems="降雨", halt="weather",
            by=at.director,
        )  # fmt: skip
    found = figures("starts")
    assert (found["started"], found["overdue"], found["new"]) == (1, 0, 0)
    assert figures("resumption")["resumed"] == 0


def test_a_day_that_was_withdrawn_was_no_start(at: Desk) -> None:
    with clock_at(START - WEEK):
        site = project(phase="new_start", planned_resumption=date(2020, 2, 20))
        report(project=site, day=(START - WEEK).date(), resumed=True, by=at.director)
        report(project=site, day=(START - WEEK).date(), resumed=False, by=at.director)
    assert (figures("starts")["started"], figures("starts")["overdue"]) == (0, 1)

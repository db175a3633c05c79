"""What is recorded at the edge of a week is in one week alone: after its start, up to its end."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import clock_at
from tests.factories.coordination import Desk, desk, filed, party, project

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
INSTANT: Final = timedelta(microseconds=1)
# When something is recorded; whether before the week, in it.
EDGES: Final = [
    (START - INSTANT, 1, 0),
    (START, 1, 0),
    (START + INSTANT, 0, 1),
    (END - INSTANT, 0, 1),
    (END, 0, 1),
    (END + INSTANT, 0, 0),
]


@pytest.fixture
def at() -> Desk:
    with clock_at(START - timedelta(days=10)):
        return desk()


def figures(block: str) -> Any:
    return count_blocks(week_to(END))[block]["figures"]


@pytest.mark.parametrize(("moment", "before", "within"), EDGES)
def test_a_filing(at: Desk, moment: datetime, before: int, within: int) -> None:
    with clock_at(moment):
        filed(at)
    known = before + within
    row = {
        "open_before": before, "filed": within, "reopened": 0, "ended": 0, "open_after": known,
        "cumulative_filed": known, "cumulative_settled": 0,
    }  # fmt: skip
    assert figures("tickets") == ({"vehicle_pass": row} if known else {})


@pytest.mark.parametrize(("moment", "before", "within"), EDGES)
def test_an_end_and_a_reopening(at: Desk, moment: datetime, before: int, within: int) -> None:
    with clock_at(START - timedelta(days=2)):
        ended, reopened = filed(at), filed(at)
        perform(Verb.DECLINE, ticket=reopened, by=at.liaison, reason="不属于")
    with clock_at(moment):
        perform(Verb.WITHDRAW, ticket=ended, by=at.key, reason="已解决")
        perform(Verb.REOPEN, ticket=reopened, by=at.lead, reason="再次受阻")
    assert figures("tickets")["vehicle_pass"] == {
        "open_before": 1, "filed": 0, "reopened": within, "ended": within, "open_after": 1,
        "cumulative_filed": 2, "cumulative_settled": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("moment", "before", "within"), EDGES)
def test_what_was_met(at: Desk, moment: datetime, before: int, within: int) -> None:
    with clock_at(START - timedelta(days=2)):
        ticket = filed(at, "worker_return", lines=[party(headcount=20)])
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    with clock_at(moment):
        perform(Verb.FULFIL, ticket=ticket, by=at.liaison, line=1, quantity=Decimal(5))
    met = 5 * (before + within)
    assert figures("people_returned") == {"cumulative": met, "this_week": 5 * within}
    assert figures("quantities")["worker_return"]["people"] == {
        "asked": "20", "met": f"{met}", "met_this_week": f"{5 * within}", "refused": "0",
        "outstanding": f"{20 - met}", "lapsed": "0",
    }  # fmt: skip


@pytest.mark.parametrize(("moment", "known"), [(END, 1), (END + INSTANT, 0)])
def test_what_is_known_of_a_project_at_the_end(at: Desk, moment: datetime, known: int) -> None:
    """The desk's own project is served all along; of the other all is recorded at the moment."""
    with clock_at(START):
        planned = project(planned_resumption=END.date())
    with clock_at(moment):
        site = project()
        take_on(project=site, group=at.group, liaison=at.liaison, by=at.duty_desk)
        report(project=planned, day=END.date(), resumed=True, by=at.liaison)
    assert figures("coverage") == {
        "projects": 2 + known, "served": 1 + known, "unserved": 1, "broken": 0, "reasons": {},
        "not_served": [
            {"code": planned.code, "name": planned.name, "reason": "unserved", "group": None,
             "liaison": None},
        ],
    }  # fmt: skip
    assert figures("register")["projects"] == 2 + known
    assert figures("reporting") == {
        "day": "2020-03-09", "expected": 1, "reported": known, "unreported": 1 - known,
    }  # fmt: skip
    resumption = figures("resumption")
    assert (resumption["planned"], resumption["resumed"]) == (1, known)


@pytest.mark.parametrize(
    ("later", "phase", "planned"),
    [(0, "continuing", 1), (1, "continuing", 0), (-30, "new_start", 1)],
)
def test_what_was_planned_by_the_day(at: Desk, later: int, phase: str, planned: int) -> None:
    assert at.project.pk
    with clock_at(START):
        project(planned_resumption=END.date() + timedelta(days=later), phase=phase)
    assert figures("resumption")["planned"] == planned
    assert figures("reporting")["expected"] == planned

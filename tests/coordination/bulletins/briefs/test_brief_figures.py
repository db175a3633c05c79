"""The figures of any history are those that plain Python counts from what was done.

Lights and deadlines are compared with the tickets' own columns as they were at the cut-off.
``BULLETIN_HISTORIES=10000`` runs so many.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, day_to
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import RUNNING, Status
from coordination.tickets.models import Ticket
from projects.house.block_registry import BRIEFS
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.record.days import beginning_of
from projects.register.models import District, Project
from tests.coordination.bulletins.test_histories import (
    HISTORIES,
    KINDS,
    OPEN,
    OVER,
    Diary,
    forgotten,
    moves,
    planned_desk,
)
from tests.factories.coordination import Desk, project

CUT_OFF: Final = datetime(2020, 3, 10, 17, 30, tzinfo=SHANGHAI)
START: Final = CUT_OFF - timedelta(days=1)
BEGIN: Final = CUT_OFF - timedelta(days=4)
PLANNED: Final = date(2020, 3, 8)
reports = st.fixed_dictionaries({
    "which": st.integers(0, 3), "back": st.integers(0, 1), "resumed": st.booleans(),
    "people": st.none() | st.integers(0, 40),
})  # fmt: skip
deeds = st.one_of(moves, moves, st.sampled_from(KINDS), reports)
# Half-hours over five days: some fall on a cut-off to the second, some after it.
histories = st.lists(
    st.tuples(st.integers(0, 5 * 48) | st.sampled_from([3 * 48, 4 * 48]), deeds),
    min_size=25, max_size=70,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One report: when it was recorded, of which project and day, and what it says."""

    at: datetime
    project: int
    day: date
    resumed: bool
    people: int | None


@dataclass
class Day(Diary):
    """A diary with the reports of several projects."""

    said: list[Said] = field(default_factory=list)
    planned: list[Project] = field(default_factory=list)

    def tell(self, at: datetime, here: Desk, deed: Any) -> None:
        if not isinstance(deed, dict):
            self.write(at, here, deed)
            return
        of, day = self.planned[deed["which"]], at.date() - timedelta(days=deed["back"])
        report(
            project=of, day=day, resumed=deed["resumed"], workers_on_site=deed["people"],
            reason="更正", halt="" if deed["resumed"] else "weather", by=here.liaison,
        )  # fmt: skip
        self.said.append(Said(at, of.pk, day, deed["resumed"], deed["people"]))

    def last(self, by: datetime, day: date | None = None) -> dict[int, Said]:
        """Of each project its report that held then: of the day, or of the latest day."""
        found: dict[int, Said] = {}
        for each in self.said:
            if each.at > by or (day is not None and each.day != day):
                continue
            if each.project not in found or each.day >= found[each.project].day:
                found[each.project] = each
        return found

    def going(self, by: datetime) -> set[int]:
        return {key for key, each in self.last(by).items() if each.resumed}

    def on_site(self, by: datetime) -> dict[int, int]:
        held = self.last(by, by.date())
        return {key: each.people for key, each in held.items() if each.people is not None}


def of_kind(diary: Day, kind: str) -> dict[str, int]:
    day = [
        (was, to)
        for when, _key, of, was, to in diary.moves
        if of == kind and START < when <= CUT_OFF
    ]
    return {
        "open_before": diary.open_at(START, kind),
        "filed": sum(was == "" for was, _to in day),
        "reopened": sum(was in OVER and to in OPEN for was, to in day),
        "ended": sum(was in OPEN and to in OVER for was, to in day),
        "open_after": diary.open_at(CUT_OFF, kind),
        "accepted": sum((was, to) == ("submitted", "in_progress") for was, to in day),
        "resolved": sum(was != "resolved" and to == "resolved" for was, to in day),
        "written_off": sum(was in OPEN and to == "closed" for was, to in day),
    }


def standing() -> dict[str, Any]:
    """Lights and deadlines by the columns of the tickets as they are now."""
    due = Ticket.objects.filter(status__in=sorted(RUNNING - {Status.NEED_INFO}))
    ends = beginning_of(CUT_OFF.date() + timedelta(days=2))
    return {
        **{
            light: sorted(
                Ticket.objects.filter(lit(light, CUT_OFF)).values_list("number", flat=True)
            )
            for light in Light.values
        },
        "settled": Ticket.objects.filter(status=Status.RESOLVED).count(),
        "tomorrow": sorted(
            due.filter(clock_due__gt=CUT_OFF, clock_due__lte=ends).values_list("number", flat=True)
        ),
        "red by kind": Counter(
            Ticket.objects.filter(lit(Light.RED, CUT_OFF)).values_list("kind", flat=True)
        ),
    }  # fmt: skip


def several(here: Desk) -> list[Project]:
    """Four projects in two districts, planned to be at work, one of them the desk's."""
    elsewhere = District.objects.get(code="410322")
    return [
        here.project, project(planned_resumption=PLANNED),
        project(planned_resumption=PLANNED, district=elsewhere),
        project(planned_resumption=PLANNED, district=elsewhere),
    ]  # fmt: skip


def assert_reporting(figures: dict[str, Any], diary: Day) -> None:
    reported = set(diary.last(CUT_OFF, CUT_OFF.date()))
    missing = [each for each in diary.planned if each.pk not in reported]
    assert (figures["expected"], figures["reported"], figures["unreported"]) == (
        4, len(reported), len(missing),
    )  # fmt: skip
    assert {each["code"] for each in figures["projects"]} == {each.code for each in missing}
    for row in figures["by_district"]:
        of = [each for each in diary.planned if each.district.code == row["code"]]
        assert (row["expected"], row["reported"]) == (
            2, sum(each.pk in reported for each in of),
        )  # fmt: skip


def assert_changes(figures: dict[str, Any], diary: Day) -> None:
    before, after = diary.going(START), diary.going(CUT_OFF)
    assert (figures["before"], figures["after"]) == (len(before), len(after))
    codes = {each.pk: each.code for each in diary.planned}
    assert {(each["code"], each["change"]) for each in figures["projects"]} == {
        *((codes[key], "resumed") for key in after - before),
        *((codes[key], "stopped") for key in before - after),
    }
    then, now = diary.on_site(START), diary.on_site(CUT_OFF)
    people = figures["people"]
    assert (people["before"], people["after"]) == (sum(then.values()), sum(now.values()))
    assert (people["projects_before"], people["projects"]) == (len(then), len(now))
    assert people["more"] - people["fewer"] == sum(
        now[key] - then[key] for key in now if key in then
    )


def assert_tickets(figures: dict[str, Any], diary: Day, stood: dict[str, Any]) -> None:
    rows = {kind: of_kind(diary, kind) | {"red": stood["red by kind"][kind]} for kind in KINDS}
    assert figures["by_kind"] == {kind: row for kind, row in rows.items() if any(row.values())}
    assert figures["total"] == {
        name: sum(row[name] for row in rows.values()) for name in rows[KINDS[0]]
    }
    groups = figures["groups"]
    assert {light: groups[light] for light in Light.values} == {
        light: len(stood[light]) for light in Light.values
    }
    assert (groups["settled"], groups["tomorrow"]) == (stood["settled"], len(stood["tomorrow"]))
    assert sorted(each["number"] for each in figures["tomorrow"]) == stood["tomorrow"]
    for light in (Light.RED, Light.YELLOW):
        told = sorted(each["number"] for each in figures["lit"] if each["light"] == light)
        assert told == stood[light]


@pytest.mark.django_db
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history(steps: list[tuple[int, Any]]) -> None:
    diary = Day()
    with forgotten():
        with clock_at(BEGIN - timedelta(days=1)):
            here = planned_desk()
            diary.planned = several(here)
        for is_after in (False, True):
            for halves, deed in steps:
                at = BEGIN + timedelta(minutes=30 * halves)
                if (at > CUT_OFF) == is_after:
                    with clock_at(at):
                        diary.tell(at, here, deed)
            if not is_after:
                stood = standing()
                at_once = count_blocks(day_to(CUT_OFF), registry=BRIEFS)
        blocks = count_blocks(day_to(CUT_OFF), registry=BRIEFS)
        before = count_blocks(day_to(START), registry=BRIEFS)
    assert blocks == at_once  # what came after changes nothing
    figures = {name: block["figures"] for name, block in blocks.items()}
    assert list(figures) == ["reporting", "changes", "tickets"]
    assert_reporting(figures["reporting"], diary)
    assert_changes(figures["changes"], diary)
    assert_tickets(figures["tickets"], diary, stood)
    last = {name: block["figures"] for name, block in before.items()}
    assert last["changes"]["after"] == figures["changes"]["before"]
    assert last["changes"]["people"]["after"] == figures["changes"]["people"]["before"]
    assert last["tickets"]["total"]["open_after"] == figures["tickets"]["total"]["open_before"]

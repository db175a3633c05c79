"""A project goes on in another that goes on in a third: what its return takes back from each."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.register.exits import return_project
from projects.register.models import Enterprise, Project, ProjectParticipant
from projects.register.registration import add_participant, end_participation
from projects.register.succession import bundle_projects, merge_projects
from tests.factories.coordination import desk, director, enterprise, filed, project

pytestmark = pytest.mark.django_db
BEGIN = date(2020, 1, 1)
type Parts = dict[str, list[tuple[date, date | None]]]


def on(day: int, month: int = 3) -> Any:
    return clock_at(datetime(2020, month, day, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


def merged(one: Project, into: Project) -> None:
    merge_projects(project=one, into=into, reason="重复", by=director())


def bundled(one: Project, into: Project) -> None:
    bundle_projects(projects=[one], into=into, on=date(2020, 3, 1), reason="打包", by=director())


def take_part(who: Enterprise, *where: Project, until: date | None = None) -> None:
    for each in where:
        row = add_participant(
            project=each, enterprise=who, role="contractor", start=BEGIN, by=director()
        )
        if until is not None:
            end_participation(participant=row, on=until, by=director())


def back(one: Project) -> None:
    return_project(project=Project.objects.get(pk=one.pk), reason="误并", by=director())


def parts(who: Enterprise, **sites: Project) -> Parts:
    """When the enterprise takes part in each project."""
    rows = ProjectParticipant.objects.filter(enterprise=who).order_by("during")
    return {
        name: [(each.during.lower, each.during.upper) for each in rows if each.project == site]
        for name, site in sites.items()
    }


@pytest.mark.parametrize("joined", [merged, bundled])
def test_nothing_of_it_is_left_along_the_chain(joined: Callable[..., None]) -> None:
    with on(1):
        a, b, c, d, who = *(project() for _each in range(4)), enterprise()
        take_part(who, a)
    for day, one, other in ((2, a, b), (3, b, c), (4, c, d)):
        with on(day):
            joined(one, other)
    with on(10):
        back(a)
    assert parts(who, a=a, b=b, c=c, d=d) == {
        "a": [(BEGIN, None)], "b": [(date(2020, 3, 2), date(2020, 3, 10))],
        "c": [(date(2020, 3, 3), date(2020, 3, 10))], "d": [(date(2020, 3, 4), date(2020, 3, 10))],
    }  # fmt: skip
    with on(11):
        back(c)
        back(b)
    assert parts(who, b=b, d=d) == {
        "b": [(date(2020, 3, 2), date(2020, 3, 10))], "d": [(date(2020, 3, 4), date(2020, 3, 10))],
    }  # fmt: skip
    assert list(audit()) == []


def test_on_one_day_it_is_as_if_it_had_never_been() -> None:
    a, b, c, who = *(project() for _each in range(3)), enterprise()
    take_part(who, a)
    merged(a, b)
    merged(b, c)
    back(a)
    assert parts(who, a=a, b=b, c=c) == {"a": [(BEGIN, None)], "b": [], "c": []}


@pytest.mark.parametrize("place", ["b", "c"])
def test_what_was_there_before_stays(place: str) -> None:
    with on(1):
        sites = dict(zip("abc", (project() for _each in range(3)), strict=True))
        who = enterprise()
        take_part(who, sites["a"], sites[place])
    for day, one, other in ((2, "a", "b"), (3, "b", "c")):
        with on(day):
            merged(sites[one], sites[other])
    before = parts(who, c=sites["c"])
    with on(10):
        back(sites["a"])
    assert parts(who, c=sites["c"]) == before
    assert before["c"][0][1] is None


@pytest.mark.parametrize("until", [None, date(2020, 6, 30)])
@pytest.mark.parametrize("joins", ["b", "c"])
def test_what_another_project_has_as_well_lasts_as_long_as_there(
    joins: str, until: date | None
) -> None:
    with on(1):
        sites = dict(zip("abcx", (project() for _each in range(4)), strict=True))
        who = enterprise()
        take_part(who, sites["a"])
        take_part(who, sites["x"], until=until)
    with on(2):
        merged(sites["a"], sites["b"])
        if joins == "b":
            merged(sites["x"], sites["b"])
    with on(3):
        merged(sites["b"], sites["c"])
        if joins == "c":
            merged(sites["x"], sites["c"])
    with on(10):
        back(sites["a"])
    assert parts(who, c=sites["c"]) == {"c": [(date(2020, 3, 3), until)]}
    with on(12):
        back(sites["x"])
    assert parts(who, c=sites["c"]) == {"c": [(date(2020, 3, 3), date(2020, 3, 12))]}
    assert list(audit()) == []


def test_the_middle_one_returns_with_what_it_took_over() -> None:
    with on(1):
        a, b, c, who = *(project() for _each in range(3)), enterprise()
        take_part(who, a)
    with on(2):
        merged(a, b)
    with on(3):
        merged(b, c)
    with on(10):
        back(b)
    assert parts(who, b=b, c=c) == {
        "b": [(date(2020, 3, 2), None)], "c": [(date(2020, 3, 3), date(2020, 3, 10))]
    }  # fmt: skip


def test_who_takes_part_anew_afterwards_goes_on_by_that() -> None:
    """The part lasts for another project up to the day on which its own begins."""
    with on(1):
        a, b, x, who = *(project() for _each in range(3)), enterprise()
        take_part(who, a, until=date(2020, 6, 30))
        take_part(who, x)
    with on(2):
        merged(a, b)
        add_participant(
            project=b, enterprise=who, role="contractor", start=date(2020, 8, 1), by=director()
        )
        merged(x, b)
    with on(10):
        back(a)
    assert parts(who, b=b) == {
        "b": [(date(2020, 3, 2), date(2020, 8, 1)), (date(2020, 8, 1), None)]
    }  # fmt: skip


def test_what_was_filed_by_it_keeps_a_day() -> None:
    at = desk()
    one, between = project(), project()
    take_part(at.enterprise, one)
    ProjectParticipant.objects.filter(project=at.project).delete()
    merged(one, between)
    merged(between, at.project)
    filed(at)
    back(one)
    (own,) = parts(at.enterprise, c=at.project)["c"]
    assert own[1] is not None
    assert (own[1] - own[0]).days == 1


def test_what_was_ended_by_hand_stays_ended() -> None:
    with on(1):
        a, b, c, own, other = *(project() for _each in range(3)), enterprise(), enterprise()
        take_part(other, a)
        take_part(own, b)
    with on(2):
        merged(a, b)
    with on(3):
        merged(b, c)
    with on(5):
        row = ProjectParticipant.objects.get(enterprise=own, project=c)
        end_participation(participant=row, on=date(2020, 6, 30), by=director())
    with on(10):
        back(a)
    assert parts(own, b=b, c=c) == {
        "b": [(BEGIN, None)], "c": [(date(2020, 3, 3), date(2020, 6, 30))],
    }  # fmt: skip
    assert parts(other, a=a, b=b, c=c) == {
        "a": [(BEGIN, None)], "b": [(date(2020, 3, 2), date(2020, 3, 10))],
        "c": [(date(2020, 3, 3), date(2020, 3, 10))],
    }  # fmt: skip
    assert list(audit()) == []

"""Districts of reporters and projects of leaders: who gives them, from when on, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from coordination.groups.models import DistrictPost, Responsibility
from coordination.groups.posts import (
    end_district_post,
    end_responsibility,
    give_district,
    give_responsibility,
)
from coordination.groups.queries_scopes import districts_of, leader_of
from coordination.staff.models import Officer, Role
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Kind, Relief, relieve_officer
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed
from projects.register.models import District
from tests.factories.coordination import Desk, desk, officer, project

pytestmark = pytest.mark.django_db


def luolong() -> District:
    return District.objects.get(code="410311")


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (DistrictPost, Responsibility, Act))


def acts() -> list[tuple[str, Any]]:
    return list(Act.objects.order_by("pk").values_list("what", "changes"))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("director", True), ("duty_desk", True), ("lead", False), ("liaison", False),
        ("auditor", False), ("system_admin", False), ("security_admin", False),
    ],
)  # fmt: skip
def test_the_centre_alone_gives_and_ends(who: str, may: bool) -> None:  # noqa: FBT001 - a column
    at = desk()
    by: Officer = getattr(at, who)
    reporter, leader = officer(Role.DISTRICT_REPORTER), officer(Role.LEADER)
    post = give_district(officer=reporter, district=luolong(), by=at.director)
    row = give_responsibility(officer=leader, projects=[at.project], by=at.director)[0]
    calls: list[Any] = [
        lambda: end_district_post(post=post, by=by),
        lambda: end_responsibility(responsibility=row, by=by),
        lambda: give_district(officer=reporter, district=luolong(), by=by),
        lambda: give_responsibility(officer=leader, projects=[at.project], by=by),
    ]
    before = everything()
    for call in calls:
        if may:
            call()
        else:
            with pytest.raises(NotAllowed):
                call()
    assert (everything() == before) is not may
    assert districts_of(reporter, now()) == [luolong()]
    assert leader_of(at.project, now()) == leader
    assert list(audit()) == []


@pytest.mark.parametrize(
    ("role", "days", "path"),
    [
        (Role.LIAISON, 0, "officer"), (Role.LEADER, 0, "officer"),
        (Role.DISTRICT_REPORTER, -1, "start"), (Role.DISTRICT_REPORTER, 0, None),
        (Role.DISTRICT_REPORTER, 1, None),
    ],
)  # fmt: skip
def test_a_district_is_given_to_a_reporter_and_not_backdated(
    role: Role, days: int, path: str | None
) -> None:
    at, who = desk(), officer(role)
    start, before = timezone.localdate(now()) + timedelta(days=days), everything()
    if path is None:
        post = give_district(officer=who, district=luolong(), start=start, by=at.duty_desk)
        assert (post.during.lower <= now()) is (days == 0)
        assert districts_of(who, now()) == ([luolong()] if days == 0 else [])
        assert districts_of(who, now() + timedelta(days=2)) == [luolong()]
        assert acts()[-1] == ("given_district", {"district": [None, "洛龙区"]})
        return
    with pytest.raises(Invalid) as refused:
        give_district(officer=who, district=luolong(), start=start, by=at.duty_desk)
    assert [error.path for error in refused.value.errors] == [(path,)]
    assert everything() == before


def test_a_pair_once_and_several_of_each() -> None:
    at = desk()
    one, two = officer(Role.DISTRICT_REPORTER), officer(Role.DISTRICT_REPORTER)
    other = District.objects.get(code="410305")
    first = give_district(officer=one, district=luolong(), by=at.director)
    give_district(officer=one, district=other, by=at.director)
    give_district(officer=two, district=luolong(), by=at.director)
    assert districts_of(one, now()) == [other, luolong()]
    with pytest.raises(Invalid) as refused:
        give_district(officer=one, district=luolong(), by=at.director)
    assert [(error.path, error.code) for error in refused.value.errors] == [
        (("district",), "overlap")
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        DistrictPost.objects.create(
            officer=one, district=luolong(), during=DateTimeTZRange(now(), None),
            recorded_at=now(), recorded_by=at.director,
        )  # fmt: skip
    end_district_post(post=first, by=at.director)
    assert districts_of(one, now()) == [other]
    with pytest.raises(NotAllowed):
        end_district_post(post=first, by=at.director)
    give_district(officer=one, district=luolong(), by=at.director)
    assert DistrictPost.objects.filter(officer=one, district=luolong()).count() == 2


def test_a_post_that_had_not_begun_becomes_empty() -> None:
    at, who = desk(), officer(Role.DISTRICT_REPORTER)
    tomorrow = timezone.localdate(now()) + timedelta(days=1)
    post = give_district(officer=who, district=luolong(), start=tomorrow, by=at.director)
    ended = end_district_post(post=post, by=at.director)
    ended.refresh_from_db()
    assert ended.during.isempty
    assert districts_of(who, now() + timedelta(days=3)) == []


def leaders(at: Desk) -> tuple[Officer, Officer]:
    return officer(Role.LEADER), officer(Role.LEADER)


def test_one_leader_at_a_time_and_another_only_when_said() -> None:
    at = desk()
    one, two = leaders(at)
    sites = [at.project, project(by=at.director), project(by=at.director)]
    given = give_responsibility(officer=one, projects=sites[:2], by=at.duty_desk)
    assert [each.project for each in given] == sites[:2]
    assert give_responsibility(officer=one, projects=sites[:2], by=at.duty_desk) == []
    before = everything()
    with pytest.raises(Invalid) as refused:
        give_responsibility(officer=two, projects=sites[1:], by=at.duty_desk)
    assert [(error.path, error.code) for error in refused.value.errors] == [
        (("projects",), "taken")
    ]
    assert sites[1].code in str(refused.value.errors[0].message)
    assert everything() == before
    give_responsibility(officer=two, projects=sites[1:], instead=True, by=at.duty_desk)
    assert [leader_of(each, now()) for each in sites] == [one, two, two]
    old = Responsibility.objects.get(officer=one, project=sites[1])
    new = Responsibility.objects.get(officer=two, project=sites[1])
    assert old.during.upper == new.during.lower  # no gap, no overlap
    both = ", ".join(sorted(each.code for each in sites[1:]))
    assert acts()[-2:] == [
        ("lost_projects", {"projects": [sites[1].code, None]}),
        ("given_projects", {"projects": [None, both]}),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Responsibility.objects.create(
            officer=one, project=sites[1], during=DateTimeTZRange(now(), None),
            recorded_at=now(), recorded_by=at.director,
        )  # fmt: skip


@pytest.mark.parametrize("role", [Role.LIAISON, Role.DISTRICT_REPORTER, Role.DIRECTOR])
def test_only_a_leader_answers_for_projects(role: Role) -> None:
    at, who, before = desk(), officer(role), None
    before = everything()
    with pytest.raises(Invalid) as refused:
        give_responsibility(officer=who, projects=[], by=at.director)
    assert {error.path for error in refused.value.errors} == {("officer",), ("projects",)}
    assert everything() == before


@pytest.mark.parametrize("kind", [Kind.DEACTIVATE, Kind.CHANGE_ROLE])
@pytest.mark.parametrize("role", [Role.LEADER, Role.DISTRICT_REPORTER])
def test_whoever_leaves_the_post_keeps_no_scope(role: Role, kind: Kind) -> None:
    """Should he get the role again, he begins without districts and projects."""
    at, who = desk(), officer(role)
    with clock_at(now() - timedelta(days=1)):
        if role == Role.LEADER:
            give_responsibility(officer=who, projects=[at.project], by=at.director)
        else:
            give_district(officer=who, district=luolong(), by=at.director)
    relief = Relief(who, kind, To.SPREAD, "调离", role=Role.LIAISON)
    relieve_officer(relief=relief, by=at.director)
    assert districts_of(who, now()) == []
    assert leader_of(at.project, now()) is None
    model: Any = Responsibility if role == Role.LEADER else DistrictPost
    row = model.objects.get(officer=who)
    assert (row.ended_by, row.during.upper) == (at.director, row.ended_at)
    assert list(audit()) == []

"""Names, roles, activity, membership and leave are dated facts that cannot be altered."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coordination.bulletins.week import SHANGHAI, week_to
from coordination.groups.block_coverage import BLOCK, BLOCK_1
from coordination.groups.models import GroupRevision, Leave, Membership
from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import coverage
from coordination.groups.revise import record_group
from coordination.groups.serve import end_leave, join_group, take_leave
from coordination.staff.models import Officer, OfficerRevision, Role
from coordination.staff.passwords import set_password
from coordination.staff.revise import record_officer
from projects.record.clock import clock_at, now
from projects.record.refusals import NotAllowed
from projects.register.registration import revise_project
from tests.factories.coordination import (
    Desk,
    desk,
    group,
    leave_group,
)

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def at() -> Desk:
    with clock_at(CUT_OFF - 7 * DAY):
        return desk()


def counted() -> dict[str, Any]:
    return BLOCK.count(week_to(CUT_OFF))


def rename(who: Officer, name: str, at: Desk) -> None:
    who.name = name
    record_officer(officer=who, changed=["name"], by=at.system_admin)


def deactivate(who: Officer, at: Desk) -> None:
    who.is_active = False
    record_officer(officer=who, changed=["is_active"], by=at.system_admin)


def named_gone(at: Desk) -> None:
    for who in (at.liaison, at.deputy, at.lead):
        deactivate(who, at)


def test_each_change_of_what_counts_leaves_a_revision(at: Desk) -> None:
    first = OfficerRevision.objects.get(officer=at.liaison)
    assert (first.name, first.role, first.is_active) == (at.liaison.name, Role.LIAISON, True)
    assert first.recorded_at == CUT_OFF - 7 * DAY
    with clock_at(CUT_OFF):
        rename(at.liaison, "新名", at)
        at.liaison.mobile = "13900000000"  # does not count
        record_officer(officer=at.liaison, changed=["mobile"], by=at.system_admin)
    rows = OfficerRevision.objects.filter(officer=at.liaison).order_by("pk")
    assert [(each.name, each.recorded_at, each.by) for each in rows] == [
        (first.name, CUT_OFF - 7 * DAY, None), ("新名", CUT_OFF, at.system_admin),
    ]  # fmt: skip


def test_a_change_past_the_verbs_leaves_one_too(at: Desk) -> None:
    before = now()
    made = Officer.objects.create_superuser("root2", name="值守")
    Officer.objects.filter(pk=made.pk).update(is_active=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_officer SET role = 'auditor' WHERE id = %s", [made.pk])
    at.group.name = "另名"
    at.group.save()
    rows = OfficerRevision.objects.filter(officer=made).order_by("pk")
    assert [(each.name, each.role, each.is_active) for each in rows] == [
        ("值守", "", True), ("值守", "", False), ("值守", "auditor", False),
    ]  # fmt: skip
    last = GroupRevision.objects.filter(group=at.group).latest("pk")
    assert (last.name, last.by) == ("另名", None)
    for moment in [*rows.values_list("recorded_at", flat=True), last.recorded_at]:
        assert before <= moment <= now()


def test_what_was_read_before_another_verb_is_not_written_again(at: Desk) -> None:
    officer, own = Officer.objects.get(pk=at.liaison.pk), type(at.group).objects.get(pk=at.group.pk)
    officer.role = Role.GROUP_LEAD  # not among the fields that are named
    deactivate(at.liaison, at)
    at.group.is_active = False
    record_group(group=at.group, changed=["is_active"], by=at.director)
    rename(officer, "新名", at)
    own.name = "另名"
    record_group(group=own, changed=["name"], by=at.director)
    row = Officer.objects.get(pk=at.liaison.pk)
    assert (row.name, row.role, row.is_active) == ("新名", Role.LIAISON, False)
    kept = OfficerRevision.objects.filter(officer=row).latest("pk")
    assert (kept.name, kept.role, kept.is_active) == ("新名", Role.LIAISON, False)
    at.group.refresh_from_db()
    assert (at.group.name, at.group.is_active) == ("另名", False)


def test_revisions_stand_in_the_order_of_writing(at: Desk) -> None:
    """Who read the clock first got the row second."""
    with clock_at(CUT_OFF + 2 * INSTANT):
        rename(at.liaison, "新名", at)
        at.group.name = "另名"
        record_group(group=at.group, changed=["name"], by=at.director)
    before = counted()
    with clock_at(CUT_OFF):
        named_gone(at)
        at.group.is_active = False
        record_group(group=at.group, changed=["is_active"], by=at.director)
    assert OfficerRevision.objects.filter(officer=at.liaison).latest("pk").recorded_at == (
        CUT_OFF + 2 * INSTANT
    )
    later = CUT_OFF + DAY
    assert coverage(later, Facts.RECORDED) == coverage(later, Facts.PRESENT)
    assert coverage(later).broken == {"group_out_of_service": 1}
    assert before["served"] == 1


@pytest.mark.parametrize("by", ["liaison", "system_admin"])
def test_a_new_password_writes_nothing_else(at: Desk, by: str) -> None:
    read = Officer.objects.get(pk=at.liaison.pk)
    deactivate(at.liaison, at)
    new = "another-password-2"
    set_password(officer=read, password=new, again=new, by=getattr(at, by))
    row = Officer.objects.get(pk=at.liaison.pk)
    assert (row.check_password(new), row.is_active) == (True, False)


@pytest.mark.parametrize("model", [OfficerRevision, GroupRevision])
@pytest.mark.usefixtures("at")
def test_a_revision_is_never_altered(model: Any) -> None:
    row = model.objects.first()
    for attempt in (row.delete, lambda: model.objects.update(name="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert model.objects.get(pk=row.pk).name == row.name


def test_membership_and_leave_may_only_be_ended_once(at: Desk) -> None:
    with clock_at(CUT_OFF - DAY):
        leave = take_leave(
            officer=at.liaison, start=CUT_OFF - DAY, end=CUT_OFF + DAY, by=at.director
        )
    member = Membership.objects.get(officer=at.deputy)
    start = member.during.lower
    wrong: list[tuple[Any, dict[str, Any]]] = [
        (Leave, {"during": DateTimeTZRange(CUT_OFF - DAY, CUT_OFF)}),
        (Leave, {"during": DateTimeTZRange(CUT_OFF - DAY, CUT_OFF + 2 * DAY), "ended_at": CUT_OFF}),
        (Leave, {"during": DateTimeTZRange(CUT_OFF - DAY, CUT_OFF), "ended_at": CUT_OFF + INSTANT}),
        (Leave, {"officer": at.deputy}),
        (Membership, {"group": at.other_group}),
        (Membership, {"during": DateTimeTZRange(start - DAY, CUT_OFF), "ended_at": CUT_OFF}),
    ]
    for model, values in wrong:
        pk = leave.pk if model is Leave else member.pk
        before = model.objects.values().get(pk=pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=pk).update(**values)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=pk).delete()
        assert model.objects.values().get(pk=pk) == before
    with clock_at(CUT_OFF):
        end_leave(leave=leave, by=at.director)
        leave_group(officer=at.deputy, by=at.director)
        with pytest.raises(NotAllowed):
            end_leave(leave=leave, by=at.director)
    leave.refresh_from_db()
    member.refresh_from_db()
    assert (leave.during.upper, leave.ended_at, leave.ended_by) == (CUT_OFF, CUT_OFF, at.director)
    assert (member.during.upper, member.ended_at) == (CUT_OFF, CUT_OFF)
    with pytest.raises(DatabaseError), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(
            during=DateTimeTZRange(CUT_OFF - DAY, CUT_OFF - INSTANT)
        )


def test_a_leave_that_had_not_begun_becomes_empty(at: Desk) -> None:
    with clock_at(CUT_OFF - DAY):
        leave = take_leave(officer=at.liaison, start=CUT_OFF, end=CUT_OFF + DAY, by=at.director)
        end_leave(leave=leave, by=at.director)
    leave.refresh_from_db()
    assert leave.during.isempty
    assert counted()["served"] == 1


def test_what_is_recorded_after_the_cut_off_changes_no_figure_of_it(at: Desk) -> None:
    with clock_at(CUT_OFF - DAY):
        take_leave(officer=at.liaison, start=CUT_OFF, end=CUT_OFF + DAY, by=at.director)
    before = counted()
    assert before == {
        "projects": 1, "served": 1, "unserved": 0, "broken": 0, "reasons": {}, "not_served": [],
    }  # fmt: skip
    with clock_at(CUT_OFF + INSTANT):
        named_gone(at)
        at.group.is_active = False
        record_group(group=at.group, changed=["is_active"], by=at.director)
        # Recorded later, although it is said to have begun before.
        take_leave(officer=at.other_liaison, start=CUT_OFF - DAY, end=CUT_OFF + DAY, by=at.director)
        revise_project(project=at.project, changes={"name": "改名"}, by=at.director)
        join_group(officer=at.helper, group=group(), by=at.director)
    assert counted() == before
    assert BLOCK_1.count(week_to(CUT_OFF)) == {"projects": 1, "served": 1}


def test_a_leave_entered_late_counts_from_its_entry(at: Desk) -> None:
    for who in (at.deputy, at.lead):
        with clock_at(CUT_OFF - DAY):
            deactivate(who, at)
    with clock_at(CUT_OFF + INSTANT):
        take_leave(officer=at.liaison, start=CUT_OFF - DAY, end=CUT_OFF + 2 * DAY, by=at.director)
    assert counted()["served"] == 1
    assert BLOCK.count(week_to(CUT_OFF + 7 * DAY))["served"] == 1  # it is over by then


def test_the_names_are_those_of_the_cut_off(at: Desk) -> None:
    with clock_at(CUT_OFF):
        rename(at.liaison, "周联络", at)
        at.group.name = "第一组"
        record_group(group=at.group, changed=["name"], by=at.director)
        revise_project(project=at.project, changes={"name": "一号线"}, by=at.director)
        named_gone(at)
    expected = [
        {
            "code": at.project.code, "name": "一号线", "reason": "group_empty",
            "group": "第一组", "liaison": "周联络",
        }
    ]  # fmt: skip
    assert counted()["not_served"] == expected
    with clock_at(CUT_OFF + DAY):
        rename(at.liaison, "改名", at)
        at.group.name = "改名组"
        record_group(group=at.group, changed=["name"], by=at.director)
        revise_project(project=at.project, changes={"name": "改名项目"}, by=at.director)
    assert counted()["not_served"] == expected


def test_only_who_may_change_an_officer_or_a_group_does(at: Desk) -> None:
    before = OfficerRevision.objects.count(), GroupRevision.objects.count()
    for by in (at.liaison, at.lead, at.duty_desk, at.auditor):
        with pytest.raises(NotAllowed):
            record_officer(officer=at.deputy, changed=["name"], by=by)
        with pytest.raises(NotAllowed):
            record_group(group=at.group, changed=["name"], by=by)
    assert (OfficerRevision.objects.count(), GroupRevision.objects.count()) == before

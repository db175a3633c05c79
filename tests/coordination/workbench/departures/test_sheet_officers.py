"""The sheet of officers: posts, groups and telephones, from a workbook and back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.groups.posts import give_district
from coordination.groups.queries import group_of
from coordination.staff.models import Officer, OfficerRevision, Role
from coordination.staff.revise import record_phone
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import (
    Kind,
    Relief,
    relieve_officer,
    withdraw_post,
)
from coordination.workbench.departures.sheet_officers import SHEET
from projects.house.imports import ImportRow, Outcome, RowPlan
from projects.imports.begin import begin_import
from projects.imports.carry import confirm_import
from projects.imports.cells import cell_of, headings_of
from projects.imports.models import Import, State
from projects.imports.rights import may_import
from projects.imports.undo import ask_undo
from projects.imports.work import do_waiting
from projects.record.audit import audit
from projects.record.clock import now
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import District
from tests.factories.coordination import Desk, desk, filed, officer
from tests.projects.imports.toy import book

pytestmark = pytest.mark.django_db
HEADINGS = ("姓名", "用户名", "职务", "所在组", "办公电话")


@pytest.fixture
def at() -> Desk:
    return desk()


def account(name: str, username: str) -> Officer:
    """As the system administrator makes one: without a post."""
    return Officer.objects.create(name=name, username=username, is_staff=True)


def sent(at: Desk, *rows: Any, headings: Any = HEADINGS) -> Import:
    file = SimpleUploadedFile("人员.xlsx", book(*rows, headings=headings))
    return worked(begin_import(sheet="officers", file=file, by=at.director))


def worked(of: Import) -> Import:
    do_waiting()
    of.refresh_from_db()
    return of


def done(at: Desk, *rows: Any) -> Import:
    of = sent(at, *rows)
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    return worked(of)


def placed(who: Officer) -> tuple[str, Any, str]:
    who.refresh_from_db()
    return who.role, group_of(who, now()), who.mobile


def test_posts_groups_and_telephones_are_given_and_taken_back(at: Desk) -> None:
    new, clerk = account("陈一", "chen"), account("孙二", "sun")
    before = placed(at.helper)
    of = done(
        at,
        ["陈一", None, "联络员", at.group.name, "0379-65123456"],
        [None, "sun", "值班员", None, 13800138000],
        [None, at.helper.username, "组长", at.other_group.code, None],
        [None, at.lead.username, "组长", None, None],
    )
    assert (of.state, of.problem) == (State.DONE, "")
    assert of.counts == {"new": 2, "changed": 1, "unchanged": 1, "refused": 0}
    assert placed(new) == (Role.LIAISON, at.group, "0379-65123456")
    assert placed(clerk) == (Role.DUTY_DESK, None, "13800138000")
    assert placed(at.helper) == (Role.GROUP_LEAD, at.other_group, before[2])
    assert OfficerRevision.objects.filter(officer=new).latest("pk").by == at.director

    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, of.problem) == (State.UNDONE, "")
    assert placed(new) == placed(clerk) == ("", None, "")
    assert placed(at.helper) == before
    assert list(audit()) == []


def test_what_is_exported_changes_nothing(at: Desk) -> None:
    account("陈一", "chen")
    rows = list(SHEET.export(at.director))
    named = {row["username"]: row for row in rows}
    assert named["chen"] == {
        "name": "陈一", "username": "chen", "post": "", "group": "", "mobile": ""
    }  # fmt: skip
    assert named[at.liaison.username] == {
        "name": at.liaison.name, "username": at.liaison.username, "post": "liaison",
        "group": at.group.name, "mobile": at.liaison.mobile,
    }  # fmt: skip
    assert at.system_admin.username not in named
    given = [[cell_of(each, row[each.name]) for each in SHEET.columns] for row in rows]
    of = sent(at, *given, headings=headings_of(SHEET))
    assert (of.counts["unchanged"], of.questions) == (len(rows), [])


def planned(at: Desk, *rows: tuple[Any, ...]) -> list[RowPlan]:
    names = [each.name for each in SHEET.columns]
    given = [ImportRow(number, dict(zip(names, row, strict=True)))
             for number, row in enumerate(rows, start=2)]  # fmt: skip
    return SHEET.plan(given, now(), at.director)


def test_what_cannot_be_is_refused_with_its_cell(at: Desk) -> None:
    account("同名", "one"), account("同名", "two")
    left, reporter = account("离职", "left"), officer(Role.DISTRICT_REPORTER)
    Officer.objects.filter(pk=left.pk).update(is_active=False)
    give_district(
        officer=reporter, district=District.objects.get(code="410311"), by=at.director
    )  # fmt: skip
    filed(at)
    liaison = at.liaison.username
    rows: dict[tuple[Any, ...], tuple[str, str]] = {
        (None, "nobody", "liaison", None, None): ("username", "unknown"),
        ("没有的人", None, "liaison", None, None): ("name", "unknown"),
        ("同名", None, "liaison", None, None): ("name", "unknown"),
        ("别人", "one", "liaison", None, None): ("name", "contradicts"),
        (None, "left", "liaison", None, None): ("username", "inactive"),
        (None, "one", "liaison", "没有的组", None): ("group", "unknown"),
        (None, "one", "liaison", None, "123"): ("mobile", "mobile"),
        (None, liaison, "duty_desk", None, None): ("post", "work"),
        (None, liaison, None, at.other_group.name, None): ("group", "work"),
        (None, reporter.username, "leader", None, None): ("post", "scope"),
        (None, at.director.username, "liaison", None, None): ("post", "self"),
        (None, at.auditor.username, "liaison", None, None): ("username", "administrator"),
        (None, at.system_admin.username, None, None, "13800138000"): ("username", "administrator"),
    }
    for row, wrong in rows.items():
        (plan,) = planned(at, row)
        assert plan.outcome == Outcome.REFUSED, row
        assert (plan.errors[0].column, plan.errors[0].code) == wrong, row
    lead, twice, told = planned(
        at, (None, liaison, "group_lead", None, None), (None, liaison, "liaison", None, None),
        (None, "one", "director", at.group.name, None),
    )  # fmt: skip
    assert (lead.outcome, twice.errors[0].code) == (Outcome.CHANGED, "twice")
    assert (told.outcome, len(told.warnings)) == (Outcome.NEW, 2)


def test_an_account_without_a_post_must_be_given_one(at: Desk) -> None:
    account("陈一", "chen")
    of = sent(at, ["陈一", "chen", None, at.group.name, None])
    assert of.counts["refused"] == 1


def test_what_stands_on_it_is_not_undone(at: Desk) -> None:
    new = account("陈一", "chen")
    of = done(at, ["陈一", "chen", "填报员", None, None])
    give_district(officer=new, district=District.objects.get(code="410311"), by=at.director)
    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, bool(of.problem)) == (State.DONE, True)
    assert placed(new) == (Role.DISTRICT_REPORTER, None, "")
    of = done(at, [None, at.helper.username, None, None, "0379-65123456"])
    record_phone(officer=at.helper, mobile="0379-65123457", by=at.system_admin)
    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, bool(of.problem)) == (State.DONE, True)
    assert placed(at.helper)[2] == "0379-65123457"


def test_the_director_alone_imports_it(at: Desk) -> None:
    others = (at.duty_desk, at.lead, at.liaison, at.auditor, at.system_admin, at.security_admin)
    assert may_import(SHEET, at.director)
    assert not any(may_import(SHEET, each) for each in others)
    for each in others:
        with pytest.raises(NotAllowed):
            SHEET.plan([], now(), each)


def test_telephones_and_posts_have_their_own_rules(at: Desk) -> None:
    for who, by in ((at.auditor, at.director), (at.liaison, at.duty_desk)):
        with pytest.raises(NotAllowed):
            record_phone(officer=who, mobile="0379-65123456", by=by)
    with pytest.raises(Invalid):
        record_phone(officer=at.liaison, mobile="123", by=at.director)
    new = account("陈一", "chen")
    for who, by in ((new, at.director), (at.auditor, at.director), (at.liaison, at.director),
                    (at.director, at.director), (at.duty_desk, at.system_admin)):  # fmt: skip
        before = placed(who)
        with pytest.raises(NotAllowed):
            withdraw_post(officer=who, reason="有误", by=by)
        assert placed(who) == before
    with pytest.raises(Invalid):
        withdraw_post(officer=at.duty_desk, reason=" ", by=at.director)
    withdraw_post(officer=at.duty_desk, reason="有误", by=at.director)
    assert placed(at.duty_desk)[0] == ""


def test_a_plan_takes_as_many_queries_for_many_rows(at: Desk) -> None:
    names = [officer(Role.LIAISON).username for _each in range(6)]
    counted = []
    for number in (1, 6):
        rows = [(None, each, "group_lead", at.group.name, None) for each in names[:number]]
        with CaptureQueriesContext(connection) as asked:
            planned(at, *rows)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 8


def test_whoever_became_an_administrator_meanwhile_keeps_role_and_telephone(at: Desk) -> None:
    stale = officer(role="")
    row = Officer.objects.get(pk=stale.pk)
    row.role = Role.AUDITOR
    row.save(update_fields=["role"])
    with pytest.raises(Stale):
        relieve_officer(
            relief=Relief(
                officer=stale, kind=Kind.CHANGE_ROLE, to=To.LEAVE, reason="任命",
                role=Role.LIAISON,
            ), by=at.director,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        record_phone(officer=stale, mobile="0379-65120000", by=at.director)
    again = Officer.objects.get(pk=stale.pk)
    assert (again.role, again.mobile) == (Role.AUDITOR, stale.mobile)

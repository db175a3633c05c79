"""The sheet of assignments: who serves which project, from a workbook and back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of
from coordination.tickets.models import Ticket
from coordination.workbench.handovers.sheet_assignments import SHEET
from projects.house.imports import ImportRow, Outcome, RowPlan
from projects.imports.begin import begin_import
from projects.imports.carry import confirm_import
from projects.imports.models import Import, State
from projects.imports.undo import ask_undo
from projects.imports.work import do_waiting
from projects.record.audit import audit
from projects.record.clock import now
from projects.register.models import Project
from tests.factories.coordination import Desk, desk, filed, project
from tests.projects.imports.toy import book

pytestmark = pytest.mark.django_db
HEADINGS = ("项目代码", "项目名称", "服务组", "联络员", "替补")


@pytest.fixture
def at() -> Desk:
    return desk()


def sent(at: Desk, *rows: Any) -> Import:
    file = SimpleUploadedFile("包保.xlsx", book(*rows, headings=HEADINGS))
    return worked(begin_import(sheet="assignments", file=file, by=at.duty_desk))


def worked(of: Import) -> Import:
    do_waiting()
    of.refresh_from_db()
    return of


def done(at: Desk, *rows: Any) -> Import:
    of = sent(at, *rows)
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    return worked(of)


def served(site: Project) -> tuple[Any, ...] | None:
    found = assignment_of(site, now())
    return (found.group, found.liaison, found.deputy) if found else None


def test_projects_are_assigned_handed_over_and_given_back(at: Desk) -> None:
    ticket, other = filed(at), project(by=at.director)
    of = done(
        at,
        [at.project.code, None, at.other_group.name, at.other_liaison.name, None],
        [None, other.name, at.group.code, at.deputy.username, at.liaison.name],
    )
    assert (of.state, of.problem) == (State.DONE, "")
    assert of.counts == {"new": 1, "changed": 1, "unchanged": 0, "refused": 0}
    assert served(at.project) == (at.other_group, at.other_liaison, None)
    assert served(other) == (at.group, at.deputy, at.liaison)
    ticket.refresh_from_db()
    assert ticket.group == at.other_group
    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, of.problem) == (State.UNDONE, "")
    assert served(at.project) == (at.group, at.liaison, at.deputy)
    assert served(other) is None
    ticket.refresh_from_db()
    assert ticket.group == at.group
    assert list(audit()) == []


def test_what_is_exported_changes_nothing(at: Desk) -> None:
    project(by=at.director)
    (row,) = SHEET.export(at.director)
    assert row == {
        "code": at.project.code, "name": at.project.name, "group": at.group.name,
        "liaison": at.liaison.username, "deputy": at.deputy.username,
    }  # fmt: skip
    assert sent(at, list(row.values())).counts["unchanged"] == 1


def planned(at: Desk, *rows: tuple[Any, ...]) -> list[RowPlan]:
    names = [each.name for each in SHEET.columns]
    given = [ImportRow(number, dict(zip(names, row, strict=True)))
             for number, row in enumerate(rows, start=2)]  # fmt: skip
    return SHEET.plan(given, now(), at.director)


def test_what_cannot_be_is_refused_with_its_cell(at: Desk) -> None:
    new = project(by=at.director)
    code, liaison, lead = at.project.code, at.liaison.name, at.other_lead.name
    rows: dict[tuple[Any, ...], tuple[str, str]] = {
        ("LY-X", None, None, liaison, None): ("code", "unknown"),
        (None, "没有的项目", None, liaison, None): ("name", "unknown"),
        (new.code, at.project.name, None, liaison, None): ("name", "contradicts"),
        (new.code, None, None, None, None): ("liaison", "required"),
        (new.code, None, "没有的组", liaison, None): ("group", "unknown"),
        (new.code, None, None, "没有的人", None): ("liaison", "unknown"),
        (new.code, None, at.group.name, lead, None): ("liaison", "not-in-group"),
        (new.code, None, None, liaison, lead): ("deputy", "not-in-group"),
        (new.code, None, None, liaison, liaison): ("deputy", "same"),
    }
    for row, wrong in rows.items():
        (plan,) = planned(at, row)
        assert plan.outcome == Outcome.REFUSED, row
        assert (plan.errors[0].column, plan.errors[0].code) == wrong, row
    unchanged, twice = planned(at, (code, None, None, None, None), (code, None, None, lead, None))
    assert (unchanged.outcome, twice.errors[0].code) == (Outcome.UNCHANGED, "twice")


def test_what_stands_on_it_is_not_undone(at: Desk) -> None:
    given = [at.project.code, None, at.other_group.name, at.other_liaison.name, None]
    of = done(at, given)
    filed(at)
    before = Assignment.objects.count()
    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, bool(of.problem)) == (State.DONE, True)
    assert Ticket.objects.count() == 1
    done(at, [at.project.code, None, at.group.name, at.liaison.name, None])
    ask_undo(of=of, reason="名单有误", by=at.director)
    assert (worked(of).state, bool(of.problem)) == (State.DONE, True)
    assert Assignment.objects.count() == before + 1


def test_a_plan_takes_as_many_queries_for_many_rows(at: Desk) -> None:
    codes = [project(by=at.director).code for _each in range(6)]
    counted = []
    for number in (1, 6):
        with CaptureQueriesContext(connection) as asked:
            planned(at, *((code, None, None, at.liaison.name, None) for code in codes[:number]))
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 8

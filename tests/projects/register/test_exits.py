"""A project leaves the register and comes back: who may, what is refused, and what is counted."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.groups.assign import assign
from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of, unserved
from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import coverage, not_served
from projects.progress.by_day import at_work_by_moment
from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed, Refusal
from projects.register.exits import remove_project, return_project
from projects.register.models import (
    Project,
    ProjectExit,
    ProjectParticipant,
    ProjectReturn,
    ProjectRevision,
)
from projects.register.queries import known_at, planned_at, register_at
from projects.register.registration import add_participant, revise_project
from projects.register.suggest import project_from_text, suggest_projects
from tests.factories.coordination import desk, director, enterprise, filed, officer, project

pytestmark = pytest.mark.django_db


def rows() -> list[int]:
    models: list[Any] = [
        ProjectExit, ProjectReturn, ProjectRevision, Assignment, DailyReport, ProjectParticipant,
    ]  # fmt: skip
    return [each.objects.count() for each in models]


def counted(at: datetime) -> set[int]:
    return set(register_at(at).values_list("project_id", flat=True))


def test_what_has_left_is_counted_no_more_and_stays_what_it_was() -> None:
    at = desk()
    other = project(name="另一个")
    before = now()
    remove_project(project=at.project, reason="重复录入", version=1, by=at.duty_desk)
    left = now()
    at.project.refresh_from_db()
    assert at.project.left_at is not None
    assert (counted(before), counted(left)) == ({at.project.pk, other.pk}, {other.pk})
    assert set(known_at(left).values_list("project_id", flat=True)) == {at.project.pk, other.pk}
    assert assignment_of(at.project, left) is None
    assert list(unserved(left)) == [other]
    for facts in Facts:
        assert (coverage(left, facts).projects, coverage(left, facts).served) == (1, 0)
        assert [each.project for each in not_served(left, facts)] == [other.pk]
    assert (coverage(before, Facts.RECORDED).projects, suggest_projects(at.project.code)) == (2, [])
    assert project_from_text(at.project.code) == at.project
    return_project(project=at.project, reason="误删", by=at.director)
    back = now()
    at.project.refresh_from_db()
    assert at.project.left_at is None
    assert (counted(left), counted(back)) == ({other.pk}, {at.project.pk, other.pk})
    assert set(unserved(back)) == {at.project, other}
    assert list(audit()) == []


def test_what_is_refused_writes_nothing() -> None:
    at = desk()
    ticket = filed(at)
    today = timezone.localdate(now())
    before = rows()
    with pytest.raises(NotAllowed, match=ticket.number):
        remove_project(project=at.project, reason="错", by=at.director)
    with pytest.raises(NotAllowed, match="该项目在库"):
        return_project(project=at.project, reason="错", by=at.director)
    for reason in ("", " ", "长" * 201):
        with pytest.raises(Invalid):
            remove_project(project=project(), reason=reason, by=at.director)
    for role in ("liaison", "group_lead", "auditor"):
        for verb in (remove_project, return_project):
            with pytest.raises(NotAllowed, match="角色"):
                verb(project=at.project, reason="错", by=officer(role))
    assert rows() == [before[0], before[1], before[2] + 3, *before[3:]]
    gone = project()
    remove_project(project=gone, reason="错", by=at.director)
    before = rows()
    on_it: list[tuple[Any, dict[str, Any]]] = [
        (remove_project, {"reason": "再错", "by": at.director}),
        (revise_project, {"changes": {"name": "新"}, "by": at.director}),
        (report, {"day": today, "resumed": True, "by": at.director}),
        (assign, {"group": at.group, "liaison": at.liaison, "by": at.director}),
        (add_participant,
         {"enterprise": enterprise(), "role": "owner", "start": today, "by": at.director}),
    ]  # fmt: skip
    for verb, given in on_it:
        with pytest.raises(NotAllowed, match="已退库") as refused:
            verb(project=gone, **given)
        assert [each.code for each in refused.value.errors] == ["left-register"]
    assert rows() == before


def test_an_enterprise_files_on_it_no_more_and_is_told_so() -> None:
    at = desk()
    remove_project(project=at.project, reason="错", by=at.director)
    with pytest.raises(Invalid) as refused:
        filed(at, title="")
    found = [(each.path, each.code) for each in refused.value.errors]
    assert ((("project",), "left-register") in found, len(found)) == (True, 2)
    ask = Client(headers={"authorization": f"Bearer {at.token}", "accept-language": "zh-hans"})
    assert ask.get("/api/v1/projects/").json()["results"] == []
    assert ask.get(f"/api/v1/projects/{at.project.code}/").status_code == 404
    sent = ask.post(
        f"/api/v1/projects/{at.project.code}/reports/",
        {"day": str(timezone.localdate(now())), "resumed": True},
        content_type="application/json", headers={"idempotency-key": "a"},
    )  # fmt: skip
    assert (sent.status_code, sent.json()["errors"][0]["code"]) == (409, "left-register")
    assert "已退库" in sent.json()["detail"]
    assert not DailyReport.objects.exists()


def test_an_alteration_of_the_mirror_is_found() -> None:
    site = project()
    Project.objects.filter(pk=site.pk).update(left_at=now())
    assert [(each.table, each.row, each.difference) for each in audit()] == [
        ("register.project", str(site.pk), "exits")
    ]


@pytest.mark.parametrize("seed", range(3))
def test_any_history_is_counted_as_it_was_recorded(seed: int) -> None:
    chosen, by = random.Random(seed), director()
    start = now() - timedelta(hours=50)
    sites: list[Project] = []
    history: list[tuple[datetime, dict[int, tuple[bool, str]]]] = []
    state: dict[int, tuple[bool, str]] = {}  # of each project whether it is in, and its name
    for hour in range(40):
        moment = start + timedelta(hours=hour)
        with clock_at(moment):
            act = chosen.choice(["register", "register", "revise", "remove", "return"])
            site = chosen.choice(sites) if sites else None
            try:
                if act == "register" or site is None:
                    site = project(planned_resumption=timezone.localdate(start), by=by)
                    sites.append(site)
                    state = state | {site.pk: (True, site.name)}
                elif act == "revise":
                    name = f"名{hour}"
                    revise_project(project=site, changes={"name": name}, by=by)
                    state = state | {site.pk: (True, name)}
                elif act == "remove":
                    remove_project(project=site, reason="错", by=by)
                    state = state | {site.pk: (False, state[site.pk][1])}
                else:
                    return_project(project=site, reason="回", by=by)
                    state = state | {site.pk: (True, state[site.pk][1])}
            except Refusal:
                pass
        history.append((moment, state))
    for moment, expected in history:
        found = dict(register_at(moment).values_list("project_id", "name"))
        assert found == {key: name for key, (is_in, name) in expected.items() if is_in}
        assert coverage(moment, Facts.RECORDED).projects == len(found)
    moments = [moment for moment, _state in history]
    by_moment = [planned for planned, _at_work in at_work_by_moment(moments)]
    assert by_moment == [planned_at(each).count() for each in moments]
    assert len(set(by_moment)) > 3


def test_the_pages_of_exit_and_return() -> None:
    at = desk()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(at.duty_desk)
    remove, back = (
        reverse(f"admin:register_project_{name}", args=[at.project.pk])
        for name in ("remove", "bring_back")
    )
    page = client.post(remove, {"reason": "", "version": "1"})
    assert page.context["form"].errors.keys() == {"reason"}
    assert client.post(remove, {"reason": "重复", "version": "1"}).status_code == 302
    names = reverse("admin:register_project_changelist")
    for asked, shown in (("", False), ("?register=left", True), ("?register=all", True)):
        assert (at.project.code in client.get(names + asked).content.decode()) is shown
    assert client.post(remove, {"reason": "重复", "version": "1"}).status_code == 403
    assert client.post(back, {"reason": "误"}).status_code == 302
    assert at.project.code in client.get(names).content.decode()

"""A project's page: what blocks it, and one timeline of all rooms, paged without a gap."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.bulletins.week import SHANGHAI
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.house.timelines import timeline_page
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.exits import return_project
from projects.register.registration import revise_project
from projects.register.succession import merge_projects
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db
DAY = date(2020, 3, 9)


def at(hour: int, *, back: int = 0) -> datetime:
    return datetime.combine(DAY - timedelta(days=back), time(hour), SHANGHAI)


def glance(made: Desk, who: Any) -> dict[str, Any]:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who)
    page = client.get(reverse("admin:register_project_change", args=[made.project.pk]))
    (head,) = page.context["heads"]
    found: dict[str, Any] = head["context"]
    assert 'id="panel-glance"' in page.content.decode()
    return found


def words(made: Desk, who: Any) -> list[str]:
    return [each.words for each in glance(made, who)["blockers"]]


def test_what_blocks_it() -> None:
    with clock_at(at(9, back=12)):
        made = desk()
        revise_project(
            project=made.project, changes={"planned_resumption": DAY - timedelta(days=5)},
            by=made.director,
        )  # fmt: skip
        ticket = filed(made, urgency="critical")
    with clock_at(at(18)):
        found = glance(made, made.liaison)
        assert [each.words for each in found["blockers"]] == [
            "计划2020-03-04复工（开工），目前未复工（开工）。",
            "截至2020-03-09，已有6天未报日报。",
            "1起工单超期。",
        ]
        assert (found["light"], found["numbers"]["open"]) == ("red", 1)
        assert [each.enterprise for each in found["owners"]] == [made.enterprise]
        assert glance(made, made.other_liaison)["numbers"]["open"] == 0  # not theirs to see
    with clock_at(at(19)):
        perform(Verb.ACCEPT, ticket=ticket, by=made.liaison)
        perform(Verb.ASK, ticket=ticket, question="车牌？", by=made.liaison)
        report(
            project=made.project, day=DAY, resumed=True, problems="缺砂石", workers_on_site=0,
            by=made.liaison,
        )  # fmt: skip
        assert words(made, made.liaison) == [
            "2020-03-09日报反映的问题：缺砂石", "1起工单待企业补充。",
        ]  # fmt: skip
        merge_projects(project=made.project, into=project(), reason="同一项目", by=made.director)
    with clock_at(at(20)):
        assert words(made, made.liaison) == []
        return_project(project=made.project, reason="误并", by=made.director)
    with clock_at(at(21)):
        assert "本项目尚无服务组。" in words(made, made.director)


def test_one_timeline_of_all_rooms_paged_without_a_gap() -> None:
    with clock_at(at(9, back=3)):
        made = desk()
    with clock_at(at(10, back=2)):
        report(project=made.project, day=DAY - timedelta(days=2), resumed=True, by=made.liaison)
        report(project=made.project, day=DAY - timedelta(days=3), resumed=True, by=made.liaison)
        revise_project(
            project=made.project, changes={"phase": "new_start"}, reason="重新开工",
            by=made.director,
        )  # fmt: skip
        for _each in range(3):
            filed(made)
    with clock_at(at(11)):
        merge_projects(project=made.project, into=project(), reason="同一项目", by=made.director)
    whole = timeline_page("register.project", made.project, made.director, most=100)
    assert ([each.at for each in whole.entries], whole.older) == (
        [at(11)] * 2 + [at(10, back=2)] * 5 + [at(9, back=3)] * 2, "",
    )  # fmt: skip
    said = {(str(each.what), str(each.detail)) for each in whole.entries}
    assert ("修订", "阶段 续建 → 新开工；重新开工") in said
    assert ("日报：已复工（开工）", "2020-03-07") in said
    for most in (1, 2, 4):
        after, entries = "", []
        while True:
            page = timeline_page(
                "register.project", made.project, made.director, after=after, most=most
            )
            entries += page.entries
            after = page.older
            if not after:
                break
        assert entries == whole.entries
    for wrong in ("x", "~1", "2020-03-09T00:00:00~1", "2020-03-09T00:00:00+08:00~x", "~" * 99):
        found = timeline_page("register.project", made.project, made.director, after=wrong, most=9)
        assert found.entries == whole.entries
    others = timeline_page("register.project", made.project, made.other_liaison, most=100)
    assert len(others.entries) == len(whole.entries) - 3  # the tickets are not theirs to see


def test_the_pages_of_the_timeline_read_a_constant_number_of_rows() -> None:
    made = desk()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(made.director)
    address = reverse("admin:projects_timeline", args=[made.project.pk])
    counts = []
    for _round in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        counts.append(len(queries))
        for _each in range(3):
            filed(made)
    assert page.context["page"].entries
    assert counts[0] == counts[1]

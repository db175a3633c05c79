"""The merger of March 2021: projects move by revision, and figures of before stay as they were."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from projects.progress.report import report
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.districts import move_projects
from projects.register.exits import remove_project
from projects.register.models import District, ProjectRevision
from projects.register.queries import register_at
from tests.factories.coordination import director, officer, project

pytestmark = pytest.mark.django_db
BEFORE = datetime(2021, 3, 15, 17, tzinfo=SHANGHAI)
MERGED = datetime(2021, 3, 19, 9, tzinfo=SHANGHAI)
AFTER = datetime(2021, 3, 22, 17, tzinfo=SHANGHAI)


def of(code: str) -> District:
    return District.objects.get(code=code)


def by_district(at: datetime) -> dict[str, int]:
    rows = count_blocks(week_to(at))["resumption"]["figures"]["by_district"]
    return {row["code"]: row["planned"] for row in rows if row["planned"]}


def test_projects_move_and_old_figures_stay() -> None:
    by = director()
    with clock_at(BEFORE - timedelta(days=2)):
        day = (BEFORE - timedelta(days=2)).date()
        sites = [
            project(district=of(code), planned_resumption=day, by=by)
            for code in ("410322", "410322", "410306", "410311")
        ]
        gone = project(district=of("410322"), planned_resumption=day, by=by)
        report(project=sites[0], day=day, resumed=True, by=by)
        remove_project(project=gone, reason="错", by=by)
    old = count_blocks(week_to(BEFORE))
    assert by_district(BEFORE) == {"410322": 2, "410306": 1, "410311": 1}
    with clock_at(MERGED):
        for code, number in (("410322", 2), ("410306", 1)):
            given: dict[str, Any] = {"district": of(code), "into": of("410308"), "by": by}
            moved = move_projects(**given, number=number, reason="撤县设区")
            assert len(moved) == number
    assert count_blocks(week_to(BEFORE)) == old
    assert by_district(AFTER) == {"410308": 3, "410311": 1}
    assert register_at(BEFORE).filter(district__code="410308").count() == 0
    newest = ProjectRevision.objects.filter(project=sites[2]).latest("number")
    assert (newest.number, newest.reason, newest.district.code) == (2, "撤县设区", "410308")
    assert list(audit()) == []


def test_what_is_refused_moves_nothing() -> None:
    by = director()
    with clock_at(BEFORE):
        project(district=of("410322"), by=by)
    given: dict[str, Any] = {
        "district": of("410322"), "into": of("410308"), "number": 1, "reason": "撤县设区", "by": by,
    }  # fmt: skip
    refused: list[tuple[datetime, dict[str, Any], type[Exception]]] = [
        (BEFORE, {"into": of("410311")}, NotAllowed),  # it exists still
        (MERGED, {"district": of("410311"), "into": of("410308")}, NotAllowed),
        (MERGED, {"into": of("410306")}, Invalid),
        (MERGED, {"reason": " "}, Invalid),
        (MERGED, {"number": 2}, Stale),
        (MERGED, {"by": officer("liaison")}, NotAllowed),
    ]
    for at, changed, why in refused:
        with clock_at(at), pytest.raises(why):
            move_projects(**(given | changed))
    assert ProjectRevision.objects.count() == 1


def test_the_page_proposes_what_took_its_place() -> None:
    by = director()
    with clock_at(BEFORE):
        site = project(district=of("410322"), by=by)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(by)
    address = reverse("admin:register_district_move_projects", args=[of("410322").pk])
    page = client.get(address)
    assert page.context["form"].initial["into"] == of("410308")
    assert site.name in page.content.decode()
    sent = {"into": of("410308").pk, "number": 1, "reason": "撤县设区"}
    assert client.post(address, sent).status_code == 302
    site.refresh_from_db()
    assert (site.district.code, site.version) == ("410308", 2)
    exists = reverse("admin:register_district_move_projects", args=[of("410311").pk])
    assert client.get(exists).status_code == 403

"""An issue keeps the schema of coverage that it was built by; the API serves both."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from coordination.bulletins.api_shape import DeclaredFigures
from coordination.bulletins.build import recount
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.groups.queries_coverage import Reason
from coordination.staff.revise import record_officer
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import drawn, frozen
from tests.factories.coordination import Desk, desk

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
FIRST = {block.name: 1 for block in BLOCKS.newest()}
NEWEST = {block.name: block.schema for block in BLOCKS.newest()}


def broken_desk() -> Desk:
    """A desk whose only assignment is broken at both cut-offs."""
    with clock_at(CUT_OFF - timedelta(days=9)):
        at = desk()
        for who in (at.liaison, at.deputy, at.lead):
            who.is_active = False
            record_officer(officer=who, changed=["is_active"], by=at.system_admin)
    return at


def read(at: Desk, day: str) -> dict[str, Any]:
    answer = client_with(at.token).get(reverse("api:bulletin", args=[day]))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.django_db(transaction=True)
def test_each_issue_by_its_own_schema() -> None:
    at = broken_desk()
    older = frozen(CUT_OFF, FIRST)
    newer = frozen(CUT_OFF + timedelta(days=7), NEWEST)
    for each in (older, newer):
        assert recount(each) == each.blocks
    before, after = read(at, "2020-03-09"), read(at, "2020-03-16")
    assert before["figures"]["coverage"] == {
        "projects": 1, "served": 1, "unserved": None, "broken": None, "reasons": None,
    }  # fmt: skip
    assert after["figures"]["coverage"] == {
        "projects": 1, "served": 0, "unserved": 0, "broken": 1,
        "reasons": {**dict.fromkeys(Reason.values), "group_empty": {"broken": 1}},
    }  # fmt: skip
    served = [said["own"]["projects"][0]["served"] for said in (before, after)]
    assert served == [True, False]
    assert at.liaison.name not in str(after)


@pytest.mark.django_db(transaction=True)
def test_the_staff_see_the_names_and_the_reason_in_words() -> None:
    at = broken_desk()
    newer = frozen(CUT_OFF, NEWEST)
    with override("zh-hans"):
        sheets = list(drawn(newer.blocks, week_to(CUT_OFF)).sheets())
    rows = [row for sheet in sheets if sheet.name == "coverage" for row in sheet.rows]
    assert [[*row.titles, *(cell.text for cell in row.cells)] for row in rows] == [
        ["服务组无人员。", "1"],
        [at.project.name, "服务组无人员。", at.group.name, at.liaison.name],
    ]
    for_all = drawn(newer.blocks, week_to(CUT_OFF), Audience.ALL).sheets()
    assert [len(sheet.rows) for sheet in for_all if sheet.name == "coverage"] == [1]


def test_what_the_older_schema_lacks_may_be_null_in_the_document() -> None:
    components = ComponentRegistry()
    DeclaredFigures().schema(components)
    found = components["BulletinCoverage", ResolvedComponent.SCHEMA].schema
    names = {"projects", "served", "unserved", "broken", "reasons"}
    assert set(found["required"]) == set(found["properties"]) == names
    may_be_null = {name for name, each in found["properties"].items() if "null" in str(each)}
    assert may_be_null == {"unserved", "broken", "reasons"}

"""A list as a workbook: the rows that the filters show, of all pages, exact and never formulas."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from projects.register.admin_projects import ProjectAdmin
from projects.register.exits import remove_project
from projects.register.models import ProjectParticipant
from tests.factories.coordination import desk, director, enterprise, officer, project

pytestmark = pytest.mark.django_db


def read(client: Client, model: str, asked: str = "") -> list[tuple[Any, ...]]:
    answer: Any = client.get(reverse(f"admin:register_{model}_excel") + asked)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def of(by: Any) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(by)
    return client


def test_the_rows_are_those_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProjectAdmin, "list_per_page", 2)
    by = director()
    sites = [
        project(
            name=name, phase=phase, total_investment=Decimal("10.1234"),
            planned_resumption=date(2020, 3, 9) if phase == "new_start" else None, by=by,
        )
        for name, phase in (
            ("=1+1", "new_start"), ("甲", "continuing"), ("乙", "continuing"), ("丙", "continuing"),
        )
    ]  # fmt: skip
    remove_project(project=sites[3], reason="错", by=by)
    client = of(officer("auditor"))
    heading, *rows = read(client, "project")
    assert heading[:4] == ("项目编号", "项目名称", "投资项目代码", "批次") or heading[0]
    assert [row[1] for row in rows] == ["=1+1", "甲", "乙"]
    first = dict(zip(heading, rows[0], strict=True))
    assert (first["总投资（亿元）"], rows[0][10]) == (10.1234, "2020-03-09")
    for asked, names in (
        ("?phase=continuing", ["甲", "乙"]), ("?work=waiting", ["=1+1"]),
        ("?work=later", ["甲", "乙"]), ("?register=left", ["丙"]), ("?q=乙&p=1", ["乙"]),
        ("?register=all&o=-1", ["甲", "乙", "丙", "=1+1"]), ("?work=going", []),
    ):  # fmt: skip
        assert [row[1] for row in read(client, "project", asked)[1:]] == names, asked
    wrong = client.get(reverse("admin:register_project_excel") + "?planned_resumption__gte=x")
    assert wrong.status_code == 302, (wrong.status_code, str(wrong.headers))
    assert wrong["Location"] == reverse("admin:register_project_changelist")


def test_other_lists_and_a_constant_number_of_queries() -> None:
    at = desk()
    client = of(at.liaison)
    assert [row[0] for row in read(client, "enterprise")[1:]] == [at.enterprise.name]
    enterprise()
    heading, *rows = read(client, "enterprise", "?o=1")
    assert sorted(row[heading.index("项目")] for row in rows) == [0, 1]
    (row,) = read(client, "projectparticipant")[1:]
    assert row[:4] == (at.project.name, at.enterprise.name, "业主", "2020-01-01")
    counts = []
    for _round in range(2):
        read(client, "projectparticipant")
        with CaptureQueriesContext(connection) as queries:
            read(client, "projectparticipant")
        counts.append(len(queries))
        for _each in range(3):
            ProjectParticipant.objects.create(
                project=project(), enterprise=at.enterprise, role="supplier",
                during=(date(2020, 1, 1), None),
            )  # fmt: skip
    assert counts[0] == counts[1]


def test_a_longer_list_is_to_be_narrowed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.files.admin_sheet._MOST", 2)
    by = director()
    for name in ("甲", "乙", "丙"):
        project(name=name, by=by)
    client = of(by)
    answer: Any = client.get(reverse("admin:register_project_excel") + "?phase=continuing")
    assert answer["Location"] == reverse("admin:register_project_changelist") + "?phase=continuing"
    assert "最多2行" in client.get(answer["Location"]).content.decode()
    assert [row[1] for row in read(client, "project", "?q=乙")[1:]] == ["乙"]


def test_who_may_not_see_the_list_gets_no_workbook() -> None:
    at = desk()
    for who in (at.system_admin, at.security_admin):
        assert of(who).get(reverse("admin:register_project_excel")).status_code == 403

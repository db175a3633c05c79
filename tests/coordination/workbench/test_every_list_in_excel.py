"""Each list of the admin comes as a workbook: its rows and columns, masked as they are there."""

import io
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from openpyxl import load_workbook

from coordination.staff.models import Officer
from projects.files.admin_sheet import ExportsSheet
from projects.progress.models import DailyReport, Reporter, ReportFlag
from projects.progress.reporters import name_reporter
from tests.coordination.workbench.page_matrix import MODELS, WITHOUT_EXCEL
from tests.coordination.workbench.page_walk import Walk
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db


def exporting() -> dict[str, ExportsSheet]:
    """The admins whose lists are workbooks, by the names of their models."""
    return {
        f"{model._meta.app_label}/{model._meta.model_name}": made
        for model in filter(admin.site.is_registered, apps.get_models())
        if isinstance(made := admin.site.get_model_admin(model), ExportsSheet)
    }


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who)
    return client


def read(client: Client, model: type[Any], asked: str = "") -> list[tuple[Any, ...]]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_excel"
    answer: Any = client.get(reverse(name) + asked)
    assert answer.status_code == 200, name
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_every_list_has_its_workbook_but_those_that_have_another() -> None:
    assert exporting().keys() == MODELS.keys() - WITHOUT_EXCEL


def test_the_rows_and_columns_are_those_of_the_list() -> None:
    walk = Walk()
    for name, made in exporting().items():
        by = walk.at.auditor if name.startswith(("privacy", "audit")) else walk.officers["s"]
        client = as_(by)
        shown = client.get(reverse(f"admin:{name.replace('/', '_')}_changelist"))
        heading, *rows = read(client, made.model)
        columns = made.sheet_columns or made.get_list_display(shown.wsgi_request)
        with translation.override("zh-hans"):
            words = [capfirst(str(label_for_field(each, made.model, made))) for each in columns]
        assert list(heading) == words, name
        assert len(rows) == shown.context["cl"].queryset.count(), name
        said = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert [each for each in said if "</" in each or "('" in each] == [], name
        assert 'href="excel/' in shown.content.decode(), name


def test_what_the_list_masks_is_masked_and_a_link_is_its_words() -> None:
    walk = Walk()
    name_reporter(
        project=walk.at.project, name="赵示例", mobile="13800138000",
        email="zhao@example.cn", by=walk.at.key,
    )  # fmt: skip
    client = as_(walk.at.director)
    said = [str(cell) for row in read(client, Reporter)[1:] for cell in row]
    assert {"赵示例", "13800138000", "zhao@example.cn"} & set(said) == set()
    assert {"赵**", "138****8000"} <= set(said)
    heading, flag = read(client, ReportFlag)[:2]
    assert flag[heading.index("核实结果")] == "请核实"


def test_whoever_sees_some_rows_gets_these_alone() -> None:
    walk = Walk()
    for letter, number in (("d", 1), ("e", 1), ("r", 1)):
        assert len(read(as_(walk.officers[letter]), DailyReport)[1:]) == number
    other = desk()
    assert len(read(as_(other.director), DailyReport)[1:]) == 1


def test_the_search_and_the_filters_hold() -> None:
    at = desk()
    client = as_(at.director)
    rows = read(client, Officer, f"?q={at.liaison.username}")[1:]
    assert [row[0] for row in rows] == [at.liaison.username]
    rows = read(client, Officer, "?role=duty_desk")[1:]
    assert [row[0] for row in rows] == [at.duty_desk.username]

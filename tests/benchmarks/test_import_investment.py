"""Importing plans and months of investment against reading their file alone (P12).

As in test_import_projects: alone are the workbook's cells; importing is the preview and the
carrying out, each of which reads the file again. Each row sets four quarters and two months and
changes the year's plan, which is a further revision of the project.
"""

import os
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from statistics import median
from typing import Final

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.files.workbooks.read import read_workbook
from projects.imports.begin import begin_import
from projects.imports.carry import carry_out_import, confirm_import
from projects.imports.models import Import, State
from projects.imports.read import read_import
from projects.investment.models import MonthEnd, PlanRevision
from projects.record.clock import clock_at
from projects.register.models import Batch, District, Project, ProjectRevision
from projects.register.registration_many import register_projects
from tests.benchmarks.test_import_projects import took
from tests.factories.coordination import director

MANY: Final = int(os.environ.get("IMPORTED", "300"))
MOST: Final = float(os.environ.get("MOST_OF_READING", "60"))  # with room for a busy machine
_HEADINGS: Final = (
    "项目代码", "项目名称", "年度计划投资（亿元）", "一季度目标（亿元）", "二季度目标（亿元）",
    "三季度目标（亿元）", "四季度目标（亿元）", "1月实际完成投资（万元）",
    "2月实际完成投资（万元）",
)  # fmt: skip


def workbook(many: int) -> bytes:
    """A list as districts send it."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("投资")
    sheet.write_row(0, 0, _HEADINGS)
    for number in range(many):
        sheet.write_row(1 + number, 0, [
            f"LY-{number:05d}", f"洛阳第{number}号建设项目", 4, 1, 1, 1, 1, 900 + number % 99,
            700.25,
        ])  # fmt: skip
    book.close()
    return file.getvalue()


@pytest.mark.django_db
def test_importing_investment_against_reading_the_file() -> None:
    with clock_at(datetime(2020, 3, 9, 9, tzinfo=timezone.get_default_timezone())):
        by = director()
        batch, _made = Batch.objects.get_or_create(year=2020, ordinal=1, defaults={"name": "一"})
        district = District.objects.get(code="410311")
        made = [
            Project(
                code=f"LY-{number:05d}", name=f"洛阳第{number}号建设项目", batch=batch,
                district=district, level="municipal", phase="continuing", sector="industry",
                total_investment=Decimal(10), annual_investment=Decimal(3),
            )
            for number in range(MANY)
        ]  # fmt: skip
        register_projects(projects=made, by=by)
        _measure(by)


def _measure(by: object) -> None:
    content = workbook(MANY)
    alone = median(took(lambda: read_workbook(content, most_rows=MANY + 9)) for _each in range(3))
    of = begin_import(sheet="investment", file=SimpleUploadedFile("投资.xlsx", content), by=by)
    preview = took(lambda: read_import(of=of, by=by))
    of.refresh_from_db()
    assert (of.state, of.counts) == (
        State.READY, {"new": 0, "changed": MANY, "unchanged": 0, "refused": 0},
    )  # fmt: skip
    confirm_import(of=of, plan_hash=of.plan_hash, seen=True, by=by)
    carried = took(lambda: carry_out_import(of=of, by=by))
    assert (Import.objects.get().state, PlanRevision.objects.count()) == (State.DONE, 4 * MANY)
    assert (MonthEnd.objects.count(), ProjectRevision.objects.count()) == (2 * MANY, 2 * MANY)
    told = f"preview {preview / alone:.2f}, carried out {carried / alone:.2f} of reading alone"
    print(f"\n{MANY} rows: {told} ({alone:.2f} s)")  # noqa: T201 - a figure to read
    assert (preview + carried) / alone <= MOST

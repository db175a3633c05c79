"""Importing a list of projects against reading its file alone (P12).

Alone: the workbook's cells, in a process of their own, as every upload is read. Importing: the
worker's two tries, the preview and the carrying out, each of which reads the file again, compares
every row with the register and checks it by its rules. ``make bench-workbooks`` does it with 5,000
projects, and says how much memory the worker needs more at the end than at the beginning.
"""

import os
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.files.workbooks.read import read_workbook
from projects.imports.begin import begin_import
from projects.imports.carry import carry_out_import, confirm_import
from projects.imports.models import Import, State
from projects.imports.read import read_import
from projects.record.clock import clock_at
from projects.register.models import Batch, Project
from tests.factories.coordination import director

MANY: Final = int(os.environ.get("IMPORTED", "300"))
MOST: Final = float(os.environ.get("MOST_OF_READING", "60"))  # with room for a busy machine
MOST_MEGABYTES: Final = 250
_HEADINGS: Final = (
    "序号", "项目名称", "项目代码", "级别", "建设性质", "行业", "县区", "总投资（亿元）",
    "年度计划投资（万元）", "计划开(复)工时间", "批次", "建设单位", "主要建设内容及规模",
)  # fmt: skip
_PLACES: Final = ("西工区", "涧西", "洛龙区", "孟津县", "伊滨区", "高新区")


def workbook(many: int) -> bytes:
    """A list as a city sends it: no two projects alike, with a title, a unit and a total."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("项目")
    sheet.write_row(0, 0, ["2020年重点建设项目"])
    sheet.write_row(1, 0, _HEADINGS)
    for number in range(many):
        sheet.write_row(2 + number, 0, [
            number + 1, f"洛阳第{number}号建设项目", f"2020-410305-48-03-{number:06d}",
            ("省重点", "市重点")[number % 2], ("续建", "新开工")[number % 2],
            ("产业", "城建", "民生")[number % 3], _PLACES[number % len(_PLACES)], 1.5 + number % 9,
            3500 + number % 99, ("2020.3", "6月底", "2020年9月1日")[number % 3], "第一批",
            f"第{number % 400}建设单位", f"建筑面积{number}平方米，道路{number % 7}公里",
        ])  # fmt: skip
    book.close()
    return file.getvalue()


def took(act: Callable[[], Any]) -> float:
    """The seconds that it took."""
    began = perf_counter()
    act()
    return perf_counter() - began


def megabytes() -> int:
    """The most memory that this process has needed so far."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else 0


@pytest.mark.django_db
def test_importing_projects_against_reading_the_file() -> None:
    with clock_at(datetime(2020, 3, 9, 9, tzinfo=timezone.get_default_timezone())):
        _measure()


def _measure() -> None:
    by, content = director(), workbook(MANY)
    Batch.objects.get_or_create(year=2020, ordinal=1, defaults={"name": "2020年第一批"})
    alone = median(took(lambda: read_workbook(content, most_rows=MANY + 9)) for _each in range(3))
    sent = SimpleUploadedFile("项目.xlsx", content)
    of = begin_import(sheet="projects", file=sent, by=by)
    before = megabytes()
    preview = took(lambda: read_import(of=of, by=by))
    of.refresh_from_db()
    assert (of.state, of.counts) == (
        State.READY, {"new": MANY, "changed": 0, "unchanged": 0, "refused": 0},
    )  # fmt: skip
    confirm_import(of=of, plan_hash=of.plan_hash, seen=True, by=by)
    carried = took(lambda: carry_out_import(of=of, by=by))
    more = megabytes() - before
    assert (Import.objects.get().state, Project.objects.count()) == (State.DONE, MANY)
    told = f"preview {preview / alone:.2f}, carried out {carried / alone:.2f} of reading alone"
    print(f"\n{MANY} projects: {told} ({alone:.2f} s), {more} MB more")  # noqa: T201 - a figure to read
    assert (preview + carried) / alone <= MOST
    assert more <= MOST_MEGABYTES

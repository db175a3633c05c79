"""A sheet as a room may declare it, and workbooks made for the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook

from projects.files.workbooks import child
from projects.files.workbooks.book import Sheet, sheet_of
from projects.house.imports import ImportColumn, ImportSheet, Kind
from projects.imports.reading.result import SheetRead
from projects.imports.reading.sheet import read_one, read_sheet


def _nothing(*_arguments: Any) -> Any:
    return []


SHEET: Final = ImportSheet(
    name="toy", title="项目", permission="toy.change", plan=_nothing, carry_out=_nothing,
    undo=_nothing, export=_nothing,
    columns=(
        ImportColumn("name", "项目名称", synonyms=("工程名称",), is_key=True, is_required=True),
        ImportColumn("code", "项目代码", Kind.CODE, ("项目编码",), is_key=True),
        ImportColumn("owner", "建设单位", synonyms=("项目法人", "业主", "项目单位")),
        ImportColumn(
            "phase", "建设性质", Kind.CHOICE, ("项目阶段",),
            choices={
                "continuing": ("续建", "结转"), "new_start": ("新建", "新开工"),
                "preliminary": ("前期", "预备", "储备"), "completing": ("竣工", "计划竣工"),
            },
        ),
        ImportColumn(
            "sector", "项目类型", Kind.CHOICE, ("行业",),
            choices={"industry": ("产业", "工业"), "urban": ("城建", "城市建设")},
        ),
        ImportColumn(
            "total", "总投资", Kind.MONEY, ("项目总投资", "投资总额"), "亿元", is_summed=True
        ),
        ImportColumn(
            "annual", "年度计划投资", Kind.MONEY, ("年计划投资", "{Y}年计划投资", "年度目标"),
            "亿元", is_summed=True,
        ),
        ImportColumn("before", "上年底累计完成投资", Kind.MONEY, unit="万元"),
        ImportColumn("month", "当月完成投资", Kind.MONEY, ("{M}月实际完成投资",), "万元"),
        ImportColumn("area", "用地面积", Kind.QUANTITY, ("建设用地面积",), "亩"),
        ImportColumn("jobs", "用工人数", Kind.COUNT, unit="人", is_summed=True),
        ImportColumn("starts", "计划开工时间", Kind.DAY, ("计划开（复）工时间", "开工时间")),
        ImportColumn("permit", "施工许可证是否完成", Kind.TRUTH, ("施工许可证",)),
        ImportColumn("content", "主要建设内容及规模", Kind.PROSE, ("建设内容",)),
    ),
)  # fmt: skip


def read(
    content: bytes,
    answers: Mapping[int, str] | None = None,
    vocabulary: Mapping[str, str] | None = None,
    **options: Any,
) -> SheetRead:
    """The sheet of the workbook, without a process of its own."""
    return read_one(
        sheets_of(content), SHEET, answers=answers or {}, vocabulary=vocabulary or {}, **options
    )


def read_apart(content: bytes) -> SheetRead:
    """The same in the process in which the product reads it."""
    return read_sheet(content, SHEET, answers={}, vocabulary={})


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets of the workbook."""
    found = child.read(content, rows=10_500, cells=300_000)
    return [sheet_of(asdict(each)) for each in found]


def book(rows: Sequence[Sequence[Any]], *merged: str, **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of these rows, with these areas merged, and of further sheets."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for name, others in sheets.items():
        other = made.create_sheet(name)
        for row in others:
            other.append(list(row))
    return saved(made)


def saved(made: Any) -> bytes:
    """The bytes of the workbook."""
    file = BytesIO()
    made.save(file)
    return file.getvalue()

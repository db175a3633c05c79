"""The three workbooks of a first day, as districts send them: projects, enterprises, assignments.

They list the projects of the Luoyang data set as of any year, with two rows of headings, units
that differ by column, days in several spellings, merged cells and a row of totals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from coordination.demo.catalogue import FIRST_DAY, WEIGHTS, Planned, batch
from coordination.demo.companies import contractors, made_up_uscc, owners
from projects.register.districts import TOOK_THE_PLACE
from projects.register.models import Level, Phase, Sector

_LEVELS: Final = {Level.PROVINCIAL: "省重点", Level.MUNICIPAL: "市重点"}
_PHASES: Final = {
    Phase.CONTINUING: "续建", Phase.NEW_START: "新开工", Phase.PRELIMINARY: "前期",
    Phase.COMPLETING: "竣工",
}  # fmt: skip
_SECTORS: Final = {
    Sector.INDUSTRY: "产业发展", Sector.INFRASTRUCTURE: "重大基础设施", Sector.URBAN: "城市建设",
    Sector.INNOVATION: "科技创新", Sector.ECOLOGY: "生态环保", Sector.LIVELIHOOD: "社会民生",
}  # fmt: skip
_HEADINGS: Final = (
    "序号", "项目名称", "项目代码", "级别", "建设性质", "项目类型", "建设地点", "投资情况", "",
    "计划开（复）工时间", "备注",
)  # fmt: skip
_SPELLINGS: Final = ("{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}", "{0}")
_WAN: Final = 10_000  # 万元 in 亿元


def listed(names: Mapping[str, str], year: int) -> list[Planned]:
    """The projects as of the year, in districts of these codes and names, which exist in it."""
    return [
        replace(
            each, district=district,
            name=f"{names[district]}{each.name[3:]}" if each.is_example else each.name,
            planned_resumption=each.planned_resumption
            and FIRST_DAY.replace(year=year) + (each.planned_resumption - FIRST_DAY),
        )
        for each in batch(dict.fromkeys(WEIGHTS, "示例区"))
        if (district := each.district if each.district in names else TOOK_THE_PLACE[each.district])
    ]  # fmt: skip


def projects_workbook(
    place: Path, projects: Sequence[Planned], names: Mapping[str, str], year: int
) -> Path:
    """The city's list: 总投资 in 亿元 beside 计划投资 in 万元, and the sums at its end."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "项目清单"
    sheet.append([f"{year}年第一批省市重点项目清单"])
    sheet.merge_cells("A1:K1")
    sheet.append(list(_HEADINGS))
    sheet.append([""] * 7 + ["总投资（亿元）", f"{year}年计划投资（万元）"])
    sheet.merge_cells("H2:I2")
    for letter in "ABCDEFGJK":
        sheet.merge_cells(f"{letter}2:{letter}3")
    for number, each in enumerate(projects, start=1):
        sheet.append([
            number, each.name, each.code, _LEVELS[Level(each.level)], _PHASES[Phase(each.phase)],
            _SECTORS[Sector(each.sector)], names[each.district], each.total, each.annual * _WAN,
            _day(each.planned_resumption, number), "",
        ])  # fmt: skip
    total, annual = (
        sum((getattr(each, name) for each in projects), Decimal()) for name in ("total", "annual")
    )
    sheet.append(["", "合计", f"{len(projects)}个", "", "", "", "", total, annual * _WAN])
    return _saved(book, place / f"{year}年第一批省市重点项目清单.xlsx")


def _day(day: date | None, number: int) -> str:
    return "待定" if day is None else _SPELLINGS[number % len(_SPELLINGS)].format(day)


def enterprises_workbook(place: Path, projects: Sequence[Planned]) -> Path:
    """Of each project its owner and its contractor, a row for each."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "参建单位"
    sheet.append(["序号", "单位名称", "统一社会信用代码", "项目代码", "单位类型", "项目名称"])
    number = 0
    known = (
        ("建设单位", cycle(enumerate(owners(), start=1))),
        ("施工单位", cycle(enumerate(contractors(), start=501))),
    )
    for each in projects:
        for role, companies in known:
            number += 1
            serial, name = next(companies)
            sheet.append([number, name, made_up_uscc(serial), each.code, role, each.name])
    return _saved(book, place / "参建单位.xlsx")


def assignments_workbook(
    place: Path, projects: Sequence[Planned], served: Sequence[tuple[str, Sequence[str]]]
) -> Path:
    """Projects spread evenly over groups, each with its name merged over its rows.

    ``served`` are the groups, each with its liaisons.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "一对一服务"
    sheet.append(["重点项目一对一服务分工表"])
    sheet.append(["服务组", "服务专员", "项目代码", "项目名称"])
    row = 3
    for place_of_group, (group, liaisons) in enumerate(served):
        mine = projects[place_of_group :: len(served)]
        for number, each in enumerate(mine):
            name = "" if number else group
            sheet.append([name, liaisons[number % len(liaisons)], each.code, each.name])
        sheet.merge_cells(f"A{row}:A{row + len(mine) - 1}")
        row += len(mine)
    return _saved(book, place / "一对一服务分工表.xlsx")


def _saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path

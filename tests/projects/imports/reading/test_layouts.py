"""The same rows, whatever stands around them and however they are spelled, are read the same."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from projects.files.workbooks.book import Area
from tests.projects.imports.reading.sheets import book, read

_ROWS: Final = (
    ("轨道交通1号线", "2020-410305-48-03-000001", "continuing", Decimal("1.2"), date(2020, 3, 31)),
    ("轨道交通2号线", "2020-410305-48-03-000002", "new_start", Decimal("25.5"), date(2020, 6, 30)),
    ("中部云谷", "2020-410305-48-03-000003", "preliminary", None, date(2020, 12, 31)),
)
_NAMES: Final = ("name", "code", "phase", "total", "starts")
_HEADINGS: Final = {
    "name": ("项目名称", "工程名称", " 项目 名称 "),
    "code": ("项目代码", "项目编码", "项目代码："),
    "phase": ("建设性质", "项目阶段"),
    "total": ("总投资", "项目总投资", "投资总额"),
    "starts": ("计划开工时间", "计划开(复)工时间", "2020年计划开工时间"),
}
_PHASES: Final = {
    "continuing": ("续建", "续建项目", "结转"), "new_start": ("新建", "新开工"),
    "preliminary": ("前期", "储备项目"),
}  # fmt: skip
_DAYS: Final = {3: ("2020.3", "3月底", "2020年3月31日"), 6: ("2020/6/30", "二季度", "6月底前"),
                12: ("年底", "2020-12", "12月31日")}  # fmt: skip


def amount(value: Decimal | None, unit: str, form: str) -> Any:
    """The money as a cell of a column in this unit, or with its own."""
    if value is None:
        return NOTHING[len(form) % len(NOTHING)]
    in_unit = value * _PER[unit]
    return {
        "number": float(in_unit), "text": f"{in_unit.normalize():f}", "thousands": f"{in_unit:,f}",
        "own": f"{value * 10_000:f}万元", "wide": f"{in_unit.normalize():f}".translate(_WIDE),
    }[form]  # fmt: skip


_PER: Final = {"亿元": 1, "万元": 10_000, "元": 10**8}
NOTHING: Final = ("—", "/", None, "待定")
_WIDE: Final = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


@some.composite
def layouts(draw: Any) -> bytes:
    order = draw(some.permutations(_NAMES))
    unit = draw(some.sampled_from(list(_PER)))
    at = order.index("total")
    places = ("above", "heading", "beneath", *(("parent",) if at else ()))
    place = draw(some.sampled_from(places))
    headings = {name: draw(some.sampled_from(_HEADINGS[name])) for name in _NAMES}
    stated = draw(some.sampled_from((f"（{unit}）", f"({unit})", f"/{unit}", f" {unit}")))
    if place == "heading":
        headings["total"] += stated
    left = draw(some.integers(0, 2))
    table = [[None] * left + [headings[each] for each in order]]
    table += [[None] * (left + at) + [unit]] if place == "beneath" else []
    for name, code, phase, total, day in _ROWS:
        cells = {
            "name": name, "code": code, "phase": draw(some.sampled_from(_PHASES[phase])),
            "total": amount(total, unit, draw(some.sampled_from(
                ("number", "text", "thousands", "own", "wide")))),
            "starts": draw(some.sampled_from((day, *_DAYS[day.month]))),
        }  # fmt: skip
        table += [[]] * draw(some.integers(0, 1))
        table.append([None] * left + [cells[each] for each in order])
    above: list[list[Any]] = [["2020年重点项目表"]]
    above += [["报送部门：发改委", None, f"单位：{unit}"]] if place == "above" else []
    above = [[]] * draw(some.integers(0, 2)) + above
    below = draw(
        some.sampled_from(([], [["注：本表按月报送"]], [["合计：3个"]], [[], ["填报人：张三"]]))
    )
    if place != "parent":
        return book([*above, *table, *below])
    first = left + max(1, at - 1)  # with the column beside it
    above.append([None] * first + [f"投资{stated}"])
    return book([*above, *table, *below], str(Area(len(above), first + 1, len(above), first + 2)))


@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(content=layouts())
def test_layouts_do_not_change_the_rows(db: None, content: bytes) -> None:
    found = read(content)
    assert (found.errors, found.questions, found.totals) == ({}, [], [])
    assert [row.values for row in found.rows] == [
        dict(zip(_NAMES, row, strict=True)) for row in _ROWS
    ]

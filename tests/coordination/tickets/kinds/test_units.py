"""Spellings, factors and totals of units of measure."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.units import canonical, in_base, is_unit, rounded
from coordination.tickets.lines.totals import Amount, say_totals, totals_of, totals_of_lines
from projects.record.refusals import Invalid
from projects.record.text import one_line
from tests.factories.coordination import desk, filed, material, protection

SPELLINGS = {
    "吨": ["Ｔ", "t", "T", "公吨", "噸", "吨（t）", "吨 ", "吨\u200b", " ｔ. "],
    "万吨": ["万吨", "万T"],
    "千克": ["kg", "KG", "Kg", "㎏", "公斤", "ｋｇ"],
    "米": ["m", "Ｍ", "公尺"],
    "公里": ["km", "㎞", "千米", "KM"],
    "毫米": ["mm", "㎜"],
    "平方米": ["㎡", "m²", "m2", "M^2", "平米", "平方"],
    "立方米": ["m³", "㎥", "立方", "方", "m 3"],
    "升": ["L", "ℓ", "公升"],
    "个": ["個", "个"],
    "件": ["items", "件"],
    "樘": ["樘", " 樘\u202d"],
    "根/捆": ["根／捆"],
}


def test_spellings_of_one_unit_are_stored_alike() -> None:
    found = {name: {canonical(each) for each in typed} for name, typed in SPELLINGS.items()}
    assert found == {name: {name} for name in SPELLINGS}


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("0.5", "万吨", "5000"),
        ("500", "千克", "0.5"),
        ("0.001", "克", "0.000000001"),
        ("7", "斤", "0.0035"),
        ("1.25", "公里", "1250"),
        ("3", "亩", "2000"),
        ("1", "亩", "666.667"),
        ("30", "根", "30"),
    ],
)
def test_factors_are_exact_and_rounded_last(quantity: str, unit: str, expected: str) -> None:
    assert format(rounded(in_base(Decimal(quantity), unit)), "f") == expected


def test_three_thirds_are_a_whole() -> None:
    parts = [in_base(Decimal(1), "亩")] * 3
    assert rounded(sum(parts, Fraction(0))) == 2000


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("吨", True), ("50kg/袋", True), ("m", True), ("12", False), ("／", False), ("\u200b", False),
     ("吨13800138000", False), ("㎏" * 7, False)],
)  # fmt: skip
def test_a_unit_is_a_word(typed: str, *, expected: bool) -> None:
    assert is_unit(typed) is expected


def amount(unit: str, asked: str, met: str = "0", refused: str = "0", lines: int = 1) -> Amount:
    return Amount(unit, lines, Decimal(asked), Decimal(met), Decimal(refused))


@pytest.mark.parametrize(
    ("amounts", "added", "apart"),
    [
        ([amount("吨", "340"), amount("米", "120")], ["340 吨", "120 米"], []),
        ([amount("吨", "200"), amount("千克", "500")], ["200.5 吨"], []),
        ([amount("千克", "200"), amount("千克", "500")], ["700 千克"], []),
        ([amount("根", "30"), amount("套", "2"), amount("根", "5")], [], ["35 根", "2 套"]),
        ([amount("吨", "1"), amount("樘", "5"), amount("升", "8")], ["1 吨", "8 升"], ["5 樘"]),
        ([amount("平方米", "100"), amount("亩", "3"), amount("立方米", "1")],
         ["2100 平方米", "1 立方米"], []),
    ],
)  # fmt: skip
def test_only_what_has_one_dimension_is_added(
    amounts: list[Amount], added: list[str], apart: list[str]
) -> None:
    totals = totals_of(amounts)
    assert [f"{each.asked:f} {each.unit}" for each in totals.added] == added
    assert [f"{each.asked:f} {each.unit}" for each in totals.apart] == apart
    assert totals.lines == len(amounts)


def test_what_cannot_be_added_is_said() -> None:
    totals = totals_of([
        amount("吨", "340", "40"), amount("根", "30", "30"), amount("套", "2", lines=2),
    ])  # fmt: skip
    with translation.override("zh-hans"):
        assert say_totals(totals) == (
            "340 吨（已落实 40，不予落实 0）；另有 3 项单位不可换算："
            "30 根（已落实 30，不予落实 0）、2 套（已落实 0，不予落实 0）"
        )
        assert say_totals(totals_of([amount("根", "3"), amount("套", "2")])) == (
            "2 项单位不可换算：3 根（已落实 0，不予落实 0）、2 套（已落实 0，不予落实 0）"
        )


@pytest.mark.django_db
def test_the_unit_is_stored_by_its_name_and_as_it_was_filed() -> None:
    at = desk()
    ticket = filed(
        at, "material_supply", lines=[material(unit=each) for each in ("Ｔ", "公斤", "樘")]
    )
    lines = KINDS["material_supply"].read_lines(ticket.pk)
    assert [(each.unit, each.unit_filed) for each in lines] == [
        ("吨", "T"), ("千克", "公斤"), ("樘", "樘"),
    ]  # fmt: skip
    totals = totals_of_lines(lines)
    assert [(each.unit, each.asked) for each in totals.added] == [("吨", Decimal("380.38"))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ({}, "只"),
        ({"need": "disinfectant"}, "升"),
        ({"need": "disinfectant", "unit": "ＫＧ"}, "千克"),
        ({"need": "isolation_rooms"}, "间"),
        ({"need": "other", "unit": "箱"}, "箱"),
    ],
)
def test_each_need_has_a_unit_of_its_own(values: dict[str, Any], unit: str) -> None:
    ticket = filed(desk(), "epidemic_control", lines=[protection(**values)])
    (line,) = KINDS["epidemic_control"].read_lines(ticket.pk)
    assert (line.unit, line.unit_filed) == (unit, one_line(values.get("unit", "")))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["material_supply", "epidemic_control"])
@pytest.mark.parametrize("typed", ["500", "－", "㎏㎏㎏㎏㎏㎏㎏"])
def test_what_is_no_unit_is_refused_by_its_field(kind: str, typed: str) -> None:
    line = (material if kind == "material_supply" else protection)(unit=typed)
    with pytest.raises(Invalid) as refused:
        filed(desk(), kind, lines=[line])
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("lines", 0, "unit"), "unit")
    ]


@pytest.mark.parametrize(("kind", "unit"), [
    ("vehicle_pass", "辆"), ("worker_return", "人"), ("goods_transport", "吨"),
])  # fmt: skip
@pytest.mark.django_db
def test_the_other_kinds_have_one_unit(kind: str, unit: str) -> None:
    ticket = filed(desk(), kind)
    assert [line.unit for line in KINDS[kind].read_lines(ticket.pk)] == [unit]

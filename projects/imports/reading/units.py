"""Units of numbers: where a sheet names them, and how one becomes another."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from projects.record.text import compact

# How many yuan each is.
_MONEY: Final = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
}
_OTHERS: Final = (
    "万美元", "亿美元", "美元", "欧元", "港元", "日元", "万欧元", "万港元",
    "亩", "公顷", "平方公里", "平方千米", "万平方米", "平方米", "㎡",
    "公里", "千米", "米", "个", "项", "宗", "家", "人", "万人", "人次", "户", "套", "台", "辆",
    "吨", "万吨", "天", "月", "年", "%", "百分比",
)  # fmt: skip
_NAMES: Final = "|".join(sorted([*_MONEY, *map(compact, _OTHERS)], key=len, reverse=True))
UNITS_OF_MONEY: Final = ("亿元", "万元")  # that an officer is asked for
COUNTERS: Final = "个|项|宗|家|人|辆|台|套|户|名|条|处"
# In the form of ``compact``.
_BRACKETED: Final = re.compile(rf"[(\[【<](?:单位[:：]?)?(?:人民币)?({_NAMES})[)\]】>]")
_CURRENCIES: Final = "美欧港日韩澳加"
_NO_YUAN: Final = f"{_CURRENCIES}单多公"  # what precedes 元 in other words: 单元, 多元, 公元
_TRAILING: Final = re.compile(
    rf"[/,:、|-]?([十百千]?[万亿]?[{_CURRENCIES}]元|亿元|[十百千]?万元|千元|(?<![{_NO_YUAN}])元)$"
)
_LONGEST: Final = 20  # characters of a unit, with what stands around it
_ALONE: Final = re.compile(rf"[(\[【<]?(?:单位:?)?(?:人民币)?({_NAMES})[)\]】>]?")
_STATED: Final = re.compile(r"单位[:：]?[(]?((?:[^):：\s]{1,6}[、,，/和;；]?)+)")
_BETWEEN: Final = re.compile(r"[、,，/和;；]")
_SYNONYMS: Final = {"亿": "亿元", "万": "万元"}


def unit_of_heading(text: str) -> str:
    """The unit that a heading ends with, or has in brackets; empty where it has none."""
    plain = compact(text)
    found = _BRACKETED.findall(plain)
    if found:
        return _SYNONYMS.get(str(found[-1]), str(found[-1]))
    trailing = _TRAILING.search(plain)
    return trailing[1] if trailing else ""


def unit_alone(text: str) -> str:
    """The unit that the whole text is, in brackets or not; empty where it is something else."""
    found = _ALONE.fullmatch(compact(text)) if len(text) <= _LONGEST else None
    return _SYNONYMS.get(found[1], found[1]) if found else ""


def without_unit(text: str) -> str:
    """The heading without it, in the form of ``compact``."""
    plain = _BRACKETED.sub("", compact(text))
    return _TRAILING.sub("", plain) or plain


def unit_of_sheet(texts: Iterable[str]) -> str:
    """The unit of money that stands above the table (``单位：万元``); empty of none or several."""
    found = {
        _SYNONYMS.get(each, each)
        for text in texts
        for stated in _STATED.findall(compact(text))
        for each in _BETWEEN.split(stated)
        if each in _MONEY
    }
    return found.pop() if len(found) == 1 else ""


def is_money(unit: str) -> bool:
    """Whether it is a unit of yuan."""
    return unit in _MONEY


def converted(amount: Decimal, unit: str, into: str) -> Decimal:
    """The same money in another unit, exactly. Raises KeyError where one is no unit of yuan."""
    if unit == into:
        return amount
    result = amount * _MONEY[unit] / _MONEY[into]  # powers of ten
    return result.quantize(Decimal(1)) if result == result.to_integral() else result.normalize()

"""Units of measure: how they are spelled, and which of them can be added.

Quantities of one dimension are added in its base unit. A unit without a dimension, and one that is
not in the table, adds to itself alone. A row of a quantity in another dimension, or with another
factor, needs a new schema of the bulletin's block.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.record.text import plain

LONGEST_UNIT: Final = 12
_EXACT: Final = Decimal("1e-9")  # a thousandth of a gram in tonnes
_ROUNDED: Final = Decimal("0.001")
_DIGITS: Final = 60
_MOST_DIGITS: Final = 3  # in a unit, such as 100米
_LEFT_OUT: Final = re.compile(r"[\s.^]+")


@dataclass(frozen=True)
class Dimension:
    """What can be added: its name in the bulletin's figures (stable), and its base unit."""

    name: str
    base: str


@dataclass(frozen=True)
class Unit:
    """One unit: how it is stored, its factor to the dimension's base, other spellings of it."""

    name: str
    dimension: Dimension | None
    factor: Fraction
    spellings: tuple[str, ...]


MASS: Final = Dimension("tonnes", "吨")
LENGTH: Final = Dimension("metres", "米")
AREA: Final = Dimension("square_metres", "平方米")
VOLUME: Final = Dimension("cubic_metres", "立方米")
ADDABLE: Final = (MASS, LENGTH, AREA, VOLUME)
VEHICLES: Final = Dimension("vehicles", "辆")
PEOPLE: Final = Dimension("people", "人")


def _unit(
    name: str, spellings: str = "", dimension: Dimension | None = None, factor: str = "1"
) -> Unit:
    return Unit(name, dimension, Fraction(factor), (name, *spellings.split()))


# The names of the bulletin's rows are spellings too, so that no other unit is stored under one.
_TABLE: Final = (
    _unit("吨", "t 公吨 噸 公噸 tonnes", MASS),
    _unit("万吨", "万t 萬噸", MASS, "10000"),
    _unit("千克", "kg 公斤", MASS, "1/1000"),
    _unit("克", "g 公克", MASS, "1/1000000"),
    _unit("斤", "市斤", MASS, "1/2000"),
    _unit("米", "m 公尺 metres", LENGTH),
    _unit("公里", "km 千米", LENGTH, "1000"),
    _unit("厘米", "cm 公分", LENGTH, "1/100"),
    _unit("毫米", "mm", LENGTH, "1/1000"),
    _unit("平方米", "m2 平米 平方 square_metres", AREA),
    _unit("亩", "畝 市亩", AREA, "2000/3"),
    _unit("公顷", "ha", AREA, "10000"),
    _unit("立方米", "m3 立方 方 立米 cubic_metres", VOLUME),
    _unit("升", "l 公升", VOLUME, "1/1000"),
    _unit("毫升", "ml", VOLUME, "1/1000000"),
    _unit("辆", "輛 vehicles", VEHICLES),
    _unit("人", "名 people", PEOPLE),
    _unit("个", "個"),
    _unit("台", "臺"),
    _unit("只", "隻"),
    _unit("块", "塊"),
    _unit("卷", "捲"),
    _unit("张", "張"),
    _unit("条", "條"),
    _unit("双", "雙"),
    _unit("件", "items"),
    *map(_unit, ("套", "根", "片", "袋", "箱", "副", "桶", "支", "瓶", "盒", "间", "次")),
)
_KEYED: Final = {unit.name: unit for unit in _TABLE}
_LABELS: Final[dict[str, Promise]] = {
    "吨": _("tonnes"), "米": _("metres"), "平方米": _("square metres"),
    "立方米": _("cubic metres"), "辆": _("vehicles"), "人": _("people"), "件": _("items"),
}  # fmt: skip


def _key(typed: str) -> str:
    """Spellings that mean the same: ``Ｔ`` and ``t``, ``m³``, ``M^3`` and ``m 3``."""
    return _LEFT_OUT.sub("", typed).casefold()


_BY_SPELLING: Final = {_key(each): unit.name for unit in _TABLE for each in unit.spellings}


def canonical(typed: str) -> str:
    """The unit as it is stored: of a known one its name, of any other what was typed, cleaned.

    Case is ignored in known units alone; no two of them differ by it. What follows a known unit
    in brackets, as in ``吨（t）``, is left out.
    """
    words = " ".join(plain(typed).split())
    for spelled in (words, words.partition("(")[0]):
        if name := _BY_SPELLING.get(_key(spelled)):
            return name
    return words


def is_unit(typed: str) -> bool:
    """Whether it can be stored as a unit: a word, and not a number or punctuation.

    Bulletins print units, so it may hold no number of a person.
    """
    unit = canonical(typed)
    is_short = len(unit) <= LONGEST_UNIT and sum(map(str.isdigit, unit)) <= _MOST_DIGITS
    return is_short and any(each.isalpha() for each in unit)


def dimension_of(unit: str) -> Dimension | None:
    """The dimension of a stored unit; None where it adds to itself alone."""
    known = _KEYED.get(unit)
    return known.dimension if known else None


def in_base(quantity: Decimal, unit: str) -> Fraction:
    """The quantity in the base unit of its dimension, or as it is where it has none."""
    known = _KEYED.get(unit)
    return Fraction(quantity) * (known.factor if known else 1)


def rounded(quantity: Fraction) -> Decimal:
    """As a decimal: exactly where nine places suffice, and to three where none do (亩)."""
    with localcontext(prec=_DIGITS):
        value = Decimal(quantity.numerator) / Decimal(quantity.denominator)
        exact = value.quantize(_EXACT)
        if Fraction(exact) == quantity:
            return exact.normalize()
        return value.quantize(_ROUNDED, ROUND_HALF_UP).normalize()


def label_of(unit: str) -> str:
    """What the unit is called in the active language; most units are shown as they are stored."""
    return str(_LABELS.get(unit, unit))

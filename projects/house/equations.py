"""Equations between figures, written as text: ``asked = met + refused``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

type _Side = list[tuple[str, str]]
_TERM: Final = re.compile(r"([+-]?)\s*([a-z_]+(?:\.(?:[a-z_]+|\*))*)")
_MINUS: Final = "−"


@dataclass(frozen=True)
class Equation:
    """Names of figures with + and -, and one equals sign.

    A dot leads into an object. Of a list on the way, the values of its objects are summed; a star
    stands for every object of an object of objects, and sums them alike.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    @cached_property
    def _sides(self) -> tuple[_Side, _Side]:
        left, right = self.text.split("=")
        return _TERM.findall(left), _TERM.findall(right)

    @property
    def names(self) -> list[str]:
        """The names of its figures, in their order."""
        return [name for side in self._sides for _sign, name in side]

    def sign_of(self, name: str) -> str:
        """The sign before the name, as a heading shows it; empty before the very first."""
        left, right = self._sides
        signs = [*(sign for sign, _name in left), right[0][0] or "=", *(s for s, _ in right[1:])]
        sign = dict(zip(self.names, signs, strict=True)).get(name, "")
        return _MINUS if sign == "-" else sign

    def values(self, figures: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
        """The values of both sides, or None where a figure is null. Raises KeyError without it."""
        left, right = (_sum(side, figures) for side in self._sides)
        return None if left is None or right is None else (left, right)


def _sum(side: _Side, figures: Mapping[str, Any]) -> Decimal | None:
    total = Decimal(0)
    for sign, name in side:
        value = _value(figures, name.split("."))
        if value is None:
            return None
        total += -value if sign == "-" else value
    return total


def _value(figures: Any, path: list[str]) -> Decimal | None:
    if path and path[0] == "*":
        figures, path = list(figures.values()), path[1:]
    if isinstance(figures, list):
        return sum((_value(row, path) or Decimal(0) for row in figures), Decimal(0))
    if figures is None:
        return None
    return _value(figures[path[0]], path[1:]) if path else Decimal(figures)

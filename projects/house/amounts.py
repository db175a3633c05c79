"""Amounts, rates and ranks, each rounded once from exact figures."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_MONEY: Final = Decimal("0.01")
_RATE: Final = Decimal("0.1")


def money(amount: Decimal) -> str:
    """An amount in 亿元 with two decimal places, half away from zero; zero has no sign."""
    rounded = amount.quantize(_MONEY, ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded))


def rate(part: int | Decimal, whole: int | Decimal) -> str | None:
    """``part`` of ``whole`` in percent with one decimal place; None where ``whole`` is 0."""
    if not whole:
        return None
    return str((Decimal(part) * 100 / whole).quantize(_RATE, ROUND_HALF_UP))


def ranks(rates: Sequence[str | None]) -> list[int | None]:
    """The rank of each rate, highest first; equal rates share a rank (1, 1, 3), None has none."""
    known = [Decimal(rate) for rate in rates if rate is not None]
    return [
        None if rate is None else 1 + sum(other > Decimal(rate) for other in known)
        for rate in rates
    ]

"""How figures are written: exact counts first, rounded once, at the end."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_MONEY: Final = Decimal("0.01")
_RATE: Final = Decimal("0.1")


def money(amount: Decimal) -> str:
    """亿元 with two places."""
    return str(amount.quantize(_MONEY, ROUND_HALF_UP))


def rate(part: int, whole: int) -> str | None:
    """Percent with one place, from exact counts; none of nothing is undefined."""
    if not whole:
        return None
    return str((Decimal(part) * 100 / whole).quantize(_RATE, ROUND_HALF_UP))


def ranks(rates: Sequence[str | None]) -> list[int | None]:
    """The highest rate is first; ties share their rank (1, 1, 3); undefined ones have none."""
    known = [Decimal(each) for each in rates if each is not None]
    return [
        None if each is None else 1 + sum(other > Decimal(each) for other in known)
        for each in rates
    ]

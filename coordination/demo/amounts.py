"""Made-up amounts that add up exactly to a published sum."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

CENT = Decimal("0.01")


def seeded(name: str) -> Random:
    """A random sequence that is the same on every machine and day, one per subject."""
    return Random(f"luoyang-2020-03-09/{name}")  # noqa: S311 - plausible, not secret


def apportion(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Split ``total`` by weight into hundredths; largest remainders make the sum exact."""
    units, whole = int(total / CENT), sum(weights)
    shares = [units * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda each: (-(units * weights[each] % whole), each)
    )
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    return [share * CENT for share in shares]


def investments(
    total: Decimal, annual: Decimal, *, count: int, name: str
) -> list[tuple[Decimal, Decimal]]:
    """``count`` pairs of total and annual investment; no year's plan exceeds its project's total.

    The annual part lies between a fifth and a half of each total, about the published ratio.
    """
    random = seeded(name)
    totals = apportion(total, [random.randint(40, 400) ** 2 for _ in range(count)])
    wishes = [int(each / CENT) * random.randint(20, 45) for each in totals]
    return list(zip(totals, apportion(annual, wishes), strict=True))

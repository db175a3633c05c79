"""Totals over lines: only what has one dimension is added; every other unit stands by itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.units import (
    Dimension,
    dimension_of,
    in_base,
    label_of,
    rounded,
)


def written(quantity: Decimal) -> str:
    """A quantity exactly and without trailing zeros."""
    return format(quantity.normalize(), "f")


class Amount(NamedTuple):
    """What lines ask for, with what was met and refused of them, in one unit."""

    unit: str
    lines: int
    asked: Decimal
    met: Decimal
    refused: Decimal

    @property
    def label(self) -> str:
        """What its unit is called in the active language."""
        return label_of(self.unit)

    @property
    def written(self) -> tuple[str, str, str]:
        """Asked, met and refused, exactly and without trailing zeros."""
        asked, met, refused = (written(each) for each in self[2:])
        return asked, met, refused

    @property
    def shown(self) -> tuple[str, str, str]:
        """Asked, met and still to be met, for a table: with a comma at each thousand."""
        asked, met, left = (f"{each.normalize():,f}" for each in (self.asked, self.met, self.left))
        return asked, met, left

    @property
    def left(self) -> Decimal:
        """What is neither met nor refused yet."""
        return self.asked - self.met - self.refused


@dataclass(frozen=True)
class Totals:
    """The totals of some lines: one for each dimension, and one for each unit without one."""

    added: Sequence[Amount]
    apart: Sequence[Amount]

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(each.lines for each in (*self.added, *self.apart))

    @property
    def lines_apart(self) -> int:
        """How many lines cannot be added to those of another unit."""
        return sum(each.lines for each in self.apart)

    @property
    def only(self) -> Amount | None:
        """The total of all lines, where they can all be added."""
        every = [*self.added, *self.apart]
        return every[0] if len(every) == 1 else None


def totals_of(amounts: Iterable[Amount]) -> Totals:
    """The totals, in the order in which the units come.

    A dimension's total is in the unit of its lines where that is the same for all of them,
    otherwise in the dimension's base unit.
    """
    together = defaultdict[Dimension | str, list[Amount]](list)
    for amount in amounts:
        together[dimension_of(amount.unit) or amount.unit].append(amount)
    return Totals(
        [_total(key, each) for key, each in together.items() if isinstance(key, Dimension)],
        [_total(None, each) for key, each in together.items() if isinstance(key, str)],
    )


def totals_of_lines(lines: Iterable[Line]) -> Totals:
    """The same of lines that were read."""
    return totals_of(map(amount_of, lines))


def amount_of(line: Line) -> Amount:
    """What one line asks for."""
    return Amount(line.unit, 1, line.asked, line.met, line.refused)


def _total(dimension: Dimension | None, amounts: Sequence[Amount]) -> Amount:
    is_one_unit = dimension is None or len({each.unit for each in amounts}) == 1
    unit = amounts[0].unit if dimension is None or is_one_unit else dimension.base

    def sum_of(name: str) -> Decimal:
        quantities = ((getattr(each, name), each.unit) for each in amounts)
        return rounded(sum(
            (Fraction(number) if is_one_unit else in_base(number, of) for number, of in quantities),
            Fraction(0),
        ))  # fmt: skip

    lines = sum(each.lines for each in amounts)
    return Amount(unit, lines, sum_of("asked"), sum_of("met"), sum_of("refused"))


def say_totals(totals: Totals) -> str:
    """The totals in words, and what cannot be added to them, by its unit."""
    added, apart = ("、".join(map(_say, each)) for each in (totals.added, totals.apart))
    if not apart:
        return added
    number = totals.lines_apart
    apart = ngettext(
        "%(number)s line whose unit cannot be converted: %(amounts)s",
        "%(number)s lines whose units cannot be converted: %(amounts)s",
        number,
    ) % {"number": number, "amounts": apart}
    return _("%(added)s; besides %(apart)s") % {"added": added, "apart": apart} if added else apart


def _say(amount: Amount) -> str:
    return _("%(asked)s %(unit)s (met %(met)s, refused %(refused)s)") % {
        "unit": amount.label,
        **dict(zip(("asked", "met", "refused"), amount.written, strict=True)),
    }

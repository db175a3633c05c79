"""What a block of the bulletin counts over all history: numbers that can be carried forward.

What was recorded up to a moment that has passed cannot change. So the totals at one moment are
those at an earlier one, and what was recorded in between: a bulletin need not count from nothing.
"""

from collections.abc import Mapping
from decimal import Decimal

# By name; what is not there is zero.
type Totals = Mapping[str, Decimal]


def added(first: Totals, second: Totals) -> Totals:
    """The sums, name by name."""
    names = dict.fromkeys((*first, *second))
    return {name: first.get(name, Decimal(0)) + second.get(name, Decimal(0)) for name in names}


def subtracted(first: Totals, second: Totals) -> Totals:
    """The differences, name by name."""
    return added(first, {name: -value for name, value in second.items()})

"""The guard of plans: months ensure the quarter, quarters ensure the year (以月保季、以季保年)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.investment.progress_of_time import QUARTERS, Plan, months_of

ZERO = Decimal(0)


@dataclass(frozen=True)
class Mismatch:
    """A plan that does not add up: ``field`` as forms name it, such as ``quarter_1``."""

    field: str
    message: str | Promise


def mismatches(plan: Plan) -> Iterator[Mismatch]:
    """Where quarters are not the year's plan, and months less than the quarter's target.

    Only sums of which every part is planned are compared.
    """
    if set(plan.quarters) == set(QUARTERS):
        total = sum(plan.quarters.values(), ZERO)
        if total != plan.annual:
            yield Mismatch(
                "quarter_4",
                _("The quarters sum to %(sum)s, the year's plan is %(plan)s (亿元).")
                % {"sum": plain(total), "plan": plain(plan.annual)},
            )
    for quarter, target in sorted(plan.quarters.items()):
        months = [plan.months.get(each) for each in months_of(quarter)]
        found = [each for each in months if each is not None]
        if len(found) == len(months) and sum(found, ZERO) < target:
            yield Mismatch(
                f"month_{months_of(quarter)[-1]}",
                _("The months sum to %(sum)s, less than the quarter's target of %(plan)s (亿元).")
                % {"sum": plain(sum(found, ZERO)), "plan": plain(target)},
            )


def plain(amount: Decimal) -> str:
    """The amount without decimals that are zeros."""
    return format(amount.normalize(), "f")

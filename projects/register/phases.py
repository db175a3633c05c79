"""Which phase may follow which, and which of these moves need a reason.

A project begun earlier that will not complete this year is continuing; one that will is
completing. So a new start that is carried over the turn of the year becomes continuing.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from projects.record.refusals import Checker
from projects.register.models import Phase

# The moves forward; every other one is backward, or skips the start.
FORWARD: Final[Mapping[str, frozenset[str]]] = {
    Phase.PRELIMINARY: frozenset({Phase.NEW_START}),
    Phase.NEW_START: frozenset({Phase.CONTINUING, Phase.COMPLETING}),
    Phase.CONTINUING: frozenset({Phase.COMPLETING}),
    Phase.COMPLETING: frozenset(),
}
_ORDER: Final = (Phase.PRELIMINARY, Phase.NEW_START, Phase.CONTINUING, Phase.COMPLETING)


def is_backward(before: str, after: str) -> bool:
    """Whether the move leads to an earlier phase."""
    order = [each.value for each in _ORDER]
    return order.index(after) < order.index(before)


def check_move(check: Checker, before: str, after: str, reason: str) -> None:
    """Add what is wrong with the move: one that skips the start, or back without a reason."""
    if before == after or after in FORWARD[before] or after not in Phase.values:
        return
    if is_backward(before, after):
        check.require(
            reason.strip(), "reason",
            _("Back from %(before)s to %(after)s: say why.")
            % {"before": Phase(before).label, "after": Phase(after).label}, "required",
        )  # fmt: skip
        return
    check.require(
        False, "phase",
        _("A preliminary project becomes a new start first."), "phase",
    )  # fmt: skip

"""What happened to tickets in the last thirty days: conditions that the queue and boards share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from coordination.groups.queries import group_of
from coordination.staff.models import SCOPED, Officer, Role
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    changed_in,
    resolved_since,
)
from projects.house.rooms import Filter
from projects.record.clock import now

LATELY: Final = timedelta(days=30)
KEPT, LATE = "kept", "late"
_HAPPENED: Final = {"filed": FILED, "ended": ENDING}
_IN_TIME: Final = Q(resolved_at__lte=F("due_at"))
_IN_GROUPS: Final = frozenset({Role.LIAISON, Role.GROUP_LEAD})


def happened(what: str, at: datetime) -> Q:
    """A ticket that was filed, or that ended, in the thirty days to ``at``."""
    changes = changed_in(at - LATELY, at).filter(_HAPPENED[what])
    return Q(pk__in=changes.values("ticket"))


def resolved_lately(at: datetime) -> Q:
    """Resolved in the thirty days to ``at``, last of all, and with a deadline."""
    since = at - LATELY
    return Q(pk__in=resolved_since(since), resolved_at__gte=since, due_at__isnull=False)


def punctual(value: str, at: datetime) -> Q:
    """Of those resolved lately the ones in time (KEPT), the late ones (LATE), or all of them."""
    which: dict[str, Q] = {KEPT: _IN_TIME, LATE: ~_IN_TIME}
    return resolved_lately(at) & which.get(value, Q())


def _resolvers(officer: Officer) -> list[tuple[str, str | Promise]]:
    rows = Officer.objects.filter(role__in=() if officer.role in SCOPED else _IN_GROUPS)
    if officer.role in _IN_GROUPS:
        rows = Officer.objects.filter(memberships__group=group_of(officer, now())).distinct()
    return [(str(each.pk), str(each)) for each in rows.order_by("username")]


def _quiet(
    name: str, label: Promise, choices: Callable[[Any], Any], condition: Callable[[str, Any], Q]
) -> Filter:
    return Filter(name, label, choices, condition, order=300, is_quiet=True)


FILTERS: Final = (
    _quiet(
        "lately", pgettext_lazy("queue", "in the last 30 days"),
        lambda _officer: [
            ("filed", pgettext_lazy("queue", "filed in the last 30 days")),
            ("ended", pgettext_lazy("queue", "ended in the last 30 days")),
        ],
        lambda what, _officer: happened(what, now()),
    ),
    _quiet(
        "punctual", pgettext_lazy("queue", "punctuality"),
        lambda _officer: [
            ("all", pgettext_lazy("queue", "resolved in the last 30 days")),
            (KEPT, pgettext_lazy("queue", "resolved in time in the last 30 days")),
            (LATE, pgettext_lazy("queue", "resolved late in the last 30 days")),
        ],
        lambda value, _officer: punctual(value, now()),
    ),
    _quiet(
        "resolver", pgettext_lazy("queue", "resolved by"), _resolvers,
        lambda officer, _by: Q(resolved_by=int(officer)),
    ),
)  # fmt: skip

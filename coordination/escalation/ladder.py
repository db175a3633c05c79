"""The ladder by which an overdue ticket climbs, on paper: when each step is due.

Each step from L1 on is reckoned from when the one before was *given*, not from when it could
have been: nobody is named in a bulletin for an urging that he never got. So a desk that slept for
a month urges first, and climbs from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.worktime.calendar import Calendar, day_of


class Level(TextChoices):
    """催办、督办 up to 约谈; a ticket stands on each at most once."""

    L0 = "L0", _("Reminder before the deadline")
    L1 = "L1", _("Written urging (催办通知书)")
    L2 = "L2", _("Written supervision (督办函)")
    L3 = "L3", _("Named in the bulletin")
    L4 = "L4", _("Talk with the official in charge (约谈)")


LADDER: Final = tuple(Level)
# Working days, after the day on which the step before was given, that must be over.
PATIENCE: Final = {Level.L2: 2, Level.L3: 5, Level.L4: 5}


@dataclass(frozen=True)
class Overdue:
    """What the next step depends on. An explanation buys as long again before L3."""

    due: datetime
    warn_at: datetime | None
    given: Mapping[str, datetime]
    explained_at: datetime | None = None


def next_level(ticket: Overdue, at: datetime, by: Calendar) -> Level | None:
    """The step that is due at that moment, if one is.

    L0 from the last working day of the term (the last hour of a short one) until its end; it is
    left out where it would come too late. L1 on the first working day after the deadline. Raises
    YearUnknown where the calendar does not reach.
    """
    if at <= ticket.due:
        reminds = ticket.warn_at is not None and ticket.warn_at <= at
        return Level.L0 if reminds and Level.L0 not in ticket.given else None
    if Level.L1 not in ticket.given:
        return Level.L1 if has_passed(ticket.due, 0, at, by) else None
    for before, level in pairwise(LADDER[1:]):
        if level not in ticket.given:
            since = ticket.given[before]
            if level is Level.L3:
                urged = ticket.given[Level.L1]
                since = max(urged, ticket.explained_at or urged)
            return level if has_passed(since, PATIENCE[level], at, by) else None
    return None


def has_passed(moment: datetime, days: int, at: datetime, by: Calendar) -> bool:
    """So many whole working days after the moment's day are over, and another has come."""
    come = next(islice(by.working_days_after(day_of(moment)), days, None))
    return day_of(at) >= come

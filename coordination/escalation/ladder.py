"""When each step of the escalation ladder is due. Uses no database.

Every running deadline of a ticket has a ladder of its own. Each step from L1 on is counted from
when the step before was *given*, not from when it could have been: nobody is named in a bulletin
without having been urged. So after an outage of a month the desk first urges.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.worktime.calendar import Calendar, day_of
from projects.worktime.reckon import Pause


class Level(TextChoices):
    """催办、督办 up to 约谈; each is given at most once for one deadline."""

    L0 = "L0", _("Reminder before the deadline")
    L1 = "L1", _("Written urging (催办通知书)")
    L2 = "L2", _("Written supervision (督办函)")
    L3 = "L3", _("Named in the bulletin")
    L4 = "L4", _("Talk with the official in charge (约谈)")


LADDER: Final = tuple(Level)
_INSTANT: Final = timedelta(microseconds=1)  # 24:00 belongs to the day before
# Working days, after the day on which the step before was given, that must be over.
PATIENCE: Final = {Level.L2: 2, Level.L3: 5, Level.L4: 5}


@dataclass(frozen=True)
class Overdue:
    """One running deadline, and what was given for it.

    The reminder is given from ``warn_at`` until ``warn_until``, which never lies on a day off.
    ``pauses`` are when its clock stood. An explanation puts L3 off until as long after it.
    """

    due: datetime
    warn_at: datetime | None
    given: Mapping[str, datetime]
    explained_at: datetime | None = None
    warn_until: datetime | None = None
    pauses: Sequence[Pause] = ()


def next_level(ticket: Overdue, at: datetime, by: Calendar) -> Level | None:
    """The step that is due at that moment, if one is.

    L0 from the last working day of the term (the last hour of a short one) until its end; it is
    left out where it would come too late. L1 on the first working day after the deadline. A day
    at whose close the clock stood is not counted.
    """
    if at <= ticket.due:
        reminds = ticket.warn_at is not None and ticket.warn_at <= at
        reminds = reminds and (ticket.warn_until is None or at < ticket.warn_until)
        # Only a term without any working day is reminded of on a day off, until its end.
        is_day_off = not by.is_working(day_of(at)) and ticket.warn_until != ticket.due
        reminds = reminds and not is_day_off
        return Level.L0 if reminds and Level.L0 not in ticket.given else None
    if Level.L1 not in ticket.given:
        return Level.L1 if has_passed(ticket.due - _INSTANT, 0, at, by, ticket.pauses) else None
    for before, level in pairwise(LADDER[1:]):
        if level not in ticket.given:
            since = ticket.given[before]
            if level is Level.L3:
                urged = ticket.given[Level.L1]
                since = max(urged, ticket.explained_at or urged)
            is_due = has_passed(since, PATIENCE[level], at, by, ticket.pauses)
            return level if is_due else None
    return None


def has_passed(
    moment: datetime, days: int, at: datetime, by: Calendar, pauses: Sequence[Pause] = ()
) -> bool:
    """So many whole working days after the moment's day are over, and another has come."""
    come = next(islice(_days_of_ours(day_of(moment), by, pauses), days, None))
    return day_of(at) >= come


def _days_of_ours(day: date, by: Calendar, pauses: Sequence[Pause]) -> Iterator[date]:
    """The working days after this one at whose close the clock ran."""
    for each in by.working_days_after(day):
        if not any(pause.covers(by.close_of(each)) for pause in pauses):
            yield each

"""Sentences about a ticket's clock: when it is due, and why then. Uses no database.

Each function uses the active language. Dates of the present year are given without the year.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from projects.worktime.calendar import DAY, SHANGHAI
from projects.worktime.reckon import HOUR
from projects.worktime.spans import Unit

type Given = timedelta | int  # the time added because of pauses: of service, or days
_MINUTE: Final = timedelta(minutes=1)
_LAST_SECOND: Final = time(23, 59, 59)


@dataclass(frozen=True)
class Reckoned:
    """A deadline, and the values from which it was computed.

    ``given_back`` is the time added for questions, ``given_back_resolved`` that for the time from
    a resolution to its redo. ``told_at`` is given if the values no longer lead to the deadline,
    because the calendar or the service hours were edited: the sentence then says when it was
    told, and claims no count.
    """

    start: datetime
    due: datetime
    amount: int
    unit: str
    extension: int = 0
    given_back: Given = 0
    given_back_resolved: Given = 0
    told_at: datetime | None = None


def say_due(clock: Reckoned, at: datetime) -> str:
    """When it is due, by which term, with extensions and pauses; for a reader ``at`` that time."""
    return _("Due %(day)s, %(time)s: %(term)s") % _values_of(clock, at)


def say_was_due(clock: Reckoned, at: datetime) -> str:
    """The same for a deadline that has passed or was met."""
    return _("It was due %(day)s, %(time)s: %(term)s") % _values_of(clock, at)


def say_would_be_due(clock: Reckoned, at: datetime) -> str:
    """The same for a paused clock: the present pause is not added yet."""
    return _("Without the question, due %(day)s, %(time)s: %(term)s") % _values_of(clock, at)


def say_must(due: datetime, at: datetime, *, accepted: bool) -> str:
    """By when it has to be resolved, or ``accepted`` first."""
    day, time = closing(due)
    values = {"day": _weekday(day, at), "time": time}
    if accepted:
        return _("to be accepted by %(day)s, %(time)s") % values
    return _("to be resolved by %(day)s, %(time)s") % values


def say_how(filed: datetime, clock: Reckoned, at: datetime) -> str:
    """When it was filed, and how its deadline follows from its term."""
    local = _local(filed)
    return _("Filed %(day)s, %(time)s; %(term)s.") % {
        "day": _weekday(local.date(), at), "time": _time(local), "term": _term(clock, at),
    }  # fmt: skip


def say_amount(number: int, unit: str) -> str:
    """An amount with its unit; a same-day term has no amount, only its name."""
    values = {"number": number}
    if unit == Unit.SERVICE_HOUR:
        return ngettext("%(number)d service hour", "%(number)d service hours", number) % values
    if unit == Unit.WORKING_DAY:
        return ngettext("%(number)d working day", "%(number)d working days", number) % values
    if unit == Unit.NATURAL_DAY:
        return ngettext("%(number)d natural day", "%(number)d natural days", number) % values
    if not number:
        return str(Unit.SAME_DAY.label)
    return ngettext("%(number)d day", "%(number)d days", number) % values


def say_provisional(year: int) -> str:
    """A deadline depends on a year that is not entered yet."""
    return _(
        "This deadline is provisional: the days off of %(year)d are not entered yet, so every day "
        "from Monday to Friday counts as worked. It is reckoned again once they are entered, and "
        "the later of the two deadlines holds."
    ) % {"year": year}


def say_lateness(due: datetime, at: datetime) -> str:
    """How long it is overdue, or how much time is left, by the clock on the wall.

    Below a day in hours or minutes, else in whole days; what is left also with its minutes.
    """
    passed = abs(at - due)
    days, hours, minutes = passed // DAY, passed // HOUR, passed % HOUR // _MINUTE
    if due < at:
        if days:
            return ngettext("%(number)d day overdue", "%(number)d days overdue", days) % {
                "number": days
            }
        if hours:
            return ngettext("%(number)d h overdue", "%(number)d h overdue", hours) % {
                "number": hours
            }
        return ngettext("%(number)d min overdue", "%(number)d min overdue", minutes) % {
            "number": minutes
        }
    if days:
        return ngettext("%(number)d day left", "%(number)d days left", days) % {"number": days}
    if hours:
        return _("%(hours)d h %(minutes)d min left") % {"hours": hours, "minutes": minutes}
    return ngettext("%(number)d min left", "%(number)d min left", minutes) % {"number": minutes}


def say_near(moment: datetime, at: datetime) -> str:
    """A moment by the reader's own day: yesterday, today or tomorrow, else the date."""
    day, time = closing(moment)
    return pgettext("moment", "%(day)s, %(time)s") % {"day": _near(day, at), "time": time}


def say_when(moment: datetime, at: datetime) -> str:
    """When something was done, by the reader's own day; the year where it is not this year's."""
    local = _local(moment)
    values = {"day": _near(local.date(), at), "time": _time(local)}
    return pgettext("when something was done", "%(day)s %(time)s") % values


def _near(day: date, at: datetime) -> str:
    away = (day - _local(at).date()).days
    return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(away) or _day(day, at)


def say_whole(moment: datetime) -> str:
    """A moment with its year and its day of the week, as letters have it."""
    day, time = closing(moment)
    values = {"day": formatted(day, pgettext("format of a day", "l j F Y")), "time": time}
    return pgettext("moment", "%(day)s, %(time)s") % values


def say_standing(since: datetime, until: datetime, at: datetime) -> str:
    """The clock is paused for an answer, for a limited time."""
    values = {"since": _moment(since, at), "until": _moment(until, at)}
    return _("The clock stands since %(since)s; an answer is awaited until %(until)s.") % values


def say_asked_for(amount: int, unit: str, who: str) -> str:
    """An extension waits for its decision."""
    values = {"who": who, "amount": say_amount(amount, unit)}
    return _("%(who)s asks for an extension of %(amount)s; it is not decided yet.") % values


def say_resolved(resolved: datetime, due: datetime, at: datetime) -> str:
    """When it was resolved, and whether in time."""
    values = {"moment": _moment(resolved, at)}
    if resolved <= due:
        return _("Resolved in time, on %(moment)s.") % values
    return _("Resolved late, on %(moment)s.") % values


def _values_of(clock: Reckoned, at: datetime) -> dict[str, str]:
    day, time = closing(clock.due)
    return {"day": _weekday(day, at), "time": time, "term": _term(clock, at)}


def _term(clock: Reckoned, at: datetime) -> str:
    if clock.told_at is not None:
        return _(
            "as told on %(moment)s; the working calendar or the service hours have changed since, "
            "and the deadline stays as it was told"
        ) % {"moment": _moment(clock.told_at, at)}
    term = _named(clock, at)
    if clock.extension:
        amount = say_amount(clock.extension, clock.unit)
        term = _("%(term)s, extended by %(amount)s") % {"term": term, "amount": amount}
    if clock.given_back:
        time = _given(clock.given_back)
        term = _("%(term)s, paused %(time)s for answers") % {"term": term, "time": time}
    if clock.given_back_resolved:
        time = _given(clock.given_back_resolved)
        return _("%(term)s, without %(time)s from resolution to redo") % {
            "term": term, "time": time,
        }  # fmt: skip
    return term


def _named(clock: Reckoned, at: datetime) -> str:
    """The term's length, and when it began."""
    if clock.unit == Unit.SAME_DAY:
        return _("within the same day, %(day)s") % {"day": _day(_local(clock.start).date(), at)}
    is_hours = clock.unit == Unit.SERVICE_HOUR
    start = _moment(clock.start, at) if is_hours else _day(_local(clock.start).date(), at)
    values = {"amount": say_amount(clock.amount, clock.unit), "start": start}
    return pgettext("term", "%(amount)s from %(start)s") % values


def _given(back: Given) -> str:
    """Time added for pauses: days, or hours and minutes of service, at least one minute."""
    if isinstance(back, int):
        return ngettext("%(number)d day", "%(number)d days", back) % {"number": back}
    minutes = -(-back // _MINUTE)
    values = {"hours": minutes * _MINUTE // HOUR, "minutes": minutes * _MINUTE % HOUR // _MINUTE}
    if not values["hours"]:
        return npgettext("time", "%(minutes)d min", "%(minutes)d min", minutes) % values
    if not values["minutes"]:
        return npgettext("time", "%(hours)d h", "%(hours)d h", values["hours"]) % values
    return _("%(hours)d h %(minutes)d min") % values


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)


def closing(due: datetime) -> tuple[date, str]:
    """The date and time of a deadline; the end of a day is written as 24:00 of that day.

    So is its last second, which stands for a whole day where no time was given.
    """
    local = _local(due)
    if not any((local.hour, local.minute, local.second, local.microsecond)):
        return local.date() - DAY, "24:00"
    if local.time() >= _LAST_SECOND:
        return local.date(), "24:00"
    return local.date(), _time(local)


def _time(local: datetime) -> str:
    return f"{local:%H:%M}"


def _moment(moment: datetime, at: datetime) -> str:
    day, time = closing(moment)
    return pgettext("moment", "%(day)s, %(time)s") % {"day": _day(day, at), "time": time}


def _day(day: date, at: datetime) -> str:
    if day.year == _local(at).year:
        return formatted(day, pgettext("format of a day", "j F"))
    return formatted(day, pgettext("format of a day", "j F Y"))


def _weekday(day: date, at: datetime) -> str:
    if day.year == _local(at).year:
        return formatted(day, pgettext("format of a day", "l j F"))
    return formatted(day, pgettext("format of a day", "l j F Y"))

"""A day is a whole day: how a day without a time is read, from its beginning to its end."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.record.text import compact, plain

# What is said of a day or a moment that has passed, whatever it belongs to.
PAST: Final[Promise] = _("This time has already passed.")
_LAST_SECOND: Final = time(23, 59, 59)
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_PACKED_DAY: Final = re.compile(r"(20\d\d)([01]\d)([0-3]\d)")
_CLOCK: Final = re.compile(
    r"(凌晨|早上|上午|中午|下午|晚上|AM|PM)?(\d{1,2})(?:[:时点](?:(\d{1,2})(?:[:分](\d{1,2})秒?|分)?|(半))?)"
)
_AFTERNOON: Final = frozenset({"下午", "晚上", "PM"})
_NOON, _HOURS = 12, 24
_YEARS: Final = range(1900, 2200)  # which every clock and zone can represent


def beginning_of(day: date) -> datetime:
    """The instant at which the day begins, in local time; the one at which the day before ends."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The day's last second, for a deadline that is shown: ``23:59``."""
    return timezone.make_aware(datetime.combine(day, _LAST_SECOND))


def day_in(value: Any) -> date | None:
    """The day that the value is, or spells without a time of day; None for anything else."""
    if isinstance(value, datetime) or not isinstance(value, date | str):
        return None
    if isinstance(value, date):
        return value
    text = compact(value)
    found = _DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:  # no calendar has it
        return None


def moment_in(value: Any) -> datetime | None:
    """The day and time that a text without a zone spells, in local time; None for anything else.

    ``2020/3/11 18:00``, ``2020年3月11日18时``, ``2020.3.11 下午6点半``; 24:00 ends the day.
    """
    if not isinstance(value, str):
        return None
    text = plain(value).strip()
    begins = _DAY.match(text)
    day = day_in(begins[0]) if begins else None
    if begins is None or day is None or day.year not in _YEARS:
        return None
    clock = _CLOCK.fullmatch("".join(text[begins.end() :].upper().removeprefix("T").split()))
    if clock is None or (begins[0][-1].isdecimal() and text[begins.end() :][:1].isdecimal()):
        return None
    hour, minute = int(clock[2]), 30 if clock[5] else int(clock[3] or 0)
    hour += _NOON if clock[1] in _AFTERNOON and hour < _NOON else 0
    try:
        at = datetime.combine(day, time(hour % _HOURS, minute, int(clock[4] or 0)))
    except ValueError:  # no clock shows it
        return None
    if hour > _HOURS or (hour == _HOURS and at.time() != time.min):
        return None
    return timezone.make_aware(at + timedelta(days=hour // _HOURS))


def until(value: Any) -> datetime | None:
    """The last second of the day that the value is or spells; None if it is no day alone."""
    day = day_in(value)
    return None if day is None else end_of(day)


def beginning(value: Any) -> datetime | None:
    """The instant at which that day begins."""
    day = day_in(value)
    return None if day is None else beginning_of(day)


def ending(value: Any) -> datetime | None:
    """The instant at which that day ends, for a range that does not include its end."""
    day = day_in(value)
    if day is None or day == date.max:
        return until(day)
    return beginning_of(day + timedelta(days=1))


class DayTimeInput(forms.DateTimeInput):
    """A box for the day, and one for the time beside it that may be left empty."""

    template_name = "record/day_time.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template, with the value in its two parts."""
        context = super().get_context(name, value, attrs)
        day, _between, clock = (context["widget"]["value"] or "").partition("T")
        context["widget"] |= {"day": day, "clock": clock}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django names it
        day, clock = data.get(name), data.get(f"{name}_time")
        return f"{day}T{clock}" if day and clock else day


class UntilFormField(forms.DateTimeField):
    """A moment, or a day, which lasts to its end."""

    def to_python(self, value: Any) -> datetime | None:
        return until(value) or super().to_python(value)


class EndingFormField(forms.DateTimeField):
    """The end of a range that does not include it; of a day, the instant at which it ends."""

    def to_python(self, value: Any) -> datetime | None:
        return ending(value) or super().to_python(value)


class UntilField(models.DateTimeField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """A moment up to which something lasts; a day without a time lasts to its end."""

    def to_python(self, value: Any) -> Any:
        return until(value) or super().to_python(value)

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": UntilFormField} | options))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what the plain field's gives: migrations need not know how a day is read."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.DateTimeField", list(args), options

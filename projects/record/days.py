"""How days and moments are read, wherever they are typed; a day without a time is a whole day."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.record.refusals import Text
from projects.record.text import compact, plain

# What is said of a day or a moment that has passed, whatever it belongs to.
PAST: Final[Promise] = _("This time has already passed.")
_LAST_SECOND: Final = time(23, 59, 59)
NO_DAY: Final = _("Enter a day, such as 2020-03-11.")
NO_MOMENT: Final = _("Enter a day and a time, such as 2020-03-11 18:00.")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_PACKED_DAY: Final = re.compile(r"(20\d\d)([01]\d)([0-3]\d)")
_CLOCK: Final = re.compile(
    r"(凌晨|早上|上午|中午|下午|晚上|AM|PM)?(\d{1,2})(?:[:时点](?:(\d{1,2})(?:[:分](\d{1,2})秒?|分)?|(半))?)"
)
_AFTERNOON: Final = frozenset({"下午", "晚上", "PM"})
_NIGHT: Final = frozenset({"晚上", "凌晨"})
_NOON, _HALF, _MINUTES = 12, 30, 60
# What is asked for lies within a year before and two years after it is filed; what lies further
# off is a slip: 2002 for 2020, 9999 for “no end”.
EARLIEST: Final = timedelta(days=366)
LATEST: Final = timedelta(days=731)
YEARS: Final = range(1900, 2200)  # which every clock and zone can represent


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

    ``2020/3/11 18:00``, ``2020年3月11日18时``, ``2020.3.11 下午6点半``; 24:00 is 0:00 of the next.
    """
    if not isinstance(value, str):
        return None
    text = plain(value).strip()
    begins = _DAY.match(text)
    day = day_in(begins[0]) if begins else None
    if begins is None or day is None or day.year not in YEARS:
        return None
    rest = text[begins.end() :]
    is_apart = not (begins[0][-1].isdecimal() and rest[:1].isdecimal())
    since = _since_midnight(rest) if is_apart else None
    return None if since is None else timezone.make_aware(datetime.combine(day, time.min) + since)


def _since_midnight(text: str) -> timedelta | None:
    """The time of day that the text spells; None where no clock shows it, or it may be either."""
    clock = _CLOCK.fullmatch("".join(text.upper().split()).removeprefix("T"))
    if clock is None:
        return None
    hour, second = int(clock[2]), int(clock[4] or 0)
    minute = _HALF if clock[5] else int(clock[3] or 0)
    if max(minute, second) >= _MINUTES or (clock[1] in _NIGHT and hour == _NOON):
        return None
    hour += _NOON if clock[1] in _AFTERNOON and hour < _NOON else 0
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if since <= timedelta(days=1) else None


def out_of_reach(value: Any, at: datetime) -> Text:
    """Why a day or moment of something that is asked for at this time is a slip; else nothing."""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    if not isinstance(day, date):
        return ""
    first, last = (timezone.localdate(at + each) for each in (-EARLIEST, LATEST))
    if first <= day <= last:
        return ""
    message = gettext("This is too far off: enter a day from %(first)s to %(last)s.")
    return message % {name: date_format(each, "DATE_FORMAT")
                      for name, each in {"first": first, "last": last}.items()}  # fmt: skip


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


class DayFormField(forms.DateField):
    """A day, however it is spelled."""

    default_error_messages: ClassVar = {"invalid": NO_DAY}

    def to_python(self, value: Any) -> date | None:
        return day_in(value) or super().to_python(value)


class MomentFormField(forms.DateTimeField):
    """A day and a time, however they are spelled."""

    default_error_messages: ClassVar = {"invalid": NO_MOMENT}

    def to_python(self, value: Any) -> datetime | None:
        return moment_in(value) or super().to_python(value)


class UntilFormField(MomentFormField):
    """A moment, or a day, which lasts to its end."""

    def to_python(self, value: Any) -> datetime | None:
        return until(value) or super().to_python(value)


class EndingFormField(MomentFormField):
    """The end of a range that does not include it; of a day, the instant at which it ends."""

    def to_python(self, value: Any) -> datetime | None:
        return ending(value) or super().to_python(value)


class _Plain:
    """A mixin: migrations need not know how a day is read."""

    stored_as: ClassVar = "django.db.models.DateTimeField"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what the plain field's gives."""
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]  # of the field that it is mixed into
        return name, self.stored_as, list(args), options


class DayField(_Plain, models.DateField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """A day."""

    stored_as = "django.db.models.DateField"
    default_error_messages: ClassVar = {"invalid": NO_DAY, "invalid_date": NO_DAY}

    def to_python(self, value: Any) -> Any:
        return day_in(value) or super().to_python(value)

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": DayFormField} | options))


class MomentField(_Plain, models.DateTimeField):  # type: ignore[type-arg]  # as above
    """A day and a time."""

    default_error_messages: ClassVar = dict.fromkeys(
        ("invalid", "invalid_date", "invalid_datetime"), NO_MOMENT
    )

    def to_python(self, value: Any) -> Any:
        """Return the moment, in local time where the value has no zone. Raises ValidationError."""
        at = moment_in(value) or super().to_python(value)
        return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": MomentFormField} | options))


class UntilField(MomentField):
    """A moment up to which something lasts; a day without a time lasts to its end."""

    def to_python(self, value: Any) -> Any:
        return until(value) or super().to_python(value)

    def formfield(self, **options: Any) -> forms.Field | None:
        return super().formfield(**({"form_class": UntilFormField} | options))

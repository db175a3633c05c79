"""What entering a year from its notice would change in the working calendar."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from projects.record.refusals import FieldError, Invalid
from projects.worktime.calendar import is_announced
from projects.worktime.models import CalendarOverride, CalendarYear
from projects.worktime.notice import Deviation, Notice, read_notice

LONGEST_LINE = 100  # characters of a source or a reason, as in the columns


@dataclass(frozen=True)
class YearPlan:
    """What would be entered: the notice as read, and which rows give way to it.

    ``replaced`` are the rows of that year, and of the notice's other days, that would not stay as
    they are; ``kept`` those that say the same already. ``is_entered`` if the year is entered.
    """

    notice: Notice
    source: str
    replaced: tuple[CalendarOverride, ...]
    kept: frozenset[int]
    is_entered: bool

    @property
    def mark(self) -> str:
        """Differs whenever something else would be done."""
        days = [(each.day, each.is_working, each.reason) for each in self.notice.deviations()]
        rows = [(each.pk, each.day, each.is_working, each.reason) for each in self.replaced]
        said = repr((self.notice.year, self.source, days, rows, sorted(self.kept)))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def removed(self) -> list[CalendarOverride]:
        """The rows of days that the notice leaves as their weekday is."""
        said = {each.day for each in self.notice.deviations()}
        return [each for each in self.replaced if each.day not in said]


def plan_year(*, text: str, source: str = "") -> YearPlan:
    """Read the notice and compare it with what is entered; writes nothing.

    ``source`` is by which notice, where the text has no document number, or another is meant.
    Raises Invalid by the field.
    """
    notice = read_notice(text)
    if is_announced(notice.year):
        raise _invalid(
            "text",
            _(
                "The official notice of %(year)d is known already. Enter single days that differ "
                "from it as overrides."
            ) % {"year": notice.year},
        )  # fmt: skip
    source = source.strip() or notice.source
    if not source:
        raise _invalid("source", _("Enter the document number: it is not in the text."))
    if len(source) > LONGEST_LINE:
        raise _invalid("source", _("This is too long."))
    said = {each.day: each for each in notice.deviations()}
    rows = CalendarOverride.objects.filter(Q(day__year=notice.year) | Q(day__in=list(said)))
    found = list(rows.order_by("day"))
    same = {each.pk for each in found if each.day in said and says(each, said[each.day])}
    return YearPlan(
        notice, source, tuple(each for each in found if each.pk not in same), frozenset(same),
        CalendarYear.objects.filter(year=notice.year).exists(),
    )  # fmt: skip


def says(row: CalendarOverride, said: Deviation) -> bool:
    """Whether the row says the same already."""
    return (row.is_working, row.reason) == (said.is_working, said.reason)


def _invalid(name: str, message: str) -> Invalid:
    return Invalid([FieldError((name,), message)])

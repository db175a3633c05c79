"""A year is entered from its notice, or days as they were clicked in the calendar.

What was provisional in a year that is entered is reckoned again.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.verbs.reckon_again import reckon_all_again
from coordination.workbench.year.clicked import DaysPlan, plan_days
from coordination.workbench.year.marks import Marks
from coordination.workbench.year.queries import LONGEST_LINE, YearPlan, plan_year, says
from projects.record.acts import ADDED, CHANGED, REMOVED, record_act
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid, NotAllowed, Path, Stale, Text
from projects.record.text import one_line
from projects.worktime.models import CalendarOverride, CalendarYear
from projects.worktime.notice import Deviation

RIGHTS: Final = tuple(
    f"worktime.{verb}_{model}"
    for model in ("calendaroverride", "calendaryear")
    for verb in ("add", "change", "delete")
)
# A request reckons so many tickets again at once, some two seconds; the others follow within five
# minutes.
_AT_ONCE: Final = 300
_CHANGED: Final = _("Something changed meanwhile: see again what would be entered.")
_NEEDED: Final = _("This field is required.")


def may_enter(by: Officer) -> bool:
    """Whether this officer may replace a year of the working calendar."""
    return by.has_perms(RIGHTS)


def reckon_once_committed() -> None:
    """Reckon the provisional deadlines again as soon as this transaction is committed."""
    transaction.on_commit(_reckon_again, robust=True)


def _reckon_again() -> None:
    reckon_all_again(_AT_ONCE)


def enter_year(*, text: str, source: str = "", shown: str, by: Officer) -> YearPlan:
    """录入年度放假安排: replace the year's overrides by the notice's, and enter the year.

    All in one change; each row that is added, changed or removed is an act on record. ``shown`` is
    the mark of the plan that was confirmed. Returns what was done. Raises NotAllowed, Invalid by
    the field, Stale where something else would be done than was shown.
    """
    if not may_enter(by):
        raise NotAllowed
    try:
        with change(whole=True):
            plan = plan_year(text=text, source=source)
            if plan.mark != shown:
                raise Stale(_CHANGED)
            _replace(plan, by)
            _enter(plan.notice.year, plan.source, by)
            reckon_once_committed()
    except (IntegrityError, ValidationError) as same_time:  # somebody enters the same year
        raise Stale from same_time
    return plan


def enter_days(
    *,
    marks: Marks,
    reasons: Mapping[date, str],
    year: int | None = None,
    source: str = "",
    shown: str,
    by: Officer,
) -> DaysPlan:
    """录入所选日期: the days are worked or off as they were clicked, all in one change.

    ``reasons`` are those of the plan's runs, by their first days; each row that is added, changed
    or removed is an act on record. With ``year`` that year is entered too, by the notice
    ``source``. Returns what was done. Raises NotAllowed, Invalid by (``reason``, day), ``source``,
    ``year`` or ``marks``, Stale where something else would be done than was shown.
    """
    if not may_enter(by):
        raise NotAllowed
    try:
        with change(whole=True):
            plan = plan_days(marks)
            if plan.mark != shown:
                raise Stale(_CHANGED)
            said = _checked(plan, reasons, year, source)
            rows = {each.day: each for each in plan.rows}
            for removed in plan.removed:
                _remove(removed, by)
            for each in said:
                row = rows.get(each.day)
                if row is None or not says(row, each):
                    _write(each, row, by)
            if year is not None:
                _enter(year, one_line(source), by)
                reckon_once_committed()
    except IntegrityError as same_time:  # somebody enters the same days
        raise Stale from same_time
    return plan


def _checked(
    plan: DaysPlan, reasons: Mapping[date, str], year: int | None, source: str
) -> list[Deviation]:
    """The days with their reasons. Raises Invalid with everything that is wrong."""
    errors: list[FieldError] = []
    found: list[Deviation] = []
    if not plan.changes:
        errors.append(FieldError(("marks",), _("Choose days first: nothing is changed.")))
    for run in plan.runs:
        reason = one_line(reasons.get(run.first, ""))
        errors.extend(_wrong_line(("reason", run.first.isoformat()), reason, _NEEDED))
        found.extend(Deviation(day, run.is_working, reason) for day in run.days)
    if year is not None:
        errors.extend(_wrong_line(("source",), one_line(source), _("Enter the document number.")))
        if plan.calendar.is_known(year):
            errors.append(FieldError(("year",), _("This year is known already.")))
        elif not any(
            day.year == year and not works for day, works in plan.calendar.overrides.items()
        ):
            errors.append(FieldError(("year",), _("No day off of this year is entered.")))
    if errors:
        raise Invalid(errors)
    return found


def _wrong_line(path: Path, text: str, message: Text) -> Iterator[FieldError]:
    if not text:
        yield FieldError(path, message)
    elif len(text) > LONGEST_LINE:
        yield FieldError(path, _("This is too long."))


def _replace(plan: YearPlan, by: Officer) -> None:
    """Bring the rows to what the notice says; those that say it already stay untouched."""
    for row in plan.removed():
        _remove(row, by)
    rows = {each.day: each for each in plan.replaced}
    same = set(CalendarOverride.objects.filter(pk__in=plan.kept).values_list("day", flat=True))
    for said in plan.notice.deviations():
        if said.day not in same:
            _write(said, rows.get(said.day), by)


def _remove(row: CalendarOverride, by: Officer) -> None:
    record_act(REMOVED, about=row, by=by)
    row.delete()


def _write(said: Deviation, row: CalendarOverride | None, by: Officer) -> None:
    what = ADDED if row is None else CHANGED
    row = row or CalendarOverride(day=said.day)
    new = {"day": said.day, "is_working": said.is_working, "reason": said.reason}
    before = {name: getattr(row, name) if what == CHANGED else None for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save()
    changes = {name: (before[name], new[name]) for name in new if before[name] != new[name]}
    record_act(what, about=row, changes=changes, by=by)


def _enter(year: int, source: str, by: Officer) -> None:
    """Enter the year, or another source of one that is entered."""
    row = CalendarYear.objects.filter(year=year).first()
    if row is None:
        row = CalendarYear(year=year, source=source)
        row.full_clean()
        row.save()
        record_act(
            ADDED, about=row, changes={"year": (None, year), "source": (None, source)}, by=by
        )
    elif row.source != source:
        before, row.source = row.source, source
        row.save(update_fields=["source"])
        record_act(CHANGED, about=row, changes={"source": (before, source)}, by=by)

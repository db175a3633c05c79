"""A year is entered from its notice, and what was provisional in it is reckoned again."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.verbs.reckon_again import reckon_all_again
from coordination.workbench.year.queries import YearPlan, plan_year
from projects.record.acts import ADDED, CHANGED, REMOVED, record_act
from projects.record.clock import change
from projects.record.refusals import NotAllowed, Stale
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
                raise Stale(_("Something changed meanwhile: see again what would be entered."))
            _replace(plan, by)
            _enter(plan, by)
            reckon_once_committed()
    except (IntegrityError, ValidationError) as same_time:  # somebody enters the same year
        raise Stale from same_time
    return plan


def _replace(plan: YearPlan, by: Officer) -> None:
    """Bring the rows to what the notice says; those that say it already stay untouched."""
    for row in plan.removed():
        record_act(REMOVED, about=row, by=by)
        row.delete()
    rows = {each.day: each for each in plan.replaced}
    same = set(CalendarOverride.objects.filter(pk__in=plan.kept).values_list("day", flat=True))
    for said in plan.notice.deviations():
        if said.day not in same:
            _write(said, rows.get(said.day), by)


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


def _enter(plan: YearPlan, by: Officer) -> None:
    """Enter the year, or another source of one that is entered."""
    year, source = plan.notice.year, plan.source
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

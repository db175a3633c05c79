"""The verbs of plans: quarters and months of a year, set together and checked by the guard."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from projects.investment.choices import Span
from projects.investment.guard import Mismatch, mismatches
from projects.investment.models import PlanRevision
from projects.investment.progress_of_time import Plan
from projects.investment.queries import plan_rows_at
from projects.record.clock import change
from projects.record.days import YEARS
from projects.record.refusals import Checker, FieldError, Invalid, Stale
from projects.record.writing import write
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.registration import LONGEST_REASON, field_errors, require_permission

REFUSE: Final = "refuse"
type Key = tuple[str, int]  # span and number


@dataclass(frozen=True)
class Wanted:
    """A project's plan to be set, in 亿元; what is not named, or None, stays as it is.

    What is in ``dropped`` is no longer planned.
    """

    project: Project
    quarters: Mapping[int, Decimal | None] = field(default_factory=dict)
    months: Mapping[int, Decimal | None] = field(default_factory=dict)
    dropped: Collection[Key] = ()

    def amounts(self) -> dict[Key, Decimal | None]:
        """What is to be set, by span and number."""
        spans = ((Span.QUARTER.value, self.quarters), (Span.MONTH.value, self.months))
        set_so: dict[Key, Decimal | None] = {
            (span, number): amount
            for span, given in spans
            for number, amount in given.items()
            if amount is not None
        }
        return set_so | dict.fromkeys(self.dropped)


@dataclass(frozen=True)
class PlanSet:
    """What was set of a project, and where the plan does not add up all the same."""

    rows: Sequence[PlanRevision]
    warnings: Sequence[Mismatch]


def field_of(span: str, number: int) -> str:
    """The name of the field of a form: ``quarter_1``, ``month_12``."""
    return f"{span}_{number}"


def plan_version(project: Project, year: int) -> int:
    """A number that grows with every plan that is set: whether a page shows the newest."""
    rows = PlanRevision.objects.filter(project=project, year=year).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def set_plan(
    *,
    project: Project,
    year: int,
    quarters: Mapping[int, Decimal | None] | None = None,
    months: Mapping[int, Decimal | None] | None = None,
    reason: str = "",
    version: int | None = None,
    by: AbstractUser,
) -> PlanSet:
    """Set a project's plan of quarters and months (亿元); only what differs is a new revision.

    A revision of what was set before needs a reason. A plan whose months do not reach the quarter,
    or whose quarters are not the year's plan, is refused or warned of by PLAN_MISMATCH. Raises
    NotAllowed, also if the project has left the register, Stale if ``version`` is no longer
    :func:`plan_version`, Invalid by field.
    """
    require_permission(by, "investment.add_planrevision")
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(row)
        if version is not None and version != plan_version(row, year):
            raise Stale
        wanted = Wanted(row, quarters or {}, months or {})
        try:
            (done,) = _set(at, [wanted], year, reason, by)
        except Invalid as refusal:
            raise Invalid(
                FieldError(each.path[1:], each.message, each.code) for each in refusal.errors
            ) from refusal
        return done


def set_plans(
    *, plans: Sequence[Wanted], year: int, reason: str = "", by: AbstractUser
) -> list[PlanSet]:
    """Set the plans of many projects, all or none; each as :func:`set_plan` does.

    A project whose plan is so already is left as it is. Raises NotAllowed, Invalid by
    ``(index, field)``.
    """
    require_permission(by, "investment.add_planrevision")
    with change() as at:
        keys = [each.project.pk for each in plans]
        locked = Project.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(keys)
        for row in locked.values():
            require_current(row)
        own = [replace(each, project=locked[each.project.pk]) for each in plans]
        return _set(at, own, year, reason, by, is_many=True)


def _set(
    at: datetime,
    plans: Sequence[Wanted],
    year: int,
    reason: str,
    by: AbstractUser,
    *,
    is_many: bool = False,
) -> list[PlanSet]:
    """Judge all of them, then write their rows together."""
    before: dict[int, dict[Key, PlanRevision]] = {each.project.pk: {} for each in plans}
    for row in plan_rows_at(at, year, before.keys()):
        before[row.project_id][row.span, row.number] = row
    check, done = Checker(), list[PlanSet]()
    check.require(year in YEARS, (0, "year"), _("There is no such year."), "out-of-range")
    for index, wanted in enumerate(plans):
        held = before[wanted.project.pk]
        rows = [
            PlanRevision(
                project=wanted.project, year=year, span=span, number=number, amount=amount,
                revision=held[span, number].revision + 1 if (span, number) in held else 1,
                reason=reason, recorded_at=at, by_id=by.pk,
            )
            for (span, number), amount in wanted.amounts().items()
            if (span, number) not in held or held[span, number].amount != amount
        ]  # fmt: skip
        found = _judged(rows, held, reason, is_needed=not is_many)
        warnings = [] if found else list(mismatches(plan_after(wanted, held)))
        if settings.PLAN_MISMATCH == REFUSE and rows:
            found += [FieldError((each.field,), each.message, "mismatch") for each in warnings]
        check.errors += [each.below(index) for each in found]
        done.append(PlanSet(rows, warnings))
    check.finish()
    everything = [row for each in done for row in each.rows]
    if everything:
        write(everything)
    return done


def _judged(
    rows: Sequence[PlanRevision],
    held: Mapping[Key, PlanRevision],
    reason: str,
    *,
    is_needed: bool,
) -> list[FieldError]:
    """What is wrong with the new rows of one project."""
    check = Checker()
    for row in rows:
        name = field_of(row.span, row.number)
        for error in field_errors(row, exclude={"by", "project", "reason"}):
            known = name if error.path == ("amount",) else str(error.path[0])
            check.errors.append(FieldError((known,), error.message, error.code))
    check.require(rows or not is_needed, "reason", _("The plan is so already."), "unchanged")
    revised = any((row.span, row.number) in held for row in rows)
    check.require(
        reason.strip() or not revised, "reason",
        _("Say why the plan is changed that was set before."), "required",
    )  # fmt: skip
    check.require(
        len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."), "max_length"
    )
    return check.errors


def plan_after(wanted: Wanted, held: Mapping[Key, PlanRevision]) -> Plan:
    """The plan as it will hold, by the revisions that hold now."""
    amounts = {key: row.amount for key, row in held.items()} | wanted.amounts()
    return Plan(
        wanted.project.annual_investment,
        _of(Span.QUARTER, amounts.items()), _of(Span.MONTH, amounts.items()),
    )  # fmt: skip


def _of(span: str, amounts: Iterable[tuple[Key, Decimal | None]]) -> dict[int, Decimal]:
    return {
        number: amount for (each, number), amount in amounts if each == span and amount is not None
    }

"""The verb that carries projects of a year's list over to the next year's (年度结转)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed, Stale
from projects.record.writing import write
from projects.register.carry_over_plan import LEAVES, Step, choices_of, standing_on
from projects.register.exits import MAY_REMOVE, locked
from projects.register.leaving import ENDS_WITH
from projects.register.models import ExitKind, Project, ProjectExit
from projects.register.registration import require_permission
from projects.register.registration_many import Revision, revise_projects

MAY_CARRY_OVER: Final = "register.change_project"


def carry_over(*, year: int, steps: Sequence[Step], by: AbstractUser) -> int:
    """Give projects of the year's list their batch and phase of the next year, or let them leave.

    All or none, each by one revision or one exit. What leaves is completed by the last day of the
    year; nothing may stand on it (``STANDS_ON``). Not before the year is over: until then its
    bulletins count its list. Returns how many projects there were. Raises NotAllowed, Stale where a
    project no longer has the version, Invalid by ``(index, field)``.
    """
    require_permission(by, MAY_CARRY_OVER)
    if any(each.to == LEAVES for each in steps):
        require_permission(by, MAY_REMOVE)
    with change() as at:
        if timezone.localdate(at).year <= year:
            message = _("The list of %(year)s is counted until the year is over.")
            raise NotAllowed(message % {"year": year})
        if not steps:
            raise NotAllowed(_("Choose projects first."))
        rows = {each.pk: each for each in locked([Project(pk=s.project) for s in steps], at)}
        if len(rows) != len(steps):  # one is named twice, or there is none
            raise Stale
        projects = [rows[each.project] for each in steps]
        if any(row.version != each.version for row, each in zip(projects, steps, strict=True)):
            raise Stale
        Checker(list(_wrong(year, steps, projects))).finish()
        _revise(year, steps, by)
        leaving = [
            row for row, each in zip(projects, steps, strict=True) if each.to == LEAVES
        ]  # fmt: skip
        _leave(year, leaving, at, by)
        return len(projects)


def _wrong(
    year: int, steps: Sequence[Step], projects: Sequence[Project]
) -> Iterator[FieldError]:  # fmt: skip
    standing = standing_on(projects)
    for index, (each, row) in enumerate(zip(steps, projects, strict=True)):
        if row.batch.year != year:
            message = _("It is not in the list of %(year)s.") % {"year": year}
            yield FieldError((index, "project"), message, "batch")
        if each.batch.year != year + 1:
            yield FieldError((index, "batch"), _("Choose a batch of the next year."), "batch")
        if each.to == LEAVES and row.pk in standing:
            yield FieldError((index, "to"), standing[row.pk], "standing")
        elif each.to not in choices_of(row, stands=False):
            yield FieldError((index, "to"), _("This phase cannot follow."), "phase")


def _revise(year: int, steps: Sequence[Step], by: AbstractUser) -> None:
    staying = [(index, each) for index, each in enumerate(steps) if each.to != LEAVES]
    revisions = [
        Revision(each.project, each.version, {"batch": each.batch, "phase": each.to})
        for _index, each in staying
    ]
    if not revisions:
        return
    reason = _("Carried over to the list of %(year)s") % {"year": year + 1}
    try:
        revise_projects(revisions=revisions, reason=reason, by=by)
    except Invalid as refusal:
        raise Invalid(
            FieldError((staying[int(each.path[0])][0], *each.path[1:]), each.message, each.code)
            for each in refusal.errors
        ) from refusal


def _leave(year: int, projects: Sequence[Project], at: datetime, by: AbstractUser) -> None:
    if not projects:
        return
    reason = _("Completed in %(year)s") % {"year": year}
    write([
        ProjectExit(
            project=row, kind=ExitKind.COMPLETED, on=date(year, 12, 31), recorded_at=at,
            by_id=by.pk, reason=reason,
        )
        for row in projects
    ])  # fmt: skip
    keys = [each.pk for each in projects]
    Project.objects.filter(pk__in=keys).update(left_at=at)
    for end in ENDS_WITH:
        end(keys, at, by)

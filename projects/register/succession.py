"""The verbs by which projects go on in others: duplicates merged, bundled (打包), split (拆分).

Tickets and reports stay on the project on which they were filed. Nothing is added to the figures
of a successor: what it counts is what its own revision says.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.clock import change
from projects.record.days import YEARS
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.register.exits import MAY_REMOVE, check_reason, leave, locked
from projects.register.models import (
    ExitKind,
    NotDuplicate,
    Project,
    ProjectExit,
)
from projects.register.registration import require_permission
from projects.register.taking_over import take_over

MAY_DISTINGUISH: Final = "register.add_notduplicate"
_FEWEST_PARTS: Final = 2


def merge_projects(
    *, project: Project, into: Project, reason: str, version: int | None = None, by: AbstractUser
) -> ProjectExit:
    """Merge a duplicate into the project that it is; nothing is added to that one's figures.

    Whoever takes part in the duplicate today takes part in the other from today on. Raises
    NotAllowed if one of them has left the register, Stale if ``version`` is no longer the
    duplicate's, Invalid. ``return_project`` undoes it.
    """
    require_permission(by, MAY_REMOVE)
    with change() as at:
        check = check_reason(reason)
        check.require(project != into, "into", _("This is the project itself."), "choice")
        check.finish()
        rows = {each.pk: each for each in locked([project, into], at)}
        if version is not None and version != rows[project.pk].version:
            raise Stale
        today, kept = timezone.localdate(at), rows[into.pk]
        made = leave(
            rows[project.pk], ExitKind.MERGED, on=today, at=at, reason=reason, into=[kept], by=by
        )
        take_over([made], kept, today)
        return made


def bundle_projects(
    *, projects: Sequence[Project], into: Project, on: date, reason: str, by: AbstractUser
) -> list[ProjectExit]:
    """Bundle projects into one that is registered already, by a decision of that day (打包).

    What the bundle counts is set by its own revision. Whoever takes part in one of the projects
    today takes part in the bundle from today on. Raises NotAllowed, Stale, Invalid.
    """
    require_permission(by, MAY_REMOVE)
    with change() as at:
        check = _check_day(check_reason(reason), on, at)
        check.require(projects, "projects", _("This field is required."), "required")
        check.require(into not in projects, "projects", _("This is the project itself."), "choice")
        check.finish()
        rows = {each.pk: each for each in locked([*projects, into], at)}
        made = [
            leave(
                row, ExitKind.BUNDLED, on=on, at=at, reason=reason, into=[rows[into.pk]], by=by
            )
            for row in rows.values()
            if row != into
        ]  # fmt: skip
        take_over(made, rows[into.pk], timezone.localdate(at))
        return made


def split_project(
    *,
    project: Project,
    into: Sequence[Project],
    on: date,
    reason: str,
    version: int | None = None,
    by: AbstractUser,
) -> ProjectExit:
    """Split a project into two or more that are registered already, by a decision of that day.

    Who takes part in which of them is entered by hand. Raises NotAllowed, Stale, Invalid.
    """
    require_permission(by, MAY_REMOVE)
    with change() as at:
        check = _check_day(check_reason(reason), on, at)
        check.require(
            len(set(into)) >= _FEWEST_PARTS, "into", _("Give two projects or more."), "count"
        )
        check.require(project not in into, "into", _("This is the project itself."), "choice")
        check.finish()
        rows = {each.pk: each for each in locked([project, *into], at)}
        row = rows.pop(project.pk)
        if version is not None and version != row.version:
            raise Stale
        return leave(
            row, ExitKind.SPLIT, on=on, at=at, reason=reason, into=rows.values(), by=by
        )  # fmt: skip


def distinguish_projects(
    *, first: Project, second: Project, reason: str, by: AbstractUser
) -> NotDuplicate:
    """Record that two projects that look alike are two; they are proposed as one no more.

    Raises NotAllowed, also if that is recorded already, and Invalid.
    """
    require_permission(by, MAY_DISTINGUISH)
    with change() as at:
        check = check_reason(reason)
        check.require(first != second, "second", _("This is the project itself."), "choice")
        check.finish()
        one, other = locked([first, second], at)
        if NotDuplicate.objects.filter(first=one, second=other).exists():
            raise NotAllowed(_("It is recorded already that these are two projects."))
        return NotDuplicate.objects.create(
            first=one, second=other, recorded_at=at, by_id=by.pk, reason=reason.strip()
        )


def _check_day(check: Checker, on: date, at: datetime) -> Checker:
    check.require(on.year in YEARS, "on", _("There is no such day."), "out-of-range")
    check.require(on <= timezone.localdate(at), "on", _("This day has not come yet."), "date-order")
    return check

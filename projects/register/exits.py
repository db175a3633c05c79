"""The verbs by which a project leaves the register, and comes back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.register.current import require_current
from projects.register.leaving import ENDS_WITH, what_stands_on
from projects.register.models import ExitKind, Project, ProjectExit, ProjectReturn, Succession
from projects.register.queries import holder_of_code
from projects.register.registration import LONGEST_REASON, require_permission
from projects.register.taking_over import give_back

MAY_REMOVE: Final = "register.add_projectexit"
MAY_RETURN: Final = "register.add_projectreturn"


def remove_project(
    *, project: Project, reason: str, version: int | None = None, by: AbstractUser
) -> ProjectExit:
    """Take a project that was registered in error out of the register, from today on.

    Its history stays. Raises NotAllowed while something stands on it (``STANDS_ON``) or if it has
    left already, Stale if ``version`` is no longer the project's, Invalid without a reason.
    """
    require_permission(by, MAY_REMOVE)
    with change() as at:
        row = locked([project], at)[0]
        if version is not None and version != row.version:
            raise Stale
        check_reason(reason).finish()
        standing = what_stands_on(row.pk)
        if standing:
            raise NotAllowed(" ".join(standing))
        return leave(row, ExitKind.ERROR, on=timezone.localdate(at), at=at, reason=reason, by=by)


def return_project(*, project: Project, reason: str, by: AbstractUser) -> ProjectReturn:
    """Undo the project's exit: it is counted and served again from now on, as it was revised last.

    The parts in its successor that came about by the exit end. Whoever served it does not come
    back by this. Raises NotAllowed if it has not left, Stale if it left at the same moment, Invalid
    without a reason.
    """
    require_permission(by, MAY_RETURN)
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if row.left_at is None:
            raise NotAllowed(_("This project is in the register."))
        if row.left_at >= at:  # a concurrent change with a later time was first
            raise Stale
        check_reason(reason).finish()
        if holder_of_code(row.national_code).exists():
            raise NotAllowed(_("Another project of the register has its national code by now."))
        own = ProjectExit.objects.filter(project=row, returned__isnull=True).latest("pk")
        row.left_at = None
        row.save(update_fields=["left_at"])
        give_back(own, at)
        return ProjectReturn.objects.create(
            exit=own, recorded_at=at, by_id=by.pk, reason=reason.strip()
        )


def locked(projects: Iterable[Project], at: datetime) -> list[Project]:
    """The projects as they are now, locked in the order of their ids.

    Raises NotAllowed if one has left the register, Stale if one came back at the same moment.
    """
    asked = {each.pk for each in projects}
    rows = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk"))
    for row in rows:
        require_current(row)
    if ProjectReturn.objects.filter(exit__project__in=asked, recorded_at__gte=at).exists():
        raise Stale
    return rows


def leave(
    project: Project,
    kind: ExitKind,
    *,
    on: date,
    at: datetime,
    reason: str,
    into: Iterable[Project] = (),
    by: AbstractUser,
) -> ProjectExit:
    """Record that the locked project leaves; end what ends with it. Joins a ``change()``."""
    made = ProjectExit.objects.create(
        project=project, kind=kind, on=on, recorded_at=at, by_id=by.pk, reason=reason.strip()
    )
    Succession.objects.bulk_create(Succession(exit=made, successor=each) for each in into)
    project.left_at = at
    project.save(update_fields=["left_at"])
    for end in ENDS_WITH:
        end([project.pk], at, by)
    return made


def check_reason(reason: str) -> Checker:
    """What is wrong with a reason that an exit, a merge or a return requires."""
    check = Checker()
    check.require(reason.strip(), "reason", _("Say why."), "required")
    check.require(
        len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."), "max_length"
    )
    return check

"""The verbs of the register for many projects at once, by the rules of those for one.

Each is all or nothing, and needs a number of statements that does not depend on how many there are.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.record.clock import change
from projects.record.folding import fold
from projects.record.refusals import Checker, FieldError, NotAllowed, Stale
from projects.record.writing import reserve, sequence_of, write
from projects.register.current import require_current
from projects.register.exits import MAY_REMOVE, MAY_RETURN, check_reason, locked
from projects.register.leaving import ENDS_WITH, STANDS_ON
from projects.register.models import (
    COUNTED_FIELDS,
    ExitKind,
    Project,
    ProjectExit,
    ProjectParticipant,
    ProjectReturn,
)
from projects.register.phases import check_move
from projects.register.queries import current_projects
from projects.register.registration import (
    TAKEN_CODE,
    held_code_errors,
    project_errors,
    require_permission,
    revision_of,
)

# Why a registration or a return cannot be undone: of ids, what was recorded on the projects from
# that moment on (None: ever), the reasons by project. Upper rooms fill it in their ``room.py``;
# ``STANDS_ON`` counts as well.
type BuiltOn = Callable[[Iterable[int], datetime | None], dict[int, list[str]]]
BUILT_ON: Final[list[BuiltOn]] = []
REFERENCES: Final = frozenset({"batch", "district"})  # given as rows, so that they exist
_AT_ONCE: Final = 500  # rows of one UPDATE


@dataclass(frozen=True)
class Revision:
    """What is to be changed of a project that had this version."""

    project: int
    version: int
    changes: Mapping[str, Any]  # counted fields; a batch and a district as rows


def register_projects(*, projects: Sequence[Project], by: AbstractUser) -> list[Project]:
    """Register new projects, with their batches and districts, and write their first revisions.

    Raises NotAllowed, Invalid by ``(index, field)``.
    """
    require_permission(by, "register.add_project")
    with change() as at:
        codes = [each.code for each in projects]
        taken = set(Project.objects.filter(code__in=codes).values_list("code", flat=True))
        errors = list[FieldError]()
        for index, (project, held) in enumerate(zip(projects, _held(projects), strict=True)):
            own = [*project_errors(project, at, REFERENCES), *held]
            own += [TAKEN_CODE] if project.code in taken else []
            errors += [each.below(index) for each in own]
            taken.add(project.code)
        Checker(errors).finish()
        ids = reserve(sequence_of(Project), many=len(projects))
        for project, (pk,) in zip(projects, ids, strict=True):
            project.pk = pk
        write(projects, [revision_of(each, at, by, "") for each in projects])
        return list(projects)


def _held(projects: Sequence[Project]) -> list[list[FieldError]]:
    """Of each project the error that another one has its national code; one query."""
    codes = {each.national_code for each in projects} - {""}
    holders = {
        each.national_code: each for each in current_projects().filter(national_code__in=codes)
    }
    found = []
    for project in projects:
        holder = holders.get(project.national_code)
        found.append(held_code_errors(None if holder == project else holder))
        if project.national_code:
            holders.setdefault(project.national_code, project)
    return found


def revise_projects(
    *, revisions: Sequence[Revision], reason: str = "", by: AbstractUser
) -> list[Project]:
    """Change counted fields of projects, each by one further revision.

    A move back to an earlier phase needs a reason. Raises NotAllowed where one has left the
    register, Stale where one no longer has the version, Invalid by ``(index, field)``.
    """
    require_permission(by, "register.change_project")
    with change() as at:
        rows = _locked(revisions)
        errors = list[FieldError]()
        for index, (row, each) in enumerate(zip(rows, revisions, strict=True)):
            before = row.phase
            for name, value in each.changes.items():
                setattr(row, name, value)
            check = Checker(project_errors(row, at, REFERENCES))
            check_move(check, before, row.phase, reason)
            errors += [error.below(index) for error in check.errors]
        for index, held in enumerate(_held(rows)):
            errors += [error.below(index) for error in held]
        Checker(errors).finish()
        for row in rows:
            row.version, row.folded = row.version + 1, fold(row.name)
        if fields := _written(revisions):
            Project.objects.bulk_update(rows, fields, batch_size=_AT_ONCE)
        Project.objects.filter(pk__in=[each.pk for each in rows]).update(version=F("version") + 1)
        write([revision_of(each, at, by, reason) for each in rows])
        return rows


def _written(revisions: Sequence[Revision]) -> list[str]:
    """The fields that any of them changes: each costs an UPDATE much, whether it differs or not."""
    changed = {name for each in revisions for name in each.changes}
    fields = [each for each in COUNTED_FIELDS if each in changed]
    return [*fields, "folded"] if "name" in changed else fields


def _locked(revisions: Sequence[Revision]) -> list[Project]:
    """The projects in the order given, locked. Raises NotAllowed, Stale."""
    asked = [each.project for each in revisions]
    found = Project.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk")
    rows = {each.pk: each for each in found.select_related(*REFERENCES)}
    for row in rows.values():
        require_current(row)
    if any(rows[each.project].version != each.version for each in revisions):
        raise Stale
    return [rows[each.project] for each in revisions]


def return_projects(*, projects: Sequence[int], reason: str, by: AbstractUser) -> None:
    """Bring back projects that were registered in error, as they were revised last.

    Raises NotAllowed where one has not left so, Invalid without a reason.
    """
    require_permission(by, MAY_RETURN)
    with change() as at:
        check_reason(reason).finish()
        rows = (
            Project.objects.select_for_update(of=("self",)).filter(pk__in=projects).order_by("pk")
        )
        for row in rows:
            if row.left_at is None or row.left_at >= at:
                raise Stale
        exits = ProjectExit.objects.filter(
            project__in=projects, returned__isnull=True, kind=ExitKind.ERROR
        )
        if len(exits) != len(set(projects)):
            raise NotAllowed(_("This project has left the register otherwise than by error."))
        Checker([error for held in _held(list(rows)) for error in held]).finish()
        Project.objects.filter(pk__in=projects).update(left_at=None)
        write([
            ProjectReturn(exit=each, recorded_at=at, by_id=by.pk, reason=reason.strip())
            for each in exits
        ])  # fmt: skip


def remove_projects(
    *,
    versions: Mapping[int, int],
    reason: str,
    since: datetime | None = None,
    parts: Collection[int] = (),
    by: AbstractUser,
) -> list[ProjectExit]:
    """Take projects that were registered in error out of the register, from today on.

    ``versions`` are those that the projects had, ``parts`` the ids of the participations that
    they had at ``since``, None where they were not registered by then. Raises NotAllowed where one
    was revised since, or something was recorded on it since (``BUILT_ON``), Invalid without a
    reason.
    """
    require_permission(by, MAY_REMOVE)
    with change() as at:
        check_reason(reason).finish()
        rows = locked([Project(pk=each) for each in versions], at)
        for row in rows:
            require_version(row, versions[row.pk])
        _require_nothing_on(rows, since, parts)
        made = [
            ProjectExit(
                project=row, kind=ExitKind.ERROR, on=timezone.localdate(at), recorded_at=at,
                by_id=by.pk, reason=reason.strip(),
            )
            for row in rows
        ]  # fmt: skip
        write(made)
        Project.objects.filter(pk__in=versions).update(left_at=at)
        for end in ENDS_WITH:
            end(list(versions), at, by)
        return made


def _require_nothing_on(
    rows: Sequence[Project], since: datetime | None, parts: Collection[int]
) -> None:
    """Raise NotAllowed, with the project's name, where something was recorded on it since."""
    keys = [each.pk for each in rows]
    newer = ProjectParticipant.objects.filter(project__in=keys).exclude(pk__in=parts)
    parted = set(newer.values_list("project", flat=True))
    found = [
        *(each(keys) for each in STANDS_ON), *(each(keys, since) for each in BUILT_ON),
        {key: [_("Enterprises take part in it.")] for key in parted},
    ]  # fmt: skip
    for reasons in found:
        for row in rows:
            if row.pk in reasons:
                raise NotAllowed(f"{row.code} {row}: {' '.join(reasons[row.pk])}")


def require_version(project: Project, version: int) -> None:
    """Raise NotAllowed, with the project's name, where it was revised since."""
    if project.version != version:
        message = _("Project %(project)s was revised since.")
        raise NotAllowed(message % {"project": f"{project.code} {project}"})

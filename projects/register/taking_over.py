"""Who takes part in a merged or bundled project takes part in its successor, until it returns."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from projects.register.leaving import what_was_filed
from projects.register.models import ExitKind, Project, ProjectExit, ProjectParticipant
from projects.register.queries import exits_at

_TAKEN_OVER: Final = (ExitKind.MERGED, ExitKind.BUNDLED)  # of a split it is entered by hand
type _Part = tuple[int, str]  # the enterprise and its role


def take_over(exits: Iterable[ProjectExit], into: Project, today: date) -> None:
    """Let whoever takes part in these projects today take part in this one, in the same role.

    For as long as there. Joins a ``change()``.
    """
    by_project = {each.project_id: each for each in exits}
    parts = dict[tuple[int, str], ProjectParticipant]()
    for row in _taking_part(by_project, today).exclude(project=into).order_by("project", "pk"):
        known = parts.setdefault((row.enterprise_id, row.role), row)
        if _end(row) > _end(known):
            parts[row.enterprise_id, row.role] = row
    own = ProjectParticipant.objects.filter(project=into, during__overlap=(today, None))
    taken = set(own.values_list("enterprise_id", "role"))
    for (enterprise, role), row in sorted(parts.items()):
        if (enterprise, role) not in taken:
            ProjectParticipant.objects.create(
                project=into, enterprise_id=enterprise, role=role,
                during=DateRange(today, row.during.upper),
                taken_over_by=by_project[row.project_id],
            )  # fmt: skip


def give_back(left: ProjectExit, at: datetime) -> None:
    """End on that day the parts that came about by this exit, which is undone.

    Joins a ``change()``. One that another project of the successor has as well lasts on for it.
    One that began on that day is deleted; where something was filed by it, it ends on the next.
    Where the successor has left in its turn, so has what came about by that: what goes on from
    project to project goes on no longer than in the one that it came from.
    """
    undone = {left.pk}
    waiting: list[tuple[ProjectExit, set[_Part] | None]] = [(left, None)]
    while waiting:
        by, parts = waiting.pop(0)
        changed = _follow(by, parts, undone, at)
        own = exits_at(at).filter(project__in=changed.keys()).exclude(pk__in=undone)
        waiting.extend((each, changed[each.project_id]) for each in own.order_by("pk"))


def _follow(
    by: ProjectExit, parts: Collection[_Part] | None, undone: Collection[int], at: datetime
) -> dict[int, set[_Part]]:
    """Let the parts that came about by an exit last as long as in the projects that go on there.

    Of these enterprises and roles alone, unless None: what was ended by hand stays so. ``undone``
    are the exits that count no more. Returns what was changed of which project.
    """
    today = timezone.localdate(at)
    rows = ProjectParticipant.objects.select_for_update().filter(
        taken_over_by=by, during__overlap=(today, None)
    )
    found = list(rows.order_by("pk"))
    filed = what_was_filed({each.project_id for each in found}, by.recorded_at)
    changed = defaultdict[int, set[_Part]](set)
    for row in found:
        if parts is not None and (row.enterprise_id, row.role) not in parts:
            continue
        kept = _kept_by(row, undone, at)
        if kept is not None and kept == (row.taken_over_by_id, row.during.upper):
            continue
        changed[row.project_id].add((row.enterprise_id, row.role))
        if kept is not None:
            row.taken_over_by_id, upper = kept
        elif today <= row.during.lower and (row.project_id, row.enterprise_id) not in filed:
            row.delete()
            continue
        else:
            upper = max(today, row.during.lower + timedelta(days=1))
        row.during = DateRange(row.during.lower, upper)
        row.save(update_fields=["during", "taken_over_by"])
    return changed


def _kept_by(
    row: ProjectParticipant, undone: Collection[int], at: datetime
) -> tuple[int, date | None] | None:
    """The exit for which the part lasts, and how long: of the project that has it the longest.

    Of those that go on in the part's project; None where none of them has it.
    """
    exits = (
        exits_at(at)
        .filter(kind__in=_TAKEN_OVER, successions__successor=row.project_id)
        .exclude(pk__in=undone)
    )
    by_project = {each.project_id: each for each in exits}
    alike = _taking_part(by_project, timezone.localdate(at)).filter(
        enterprise=row.enterprise_id, role=row.role
    )
    found = max(alike.order_by("pk"), key=_end, default=None)
    if found is None:
        return None
    later = ProjectParticipant.objects.filter(
        project=row.project_id, enterprise=row.enterprise_id, role=row.role,
        during__fully_gt=row.during,
    )  # fmt: skip
    begins = [each.during.lower for each in later]  # where it takes part anew, by its own
    upper = min([_end(found), *begins])
    return by_project[found.project_id].pk, None if upper == date.max else upper


def _taking_part(projects: Iterable[int], today: date) -> QuerySet[ProjectParticipant]:
    return ProjectParticipant.objects.filter(project__in=list(projects), during__contains=today)


def _end(row: ProjectParticipant) -> date:
    return row.during.upper or date.max

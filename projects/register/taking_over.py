"""Who takes part in a merged or bundled project takes part in its successor, until it returns."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from projects.register.leaving import what_was_filed
from projects.register.models import Project, ProjectExit, ProjectParticipant
from projects.register.queries import exits_at


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
    """
    today = timezone.localdate(at)
    rows = ProjectParticipant.objects.select_for_update().filter(
        taken_over_by=left, during__overlap=(today, None)
    )
    found = list(rows.order_by("pk"))
    filed = what_was_filed({each.project_id for each in found}, left.recorded_at)
    for row in found:
        if _lasts_for_another(row, left, at):
            continue
        if today <= row.during.lower and (row.project_id, row.enterprise_id) not in filed:
            row.delete()
            continue
        row.during = DateRange(row.during.lower, max(today, row.during.lower + timedelta(days=1)))
        row.save(update_fields=["during"])


def _lasts_for_another(row: ProjectParticipant, left: ProjectExit, at: datetime) -> bool:
    """Keep the part for another project that goes on in the same, if there is one with it."""
    others = exits_at(at).filter(successions__successor=row.project_id).exclude(pk=left.pk)
    by_project = {each.project_id: each for each in others}
    alike = _taking_part(by_project, timezone.localdate(at)).filter(
        enterprise=row.enterprise_id, role=row.role
    )
    kept = max(alike, key=_end, default=None)
    if kept is None:
        return False
    row.taken_over_by = by_project[kept.project_id]
    row.during = DateRange(row.during.lower, kept.during.upper)
    row.save(update_fields=["during", "taken_over_by"])
    return True


def _taking_part(projects: Iterable[int], today: date) -> QuerySet[ProjectParticipant]:
    return ProjectParticipant.objects.filter(project__in=list(projects), during__contains=today)


def _end(row: ProjectParticipant) -> date:
    return row.during.upper or date.max

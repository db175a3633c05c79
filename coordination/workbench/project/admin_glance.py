"""The first panel of a project's page: everything that matters now, on one screen."""

from typing import Any

from coordination.groups.queries import assignment_of
from coordination.staff.models import Officer
from coordination.tickets.queries_responsible import serving_now
from coordination.workbench.project.blockers import Known, blockers, light_in, numbers_of
from projects.progress.models import DailyReport
from projects.record.clock import now
from projects.register.models import ParticipantRole, Project, ProjectParticipant
from projects.worktime.calendar import day_of


def glance(project: Project, officer: Officer) -> dict[str, Any] | None:
    """Its state and light, who serves and owns it, its last report, and what blocks it."""
    if not officer.has_perm("register.view_project"):
        return None
    at = now()
    serving = serving_now([project.pk], at).get(project.pk)
    numbers = numbers_of(project, officer, at)
    may_assign = officer.has_perm("groups.add_assignment")
    known = Known(_last_report(project), assignment_of(project, at), numbers, may_assign)
    return {
        "project": project, "serving": serving, "report": known.report, "numbers": numbers,
        "light": light_in(numbers), "owners": _owners(project),
        "blockers": blockers(project, known, at),
    }  # fmt: skip


def _last_report(project: Project) -> DailyReport | None:
    rows = DailyReport.objects.filter(project=project).select_related("narrative")
    return rows.order_by("-day", "-revision").first()


def _owners(project: Project) -> list[ProjectParticipant]:
    today = day_of(now())
    rows = ProjectParticipant.objects.filter(
        project=project, role=ParticipantRole.OWNER, during__contains=today
    )
    return list(rows.select_related("enterprise").order_by("pk"))

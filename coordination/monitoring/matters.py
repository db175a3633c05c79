"""What waits for an officer: figures of reports that are to be verified."""

from datetime import datetime

from django.utils.translation import ngettext

from coordination.groups.queries import projects_for
from coordination.staff.models import Officer, Role
from projects.progress.queries_reporting import open_flags


def doubtful_figures(officer: Officer, at: datetime) -> tuple[int, str] | None:
    """Doubtful figures of the projects that he serves; of all for the duty desk."""
    if officer.role not in {Role.LIAISON, Role.GROUP_LEAD, Role.DUTY_DESK}:
        return None
    projects = projects_for(officer, at).values("pk")
    number = open_flags().filter(report__project__in=projects).count()
    if not number:
        return None
    words = ngettext(
        "%(number)d figure of a daily report is to be verified",
        "%(number)d figures of daily reports are to be verified",
        number,
    )
    return number, words % {"number": number}

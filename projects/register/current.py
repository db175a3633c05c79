"""That a project is in the register, which every verb on it requires."""

from django.utils.translation import gettext as _

from projects.record.refusals import NotAllowed
from projects.register.models import ExitKind, Project, ProjectExit
from projects.register.queries import successors_of


def left_message(project: Project) -> str:
    """That the project left the register, and in which it goes on, if in any."""
    names = "、".join(f"{each.code} {each.name}" for each in successors_of(project))
    if not names:
        return _("Project %(code)s has left the register.") % {"code": project.code}
    return _("Project %(code)s has left the register; it goes on as %(successors)s.") % {
        "code": project.code, "successors": names,
    }  # fmt: skip


def require_current(project: Project) -> None:
    """Raise NotAllowed, with the names of the successors, if the project has left the register."""
    if project.left_at is not None:
        raise NotAllowed(left_message(project), reason="left-register")


def is_of_year(project: Project, year: int) -> bool:
    """Whether it is in the register, or left it as completed in that year or later.

    The last months of a completed project are settled when it has left.
    """
    if project.left_at is None:
        return True
    exits = ProjectExit.objects.filter(
        project=project, kind=ExitKind.COMPLETED, returned__isnull=True, on__year__gte=year
    )
    return exits.exists()


def require_of_year(project: Project, year: int) -> None:
    """Raise NotAllowed as ``require_current`` does, but for a project completed by then."""
    if not is_of_year(project, year):
        require_current(project)

"""That a project is in the register, which every verb on it requires."""

from django.utils.translation import gettext as _

from projects.record.refusals import NotAllowed
from projects.register.models import Project
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

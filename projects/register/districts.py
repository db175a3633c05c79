"""The verb that moves the projects of a district that is no more to the one that took its place."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.record.clock import change
from projects.record.refusals import NotAllowed, Stale
from projects.register.exits import check_reason
from projects.register.models import District, Project
from projects.register.queries import current_projects
from projects.register.registration import record_revision, require_permission

# Which district took a place in March 2021 (GB/T 2260): 孟津 absorbed 吉利.
TOOK_THE_PLACE: Final[Mapping[str, str]] = {
    "410306": "410308", "410322": "410308", "410381": "410307",
}  # fmt: skip


def move_projects(
    *, district: District, into: District, number: int, reason: str, by: AbstractUser
) -> list[Project]:
    """Let every project of the register that lies in a district that has ended lie in another.

    One revision of each, so bulletins keep the districts that they counted. ``number`` is how many
    the caller saw. Raises NotAllowed while the district exists, Stale if the number is another
    by now, Invalid without a reason, or if the other district does not exist today.
    """
    require_permission(by, "register.change_project")
    with change() as at:
        today = timezone.localdate(at)
        check = check_reason(reason)
        check.require(
            today in into.valid, "into", _("This district does not exist on this day."), "validity"
        )
        check.finish()
        if district.valid.upper is None or today < district.valid.upper:
            raise NotAllowed(_("This district exists: its projects stay in it."))
        found = list(
            current_projects()
            .filter(district=district)
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        if len(found) != number:
            raise Stale
        for project in found:
            project.district = into
            project.version += 1
            project.save(update_fields=["district", "version"])
            record_revision(project, at, by, reason)
        return found

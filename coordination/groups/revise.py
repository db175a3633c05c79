"""Verbs for service groups: their name and service are revised, never overwritten."""

from coordination.groups.models import ServiceGroup
from coordination.groups.serve import require_permission
from coordination.staff.models import Officer
from projects.record.clock import change


def record_group(*, group: ServiceGroup, by: Officer) -> ServiceGroup:
    """Save a new group, or one whose fields were changed; the database adds the revision.

    By officers who may add or change service groups (the director). Raises NotAllowed.
    """
    needed = "groups.add_servicegroup" if group._state.adding else "groups.change_servicegroup"
    require_permission(by, needed)
    with change() as at:
        ServiceGroup.objects.select_for_update(no_key=True).filter(pk=group.pk).first()
        group.revise(at=at, by=by)
        group.save()
        return group

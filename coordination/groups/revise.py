"""Verbs for service groups: their name and service are revised, never overwritten."""

from collections.abc import Collection

from coordination.groups.models import ServiceGroup
from coordination.groups.serve import require_permission
from coordination.staff.models import Officer
from projects.record.clock import change


def record_group(*, group: ServiceGroup, changed: Collection[str], by: Officer) -> ServiceGroup:
    """Save a new group, or of one the fields in ``changed``; the database adds the revision.

    ``group`` may have been read before a concurrent verb changed the row: only the fields that are
    named are written. By officers who may add or change service groups (the director). Raises
    NotAllowed.
    """
    is_new = group._state.adding
    require_permission(by, "groups.add_servicegroup" if is_new else "groups.change_servicegroup")
    with change() as at:
        group.record_revision(changed=changed, at=at, by=by)
        return group

"""Verbs for officers' accounts: their name, role and activity are revised, never overwritten."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from projects.record.clock import change
from projects.record.refusals import NotAllowed


def record_officer(*, officer: Officer, changed: Collection[str], by: Officer) -> Officer:
    """Save a new officer, or of one the fields in ``changed``; the database adds the revision.

    ``officer`` may have been read before a concurrent verb changed the row: only the fields that
    are named are written. ``is_staff`` is set: every officer may sign in, and his role decides what
    he sees. By officers who may add or change officers (the director). Raises NotAllowed.
    """
    is_new = officer._state.adding
    if not by.has_perm("staff.add_officer" if is_new else "staff.change_officer"):
        raise NotAllowed(_("Your role does not allow this."))
    with change() as at:
        officer.is_staff = True
        officer.record_revision(changed=[*changed, "is_staff"], at=at, by=by)
        return officer

"""Verbs for officers' accounts: their name, role and activity are revised, never overwritten."""

from collections.abc import Collection
from typing import Final

from axes.utils import reset
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.refusals import NotAllowed

UNLOCKED: Final = "unlocked"


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


def unlock_officer(*, officer: Officer, by: Officer) -> None:
    """Let somebody sign in again who is locked after wrong passwords, from wherever he was.

    By the security administrator. Raises NotAllowed, also where he is not locked.
    """
    if not by.has_perm("staff.unlock_officer"):
        raise NotAllowed(_("Your role does not allow this."))
    with change():
        if not reset(username=officer.username):
            raise NotAllowed(_("This officer is not locked."))
        record_act(UNLOCKED, about=officer, by=by)

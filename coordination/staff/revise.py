"""Verbs for officers' accounts: their name, role and activity are revised, never overwritten."""

from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from projects.record.clock import change
from projects.record.refusals import NotAllowed


def record_officer(*, officer: Officer, by: Officer) -> Officer:
    """Save a new officer, or one whose fields were changed; the database adds the revision.

    ``is_staff`` is set: every officer may sign in, and his role decides what he sees. By officers
    who may add or change officers (the director). Raises NotAllowed.
    """
    needed = "staff.add_officer" if officer._state.adding else "staff.change_officer"
    if not by.has_perm(needed):
        raise NotAllowed(_("Your role does not allow this."))
    with change() as at:
        officer.is_staff = True
        Officer.objects.select_for_update(no_key=True).filter(pk=officer.pk).first()
        officer.revise(at=at, by=by)
        officer.save()
        return officer

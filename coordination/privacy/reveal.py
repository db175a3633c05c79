"""Revealing masked data for a recorded reason, and holding a ticket from the purge."""

from django.utils.translation import gettext_lazy as _

from coordination.groups.serve import require_permission
from coordination.privacy.models import LegalHold, Reveal
from coordination.privacy.queries import is_held, looks_of, works_on
from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.reader import TicketReader
from projects.record.clock import change
from projects.record.refusals import Checker, Missing, NotAllowed
from projects.record.text import one_line

_LONGEST_REASON = 200


def _check(reason: str, group: str | None = None) -> str:
    check, reason = Checker(), one_line(reason or "")
    check.require(reason, "reason", _("This field is required."), "required")
    check.require(
        len(reason) <= _LONGEST_REASON, "reason", _("At most 200 characters."), "max_length"
    )
    known = group is None or group in personal.GROUPS
    check.require(known, "group", _("There is no such group of personal data."), "choice")
    check.finish()
    return reason


def reveal(*, ticket: Ticket, group: str, reason: str, by: Officer) -> Reveal:
    """Show the officer one group of a ticket's personal data for half an hour, on record.

    By officers who work on tickets and may see this one. Raises Missing, NotAllowed, Invalid.
    """
    require_permission(by, "privacy.add_reveal")
    if not tickets_for(by).filter(pk=ticket.pk).exists():
        raise Missing
    reason = _check(reason, group)
    with change() as at:
        return Reveal.objects.create(
            ticket=ticket, officer=by, group=group, reason=reason, recorded_at=at
        )


def look_as_handler(*, ticket: Ticket, by: Officer, reader: TicketReader | None = None) -> bool:
    """Whether he sees the contact because he works on the ticket; the look is put on record.

    A row stands for half an hour, as that of a reason does; after that the next look has its own.
    ``reader`` is he before this ticket, where a page has read of him already.
    """
    capacity = works_on(reader or TicketReader.of(ticket, by))
    if not capacity or not by.has_perm("privacy.add_reveal"):
        return False
    if not looks_of(ticket, by).filter(group=personal.CONTACT, capacity=capacity).exists():
        with change() as at:
            Reveal.objects.create(
                ticket=ticket, officer=by, group=personal.CONTACT, capacity=capacity,
                recorded_at=at,
            )  # fmt: skip
    return True


def hold(*, ticket: Ticket, is_kept: bool, reason: str, by: Officer) -> LegalHold:
    """Hold a ticket's personal data from the purge, or release it.

    By the director. Raises NotAllowed, also where nothing would change; Invalid without a reason.
    """
    require_permission(by, "privacy.add_legalhold")
    reason = _check(reason)
    with change() as at:
        row = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if is_held(row) == is_kept:
            raise NotAllowed(_("It is so already."))
        return LegalHold.objects.create(
            ticket=row, is_held=is_kept, reason=reason, officer=by, recorded_at=at
        )

"""Mails to departments: number, kind, project and due time, never the text of the question."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import Message
from coordination.delivery.outside import Letter, Outsider, reached, write_to
from coordination.parties.models import Department
from coordination.referrals.chasing import ChaseKind
from coordination.referrals.links import make_link, order_key
from coordination.referrals.models import Referral
from coordination.tickets.models import Ticket
from coordination.tickets.telling import in_centre_language
from coordination.tickets.urgency import Urgency
from projects.house.rooms import Topic

TO_DEPARTMENTS: Final = Topic("ticket.referral", _("Letter to a department"), can_be_chosen=False)
REFERRED: Final = Topic("ticket.referred", _("A department answers, or is late"))
_FIRST: Final = _("Referral (会办): please answer by %(due)s, ticket %(number)s")
_TITLES: Final[dict[ChaseKind, Promise]] = {
    ChaseKind.REMINDED: _("Reminder (会办): your answer is due by %(due)s, ticket %(number)s"),
    ChaseKind.OVERDUE: _("Overdue (会办): your answer was due by %(due)s, ticket %(number)s"),
    ChaseKind.BY_HAND: _("Chased (会办): please answer by %(due)s, ticket %(number)s"),
}


def outsider(department: Department) -> Outsider:
    """The department as a recipient of ``delivery``."""
    return Outsider(f"department:{department.pk}", department.name, department.email)


def mailable_departments(departments: Collection[Department]) -> frozenset[int]:
    """The ids of those that can be mailed; to the others an officer gives the link himself."""
    ids = {outsider(department).to: department.pk for department in departments}
    return frozenset(ids[to] for to in reached(map(outsider, departments)))


def send_link(
    referral: Referral, ticket: Ticket, at: datetime, kind: ChaseKind | None = None
) -> bool:
    """Mail a new link, which replaces the open one; return whether the department can be mailed.

    Where it cannot, the link that an officer has given to it stays open.
    """
    if not mailable_departments([referral.department]):
        return False
    link, address = make_link(referral, at, by=None)
    with in_centre_language():
        letter = Letter(_message(referral, ticket, kind), address)
    link.delivery = write_to(outsider(referral.department), letter, at)
    link.save(update_fields=["delivery"])
    return True


def _message(referral: Referral, ticket: Ticket, kind: ChaseKind | None) -> Message:
    due = f"{timezone.localtime(referral.due_at):%Y-%m-%d %H:%M}"
    title = _TITLES[kind] if kind else _FIRST
    text = (
        gettext("%(department)s:") % {"department": referral.department},
        gettext("You are asked to help with a matter of a key construction project."),
        f"{ticket.number} · {ticket.get_kind_display()} · {ticket.project}",
        gettext(
            "Open the link to read what is asked and to answer; no account is needed. It is for "
            "your department alone, can be answered once, and takes the place of any earlier one."
        ),
    )
    return Message(
        topic=TO_DEPARTMENTS, title=str(title) % {"due": due, "number": ticket.number},
        text="\n".join(text), order_key=order_key(referral),
        is_urgent=ticket.urgency == Urgency.CRITICAL,
    )  # fmt: skip

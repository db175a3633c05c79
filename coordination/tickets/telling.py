"""Who is told of which verb, in the transaction that records it.

Whoever did it is not told of it. A message names the ticket by its number, kind and project;
what an enterprise wrote stays on the ticket's page.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import Announcement, Message, announce, announced
from coordination.groups.queries import members_of
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import RUNNING, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Assistance, Ticket
from coordination.tickets.queries_responsible import answers_for, nobody_acts
from coordination.tickets.urgency import Urgency
from projects.house.rooms import Topic
from projects.record.writing import Rows

_DEADLINE_MOVED: Final = _("Ticket %(number)s: the year is entered, and the deadline moved")
Audience = Callable[[Ticket, datetime], Iterable[int]]
MOST_ALONE: Final = 5  # tickets filed at once of which each has a message of its own
MOST_NAMED: Final = 3

ROUTED: Final = Topic("ticket.routed", _("A ticket comes to me"))
MOVED: Final = Topic("ticket.moved", _("The enterprise does something with a ticket"))
RETURNED: Final = Topic("ticket.returned", _("A ticket is worked on once more"))
PRESSED: Final = Topic("ticket.pressed", _("A ticket is urged or supervised"))
CLOCK: Final = Topic("ticket.clock", _("The deadline of a ticket is at issue"))
SETTLED: Final = Topic("ticket.settled", _("A ticket waits for its follow-up"))
SIGNED: Final = Topic("ticket.signed", _("A ticket is signed for or countersigned"))


def responsible(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Who has it, and whoever stands in for him; everyone of the group where nobody has.

    The duty desk where nobody of its group can act, or no group has it.
    """
    if ticket.group_id is None:
        return on_duty(ticket, at)
    answers = answers_for(ticket, at)
    if answers is None:
        return {*_who_may_see(ticket, at), *on_duty(ticket, at)}
    if answers == ticket.handler_id:
        return [answers]
    return {*_who_may_see(ticket, at), *([answers] if ticket.handler_id else [])}


def _who_may_see(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Its handler, or everyone of its group where there is none; of them who is in service there.

    Whoever is on leave is told too: he finds it when he is back.
    """
    members = members_of(ticket.group_id or 0, at)
    found = members.filter(pk=ticket.handler_id) if ticket.handler_id is not None else members
    return found.values_list("pk", flat=True)


def routed_to(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Who was found to answer for it just now, so that nobody stands in for him."""
    return [ticket.handler_id] if ticket.handler_id is not None else responsible(ticket, at)


def leading(ticket: Ticket, at: datetime) -> Iterable[int]:
    """The lead of its group; the duty desk where it has none, or nobody of it can act."""
    if ticket.group_id is None:
        return on_duty(ticket, at)
    leads = members_of(ticket.group_id, at).filter(role=Role.GROUP_LEAD)
    found = set(leads.values_list("pk", flat=True))
    return found if found and not nobody_acts(ticket, at) else {*found, *on_duty(ticket, at)}


def on_duty(_ticket: Ticket, _at: datetime) -> Iterable[int]:
    """The centre's duty desk."""
    return Officer.objects.filter(is_active=True, role=Role.DUTY_DESK).values_list("pk", flat=True)


def answerable(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Who has it, and the lead of its group."""
    return {*responsible(ticket, at), *leading(ticket, at)}


def returned_to(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Who has it, and who had signed for it since it was resolved."""
    of_the_end = ticket.events.filter(verb__in=[Verb.RESOLVE, Verb.SIGN_OFF]).order_by("-seq")
    last = of_the_end.values_list("verb", "officer_id").first()
    signed = {last[1]} if last is not None and last[0] == Verb.SIGN_OFF else set()
    return {*responsible(ticket, at), *signed}


def signing(_ticket: Ticket, _at: datetime) -> Iterable[int]:
    """Who may give the centre's signature."""
    rows = Officer.objects.filter(is_active=True, role__in=[Role.DUTY_DESK, Role.DIRECTOR])
    return rows.values_list("pk", flat=True)


def signed(ticket: Ticket, _at: datetime) -> Iterable[int]:
    """Who signed for it first."""
    return [] if ticket.signed_off_by_id is None else [ticket.signed_off_by_id]


def called_in(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Who was called in to assist just now."""
    return Assistance.objects.filter(ticket=ticket, since=at).values_list("officer_id", flat=True)


@dataclass(frozen=True)
class Telling:
    """What is said of a verb, and to whom; ``in_group`` where the group's own chat hears it."""

    topic: Topic
    title: Promise
    whom: Audience = responsible
    in_group: bool = False
    many: Promise | None = None  # of many at once, with their count


# A room above adds what is told of its own verbs.
TOLD: Final[dict[str, Telling]] = {
    Verb.SUBMIT: Telling(
        ROUTED,
        _("New ticket %(number)s"),
        routed_to,
        in_group=True,
        many=_("%(count)d new tickets at once"),
    ),
    Verb.PASS_ON: Telling(ROUTED, _("Ticket %(number)s was passed on to you"), in_group=True),
    Verb.HAND_OVER: Telling(ROUTED, _("Ticket %(number)s was handed over to you")),
    Verb.SUPPLEMENT: Telling(MOVED, _("Ticket %(number)s: your question was answered")),
    Verb.WITHDRAW: Telling(MOVED, _("Ticket %(number)s was withdrawn")),
    Verb.CONFIRM: Telling(MOVED, _("Ticket %(number)s was confirmed by the enterprise")),
    Verb.COMMENT: Telling(MOVED, _("Ticket %(number)s: there is a new comment")),
    Verb.ATTACH: Telling(MOVED, _("Ticket %(number)s: there is a new attachment")),
    Verb.ASSIST: Telling(ROUTED, _("You are asked to assist with ticket %(number)s"), called_in),
    Verb.URGE: Telling(PRESSED, _("Ticket %(number)s was urged")),
    Verb.SUPERVISE: Telling(PRESSED, _("Ticket %(number)s is under supervision"), answerable),
    Verb.REDO: Telling(RETURNED, _("Ticket %(number)s has to be done again"), returned_to),
    Verb.REOPEN: Telling(RETURNED, _("Ticket %(number)s was reopened")),
    Verb.LOSE_ORIGINAL: Telling(
        RETURNED, _("Ticket %(number)s is a duplicate; its original was declined or withdrawn")
    ),
    Verb.REVIVE: Telling(ROUTED, _("Ticket %(number)s was revived"), routed_to, in_group=True),
    Verb.LAPSE: Telling(CLOCK, _("Ticket %(number)s: the question lapsed, the clock runs again")),
    Verb.REGRADE: Telling(CLOCK, _("Ticket %(number)s has another urgency and deadline")),
    Verb.EXTEND: Telling(CLOCK, _("Ticket %(number)s: an extension is asked for"), leading),
    Verb.GRANT: Telling(CLOCK, _("Ticket %(number)s: the extension is granted")),
    Verb.DENY: Telling(CLOCK, _("Ticket %(number)s: the extension is refused")),
    Verb.RESOLVE: Telling(
        SETTLED, _("Ticket %(number)s is resolved and waits for its follow-up"), leading
    ),
    Verb.SIGN_OFF: Telling(
        SIGNED, _("Ticket %(number)s was once overdue and waits for countersignature"), signing
    ),
    Verb.COUNTERSIGN: Telling(SIGNED, _("Ticket %(number)s is countersigned"), signed),
}


def message(subject: Topic, title: Promise, ticket: Ticket, detail: str = "") -> Message:
    """About this ticket, in the centre's language; called inside ``in_centre_language``."""
    kind, urgency = KINDS[ticket.kind].label, Urgency(ticket.urgency).label
    facts = [str(kind), str(ticket.project), str(urgency), detail]
    return Message(
        topic=subject,
        title=str(title) % {"number": ticket.number},
        text=" · ".join(each for each in facts if each)[:500],
        link=reverse("admin:tickets_ticket_change", args=[ticket.pk]),
        order_key=f"ticket:{ticket.pk}",
        is_urgent=ticket.urgency == Urgency.CRITICAL,
    )


def tell_of_deadline(ticket: Ticket, due: datetime | None, at: datetime) -> None:
    """Tell whoever has the ticket that its deadline moved; nobody where there is none, or ended."""
    if due is None or ticket.status not in RUNNING:
        return
    with in_centre_language():
        said = message(CLOCK, _DEADLINE_MOVED, ticket, by_when(due))
    announce(said, officers=responsible(ticket, at), at=at)


def by_when(due: datetime) -> str:
    """The deadline, as messages give it."""
    moment = f"{timezone.localtime(due):%Y-%m-%d %H:%M}"
    return gettext("due %(moment)s") % {"moment": moment}


def in_centre_language() -> translation.override:
    """A message is a record of what was said, so it is said in one language."""
    return translation.override(settings.LANGUAGE_CODE)


# These look at who has the ticket and at nothing else of it; those at its project too.
_BY_SEAT: Final = frozenset({routed_to, leading})
_BY_PROJECT: Final = frozenset({responsible, answerable})


type Done = tuple[str, Ticket]


def told_of(done: Sequence[Done], *, at: datetime, by: object) -> tuple[Rows, Rows]:
    """What tells whom the table names, of verbs about to be recorded of tickets held locked."""
    with in_centre_language():
        return announced(_announcements(done, at, by), at=at)


def _announcements(done: Sequence[Done], at: datetime, by: object) -> Iterator[Announcement]:
    """What is said of each, or of many together; people are looked for once where they share it."""
    by_seat = defaultdict[tuple[str, object], list[Ticket]](list)
    for name, ticket in done:
        if name in TOLD:
            by_seat[name, _seat(TOLD[name], ticket)].append(ticket)
    for (verb, _seated), tickets in by_seat.items():
        first, telling = tickets[0], TOLD[verb]
        told = frozenset(telling.whom(first, at)) - {by.pk if isinstance(by, Officer) else None}
        group = first.group_id if telling.in_group else None
        for said in _messages(telling, tickets):
            yield Announcement(said, told, group)


def _seat(telling: Telling, ticket: Ticket) -> object:
    """What decides who is told, as far as it can be shared."""
    seat = (ticket.handler_id, ticket.group_id)
    if telling.whom in _BY_SEAT:
        return seat
    return (seat, ticket.project_id) if telling.whom in _BY_PROJECT else ticket.pk


def _messages(telling: Telling, tickets: Sequence[Ticket]) -> Iterable[Message]:
    if telling.many is None or len(tickets) <= MOST_ALONE:
        return (message(telling.topic, telling.title, each) for each in tickets)
    return [_together(telling.topic, telling.many, tickets)]


def _together(subject: Topic, title: Promise, tickets: Sequence[Ticket]) -> Message:
    """Of so many nobody wants a message each."""
    first, last = tickets[0], tickets[-1]
    kinds = {each.kind: str(KINDS[each.kind].label) for each in tickets}
    projects = {each.project_id: str(each.project) for each in tickets}
    facts = [
        f"{first.number} … {last.number}", *_pressing(tickets), _some(kinds.values()),
        _some(projects.values()),
    ]  # fmt: skip
    return Message(
        topic=subject,
        title=str(title) % {"count": len(tickets)},
        text=" · ".join(facts)[:500],
        link=f"{reverse('admin:tickets_ticket_changelist')}?status={first.status}",
        order_key=f"tickets:{first.pk}",
        is_urgent=any(each.urgency == Urgency.CRITICAL for each in tickets),
    )


def _pressing(tickets: Iterable[Ticket]) -> Iterator[str]:
    """How many are of which urgency beyond the usual."""
    many = Counter(each.urgency for each in tickets)
    for urgency in (Urgency.CRITICAL, Urgency.URGENT):
        if many[urgency]:
            yield f"{urgency.label} {many[urgency]}"


def _some(names: Iterable[str]) -> str:
    """The first few, and that there are others."""
    given = list(names)
    return "、".join(given[:MOST_NAMED]) + (" …" if len(given) > MOST_NAMED else "")

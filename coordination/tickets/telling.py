"""Which officers are told of which verb: their messages, written in the verb's transaction.

The officer who did it is not told. A message names the ticket by its number, kind and project; it
does not contain what an enterprise wrote.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
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
from projects.worktime.sentence import closing

_DEADLINE_MOVED: Final = _("Ticket %(number)s: the year is entered, and the deadline moved")
Audience = Callable[[Ticket, datetime], Iterable[int]]
MOST_ALONE: Final = 5  # of more tickets filed at once there is one message for all
MOST_NAMED: Final = 3  # kinds or projects that such a message names

ROUTED: Final = Topic("ticket.routed", _("A ticket comes to me"))
MOVED: Final = Topic("ticket.moved", _("The enterprise does something with a ticket"))
RETURNED: Final = Topic("ticket.returned", _("A ticket is worked on once more"))
PRESSED: Final = Topic("ticket.pressed", _("A ticket is urged or supervised"))
CLOCK: Final = Topic("ticket.clock", _("The deadline of a ticket is at issue"))
SETTLED: Final = Topic("ticket.settled", _("A ticket waits for its follow-up"))
SIGNED: Final = Topic("ticket.signed", _("A ticket is signed for or countersigned"))


def responsible(ticket: Ticket, at: datetime) -> Iterable[int]:
    """The ticket's handler, and who stands in for him if he cannot act.

    Without a handler everyone of its group. The duty desk where no group has it, and also where
    nobody of the group can act.
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
    """Its handler if he still serves in its group; without a handler everyone who serves there.

    Those on leave are included, and find the message when they are back.
    """
    members = members_of(ticket.group_id or 0, at)
    found = members.filter(pk=ticket.handler_id) if ticket.handler_id is not None else members
    return found.values_list("pk", flat=True)


def routed_to(ticket: Ticket, at: datetime) -> Iterable[int]:
    """The handler who was found for it just now; without one those of ``responsible``."""
    return [ticket.handler_id] if ticket.handler_id is not None else responsible(ticket, at)


def leading(ticket: Ticket, at: datetime) -> Iterable[int]:
    """The lead of its group; the duty desk where there is none, or nobody of the group can act."""
    if ticket.group_id is None:
        return on_duty(ticket, at)
    leads = members_of(ticket.group_id, at).filter(role=Role.GROUP_LEAD)
    found = set(leads.values_list("pk", flat=True))
    return found if found and not nobody_acts(ticket, at) else {*found, *on_duty(ticket, at)}


def on_duty(_ticket: Ticket, _at: datetime) -> Iterable[int]:
    """The centre's duty desk."""
    return Officer.objects.filter(is_active=True, role=Role.DUTY_DESK).values_list("pk", flat=True)


def answerable(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Those of ``responsible``, and the lead of its group."""
    return {*responsible(ticket, at), *leading(ticket, at)}


def returned_to(ticket: Ticket, at: datetime) -> Iterable[int]:
    """Those of ``responsible``, and who signed it off since it was resolved."""
    of_the_end = ticket.events.filter(verb__in=[Verb.RESOLVE, Verb.SIGN_OFF]).order_by("-seq")
    last = of_the_end.values_list("verb", "officer_id").first()
    signed = {last[1]} if last is not None and last[0] == Verb.SIGN_OFF else set()
    return {*responsible(ticket, at), *signed}


def signing(_ticket: Ticket, _at: datetime) -> Iterable[int]:
    """The duty desk and the director, who may countersign."""
    rows = Officer.objects.filter(is_active=True, role__in=[Role.DUTY_DESK, Role.DIRECTOR])
    return rows.values_list("pk", flat=True)


def signed(ticket: Ticket, _at: datetime) -> Iterable[int]:
    """The officer who gave the first of the two signatures."""
    return [] if ticket.signed_off_by_id is None else [ticket.signed_off_by_id]


def called_in(ticket: Ticket, at: datetime) -> Iterable[int]:
    """The officer who was asked to assist just now."""
    return Assistance.objects.filter(ticket=ticket, since=at).values_list("officer_id", flat=True)


@dataclass(frozen=True)
class Telling:
    """The message about a verb, and to whom it goes.

    ``in_group``: also to the channels of the ticket's group. ``many`` is the title of one message
    about many tickets, with their number.
    """

    topic: Topic
    title: Promise
    whom: Audience = responsible
    in_group: bool = False
    many: Promise | None = None


# By verb. A room above adds the messages about its own verbs.
TOLD: Final[dict[str, Telling]] = {
    Verb.SUBMIT: Telling(
        ROUTED,
        _("New ticket %(number)s"),
        routed_to,
        in_group=True,
        many=_("%(count)d new tickets at once"),
    ),
    Verb.ACCEPT: Telling(ROUTED, _("Ticket %(number)s was accepted for you"), routed_to),
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
    """A message about this ticket; called inside ``in_centre_language``."""
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
    """Tell those of ``responsible`` of the new deadline, if there is one and it still runs."""
    if due is None or ticket.status not in RUNNING:
        return
    with in_centre_language():
        said = message(CLOCK, _DEADLINE_MOVED, ticket, by_when(due))
    announce(said, officers=responsible(ticket, at), at=at)


def by_when(due: datetime) -> str:
    """The deadline in words, for a message; the end of a day is its 24:00."""
    day, time = closing(due)
    return gettext("due %(moment)s") % {"moment": f"{day:%Y-%m-%d} {time}"}


def in_centre_language() -> translation.override:
    """The language of messages: one for all, because each is kept as it was sent."""
    return translation.override(settings.LANGUAGE_CODE)


# Audiences that depend on a ticket's handler and group alone, and those that depend on its project
# too: tickets that have these in common share one query.
_BY_HANDLER: Final = frozenset({routed_to, leading})
_BY_PROJECT: Final = frozenset({responsible, answerable})


type Done = tuple[str, Ticket]


def told_of(done: Sequence[Done], *, at: datetime, by: object) -> tuple[Rows, Rows]:
    """The rows of the messages about verbs that are to be recorded; their tickets are locked."""
    with in_centre_language():
        return announced(_announcements(done, at, by), at=at)


def _announcements(done: Sequence[Done], at: datetime, by: object) -> Iterator[Announcement]:
    """The messages; tickets of one verb with the same audience ask for it once."""
    by_audience = defaultdict[tuple[str, object], list[Ticket]](list)
    for name, ticket in done:
        if name in TOLD:
            by_audience[name, _audience_key(TOLD[name], ticket)].append(ticket)
    for (verb, _key), tickets in by_audience.items():
        first, telling = tickets[0], TOLD[verb]
        told = frozenset(telling.whom(first, at)) - {by.pk if isinstance(by, Officer) else None}
        group = first.group_id if telling.in_group else None
        for said in _messages(telling, tickets):
            yield Announcement(said, told, group)


def _audience_key(telling: Telling, ticket: Ticket) -> object:
    """Tickets with an equal key have the same audience."""
    key = (ticket.handler_id, ticket.group_id)
    if telling.whom in _BY_HANDLER:
        return key
    return (key, ticket.project_id) if telling.whom in _BY_PROJECT else ticket.pk


def _messages(telling: Telling, tickets: Sequence[Ticket]) -> Iterable[Message]:
    if telling.many is None or len(tickets) <= MOST_ALONE:
        return (message(telling.topic, telling.title, each) for each in tickets)
    return [_together(telling.topic, telling.many, tickets)]


def _together(subject: Topic, title: Promise, tickets: Sequence[Ticket]) -> Message:
    """One message about all of them."""
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
    """How many are critical, and how many urgent."""
    many = Counter(each.urgency for each in tickets)
    for urgency in (Urgency.CRITICAL, Urgency.URGENT):
        if many[urgency]:
            yield f"{urgency.label} {many[urgency]}"


def _some(names: Iterable[str]) -> str:
    """The first few names, and a mark if there are others."""
    given = list(names)
    return "、".join(given[:MOST_NAMED]) + (" …" if len(given) > MOST_NAMED else "")

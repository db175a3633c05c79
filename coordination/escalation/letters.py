"""The written urging (催办通知书) and the written supervision (督办函), as they are printed.

A letter is composed of what was recorded when the ticket was urged or supervised: by the ladder's
steps L1 and L2, by the centre, or by the enterprise. Printed a year later it has the same deadline,
lateness, group and words, but for personal data that was erased meanwhile; the ticket's title and
the project's name are those of the day of printing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.escalation.flow import EscalationVerb
from coordination.escalation.ladder import Level
from coordination.escalation.models import Annulment
from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_history import standing_at
from coordination.tickets.queries_words import word_of
from coordination.tickets.stages import Stage
from projects.register.names import called
from projects.worktime.sentence import say_lateness, say_whole

_URGING: Final = Q(verb=Verb.URGE) | Q(verb=EscalationVerb.ESCALATE, payload__level=Level.L1)
_SUPERVISION: Final = Q(verb=Verb.SUPERVISE) | Q(
    verb=EscalationVerb.ESCALATE, payload__level=Level.L2
)


@dataclass(frozen=True)
class Letter:
    """One letter; ``to`` is its addressee, ``copies`` who else gets it, ``day`` its date."""

    event: TicketEvent
    title: str
    number: str
    to: str
    paragraphs: tuple[str, ...]
    copies: str
    day: date
    is_annulled: bool


def letter_events(ticket: Ticket) -> QuerySet[TicketEvent]:
    """The ticket's events of which there is a letter, in their order."""
    rows = ticket.events.filter(_URGING | _SUPERVISION).order_by("seq")
    return rows.select_related("text", "officer", "api_key__enterprise")


def is_supervision(event: TicketEvent) -> bool:
    """Whether the event's letter is a 督办函; the others are 催办通知书."""
    return event.verb == Verb.SUPERVISE or event.payload.get("level") == Level.L2


def letter_of(ticket: Ticket, event: TicketEvent, officer: Officer) -> Letter:
    """The letter of one of ``letter_events``, as this officer may read it."""
    supervises = is_supervision(event)
    same = _SUPERVISION if supervises else _URGING
    place = ticket.events.filter(same, seq__lte=event.seq).count()
    group = _group_at(ticket, event.recorded_at)
    values = {"number": ticket.number, "place": place}
    if supervises:
        title, number = _("Letter of supervision"), _("%(number)s-supervision-%(place)s") % values
        copies = _("the head of the unit, the leader in charge")
    else:
        title, number = _("Notice of urging"), _("%(number)s-urging-%(place)s") % values
        copies = _("the unit's deputy head")
    return Letter(
        event, title, number, group, tuple(_paragraphs(ticket, event, officer)), copies,
        timezone.localdate(event.recorded_at),
        Annulment.objects.filter(escalation=event.pk).exists(),
    )  # fmt: skip


def _group_at(ticket: Ticket, at: datetime) -> str:
    """Who answered for the ticket then."""
    stood = standing_at(at).filter(ticket=ticket).select_related("group").first()
    return str(stood.group) if stood is not None and stood.group is not None else _("Duty desk")


def _paragraphs(ticket: Ticket, event: TicketEvent, officer: Officer) -> Iterator[str]:
    yield _(
        "Ticket %(number)s “%(title)s”, which your group handles (project: %(project)s; "
        "enterprise: %(enterprise)s), was filed on %(filed)s."
    ) % {
        "number": ticket.number, "title": ticket.title, "project": ticket.project,
        "enterprise": called(ticket.enterprise, ticket.filed_at).name,
        "filed": say_whole(ticket.filed_at),
    }  # fmt: skip
    yield from _deadline(ticket, event)
    yield from _why(event)
    words = word_of(event, "instruction") or word_of(event, "note")
    if words:
        shown = personal.words_for(ticket, officer)(words)
        yield (
            _("It is required: %(words)s") if is_supervision(event) else _("Note: %(words)s")
        ) % {"words": shown}
    if is_supervision(event):
        yield _(
            "The group's lead is to take the matter in hand, to settle it without delay, and to "
            "report the outcome and the cause of the delay in the ticket."
        )
    elif _due_at(ticket, event) is not None:
        yield _(
            "Please settle it without delay and tell the enterprise how it stands. Where there is "
            "a reason beyond your control, explain the delay in the ticket."
        )


def _due_at(ticket: Ticket, event: TicketEvent) -> tuple[datetime, str] | None:
    """The deadline that ran when the event was recorded, and its stage."""
    told = ticket.events.filter(seq__lte=event.seq, payload__has_key="clock").order_by("-seq")
    clock = told.values_list("payload__clock", flat=True).first()
    return (datetime.fromisoformat(clock["due"]), clock["stage"]) if clock else None


def _deadline(ticket: Ticket, event: TicketEvent) -> Iterator[str]:
    at = event.recorded_at
    found = _due_at(ticket, event)
    if found is None:
        return
    due, stage = found
    values = {"due": say_whole(due), "at": say_whole(at), "lateness": say_lateness(due, at)}
    accepting = stage == Stage.ACCEPT
    if due < at:
        yield (
            _("It was to be accepted by %(due)s. On %(at)s it was not: %(lateness)s.")
            if accepting
            else _("It was to be resolved by %(due)s. On %(at)s it was not: %(lateness)s.")
        ) % values
    else:
        yield (
            _("It is to be accepted by %(due)s: %(lateness)s.")
            if accepting
            else _("It is to be resolved by %(due)s: %(lateness)s.")
        ) % values


def _why(event: TicketEvent) -> Iterator[str]:
    """Who asked for the letter, where that is not the rule of the ladder."""
    if event.api_key is not None:
        yield _("The enterprise asks for it to be hurried.")
    elif event.verb == EscalationVerb.ESCALATE and is_supervision(event):
        yield _("It was urged in writing before, and is still not settled.")

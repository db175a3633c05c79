"""What became of an issue's messages, for its page; and sending again those that failed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.bulletins.issues.addresses import subject_of
from coordination.bulletins.issues.queries import has_signed_successor
from coordination.bulletins.models import Issue, IssueEvent, IssueVerb, Recipient
from coordination.delivery.models import WEBHOOK, Channel, Delivery, State
from coordination.delivery.queries import deliveries_about
from coordination.delivery.replay import replay_all
from coordination.staff.models import Officer, Role
from projects.record.refusals import NotAllowed

NAMED: Final = 200  # deliveries that the page lists by name
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
OUTSIDE: Final = "outside"
_LABELS: Final = {
    Channel.EMAIL: gettext_lazy("Officers' and groups' mail"),
    "robots": gettext_lazy("Group robots"),
    OUTSIDE: gettext_lazy("Recipients' mail"),
    WEBHOOK: gettext_lazy("Enterprises' webhooks"),
}


@dataclass(frozen=True)
class Way:
    """One way on which an issue was sent, and how many messages are in which state."""

    label: Any
    delivered: int
    waiting: int
    failed: int


@dataclass(frozen=True)
class Sent:
    """What was sent of an issue; ``told``, ``named`` and ``unreached`` are for the centre alone.

    ``told`` are the officers told at the desk; ``more`` says that there are more deliveries than
    the named.
    """

    officers: int
    told: tuple[str, ...]
    ways: tuple[Way, ...]
    failed: int
    named: tuple[Delivery, ...]
    more: bool
    unreached: tuple[str, ...]
    subject: str


def sent_of(issue: Issue, officer: Officer) -> Sent | None:
    """What was sent of it; None where it was not distributed."""
    event = issue.events.filter(verb=IssueVerb.DISTRIBUTE).first()
    if event is None:
        return None
    rows = deliveries_about(subject_of(issue))
    ways = tuple(_ways(rows))
    is_centre = sees_deliveries(officer)
    named = _named(rows) if is_centre else []
    return Sent(
        officers=len(event.payload.get("officers", ())),
        told=_told(event) if is_centre else (), ways=ways,
        failed=sum(way.failed for way in ways), named=tuple(named[:NAMED]),
        more=len(named) > NAMED, unreached=_unreached(event) if is_centre else (),
        subject=subject_of(issue),
    )  # fmt: skip


def sees_deliveries(officer: Officer) -> bool:
    """Whether he sees to whom each message went: the centre and the auditor."""
    return officer.role in _CENTRE or officer.is_superuser


def _named(rows: Any) -> list[Delivery]:
    """One more than the page lists; those that failed first, then those that wait."""
    order = {State.DEAD: 0, State.PENDING: 1, State.MERGED: 1, State.DELIVERED: 2}
    related = ("destination__officer", "destination__group", "endpoint__enterprise")
    found: list[Delivery] = list(rows.select_related(*related).order_by("-pk")[: NAMED * 10])
    return sorted(found, key=lambda row: (order[State(row.state)], row.pk))[: NAMED + 1]


def _told(event: IssueEvent) -> tuple[str, ...]:
    found = Officer.objects.filter(pk__in=event.payload.get("officers", ()))
    return tuple(found.order_by("name", "pk").values_list("name", flat=True))


def _unreached(event: IssueEvent) -> tuple[str, ...]:
    found = Recipient.objects.filter(pk__in=event.payload.get("unreached", ()))
    return tuple(found.values_list("name", flat=True))


def _ways(rows: Any) -> Iterator[Way]:
    """Each way by which anything was sent, in their order."""
    numbers: dict[str, Counter[str]] = {way: Counter() for way in _LABELS}
    is_hook = ExpressionWrapper(Q(endpoint__isnull=False), BooleanField())
    grouped = rows.order_by().annotate(is_hook=is_hook).values(
        "is_hook", "destination__outside", "destination__channel", "state"
    ).annotate(number=Count("pk"))  # fmt: skip
    for each in grouped:
        numbers[_way_of(each)][each["state"]] += each["number"]
    for way, found in numbers.items():
        if found:
            waiting = found[State.PENDING] + found[State.MERGED]
            yield Way(_LABELS[way], found[State.DELIVERED], waiting, found[State.DEAD])


def _way_of(row: dict[str, Any]) -> str:
    if row["is_hook"]:
        return WEBHOOK
    if row["destination__outside"]:
        return OUTSIDE
    return Channel.EMAIL if row["destination__channel"] == Channel.EMAIL else "robots"


def send_failed_again(*, issue: Issue, by: Officer) -> tuple[int, int]:
    """Send every message of the issue again that was given up, each under its own id.

    By duty desk and director. Returns how many are on their way, and how many cannot be sent, as
    their channel is closed. Raises NotAllowed for others, where nothing failed, and of an edition
    that was replaced: whoever was not reached is sent the one in force.
    """
    if not by.has_perm("bulletins.change_issue"):
        raise NotAllowed
    if has_signed_successor(issue):
        raise NotAllowed(_("A newer edition of it is in force; distribute that one."))
    failed = deliveries_about(subject_of(issue)).filter(state=State.DEAD)
    rows = list(failed.order_by("pk"))
    if not rows:
        raise NotAllowed(_("Nothing of this issue failed to be delivered."))
    return replay_all(deliveries=rows, by=by)

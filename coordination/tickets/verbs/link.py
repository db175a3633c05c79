"""Linking tickets: an event on both, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.chain import Actor, Person, append_each
from coordination.tickets.flow import UNMET, Verb
from coordination.tickets.models import Fulfilment, Relation, Ticket, TicketEvent, TicketLink
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_links import FROM, TO
from coordination.tickets.step import Step, record_step, require_text, step
from projects.flow.chain import Entry, Tail
from projects.record.clock import change
from projects.record.refusals import Checker
from projects.record.writing import reserve, sequence_of


def link(*, ticket: Ticket, number: str, version: int | None = None, by: Officer) -> Ticket:
    """关联: this ticket has to do with another that the officer may see.

    Raises Invalid by ``number`` where there is no such ticket, it is this one, or they are linked.
    """
    with _two(Verb.LINK, ticket, number, version, by) as (this, other):
        check = Checker()
        check.require(not _between(this.ticket, other).exists(), "number",
                      _("These tickets are linked already."), "linked")  # fmt: skip
        check.finish()
        _join(this, other, Relation.RELATED, by)
    return this.ticket


def unlink(*, ticket: Ticket, number: str, version: int | None = None, by: Officer) -> Ticket:
    """取消关联 of tickets that are related; a duplicate ends by reopening or reviving it.

    Raises Invalid by ``number`` where they are not.
    """
    with _two(Verb.UNLINK, ticket, number, version, by) as (this, other):
        rows = _between(this.ticket, other).filter(relation=Relation.RELATED)
        check = Checker()
        check.require(rows.exists(), "number", _("These tickets are not related."), "not-linked")
        check.finish()
        rows.delete()
        _say(this, Relation.RELATED, other)
        _tell(Verb.UNLINK, other, Relation.RELATED, this, by)
    return this.ticket


def mark_duplicate(
    *, ticket: Ticket, number: str, reason: str, version: int | None = None, by: Officer
) -> Ticket:
    """标记重复: the same was asked before; this one is declined, the other goes on.

    Raises Invalid by ``number`` where the other is of another project, a duplicate itself or
    ended without being met, or where something of this one was met or has duplicates.
    """
    text = require_text(reason=reason)
    with _two(Verb.DUPLICATE, ticket, number, version, by) as (this, other):
        _check_original(this.ticket, other)
        _between(this.ticket, other).delete()
        this.text = dict(text)
        _join(this, other, Relation.DUPLICATE_OF, by)
    return this.ticket


def _check_original(ticket: Ticket, other: Ticket) -> None:
    duplicates = TicketLink.objects.filter(relation=Relation.DUPLICATE_OF)
    check = Checker()
    for holds, message, code in (
        (other.project_id == ticket.project_id, _("It is of another project."), "project"),
        (other.status not in UNMET, _("It ended without being met."), "ended"),
        (not duplicates.filter(source=other).exists(), _("It is a duplicate itself."), "chain"),
        (not duplicates.filter(target=ticket).exists(), _("This ticket has duplicates."), "chain"),
        (not Fulfilment.objects.filter(ticket=ticket).exists(),
         _("Something of this ticket was met already."), "met"),
    ):  # fmt: skip
        check.require(holds, "number", message, code)
    check.finish()


def join_opened(
    pairs: Sequence[tuple[Ticket, Ticket]],
    *,
    after: Mapping[Ticket, Tail],
    at: datetime,
    by: Actor,
) -> None:
    """Of each pair the second was filed for the first: the link, and an event on both.

    Joins the transaction that filed them, so the rows are its own; ``after`` are their events.
    """
    if not pairs:
        return
    TicketLink.objects.bulk_create(
        TicketLink(source=opened, target=ticket, relation=Relation.OPENED_FOR, linked_at=at)
        for ticket, opened in pairs
    )
    sides = [
        (one, _payload(names[Relation.OPENED_FOR][0], other))
        for ticket, opened in pairs
        for one, other, names in ((ticket, opened, TO), (opened, ticket, FROM))
    ]
    ids = reserve(sequence_of(TicketEvent), many=len(sides))
    append_each(
        [
            Entry(one, Verb.LINK, one.status, said, {}, last=after[one], id=event_id)
            for (one, said), (event_id,) in zip(sides, ids, strict=True)
        ],
        at=at, by=by,
    )  # fmt: skip
    for one, _said in sides:
        one.version += 1
    Ticket.objects.filter(pk__in=[one.pk for one, _said in sides]).update(version=F("version") + 1)


def part_from_original(this: Step, by: Person) -> None:
    """A duplicate that is reopened or revived is one no longer. Joins the step of the caller."""
    row = TicketLink.objects.filter(source=this.ticket, relation=Relation.DUPLICATE_OF).first()
    if row is None:
        return
    other = Ticket.objects.select_for_update().get(pk=row.target_id)
    row.delete()
    _tell(Verb.UNLINK, other, Relation.DUPLICATE_OF, this, by)


@contextmanager
def _two(
    verb: Verb, ticket: Ticket, number: str, version: int | None, by: Officer
) -> Iterator[tuple[Step, Ticket]]:
    """The step on the one, with the other locked; rows are locked in one order, whoever asks."""
    with change():
        found = tickets_for(by).filter(number=number).values_list("pk", flat=True).first()
        ids = [ticket.pk, found or 0]
        rows = Ticket.objects.select_for_update().filter(pk__in=ids).order_by("pk").in_bulk()
        with step(verb, ticket=ticket, version=version, by=by) as this:
            check = Checker()
            check.require(found, "number", _("There is no such ticket."), "choice")
            check.require(found != ticket.pk, "number", _("This is the ticket itself."), "itself")
            check.finish()
            yield this, rows[found or 0]


def _between(one: Ticket, other: Ticket) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(source=one, target=other) | Q(source=other, target=one))


def _join(this: Step, other: Ticket, relation: Relation, by: Actor) -> None:
    TicketLink.objects.create(
        source=this.ticket, target=other, relation=relation, linked_at=this.at
    )
    _say(this, relation, other)
    _tell(Verb.LINK, other, relation, this, by)


def _say(this: Step, relation: Relation, other: Ticket) -> None:
    this.payload = _payload(FROM[relation][0], other)
    if relation is Relation.RELATED:
        this.internal = other.enterprise_id != this.ticket.enterprise_id


def _tell(verb: Verb, other: Ticket, relation: Relation, this: Step, by: Actor) -> None:
    """The event on the other ticket; internal where its enterprise may not know of this one."""
    record_step(
        verb, thing=other, to=other.status, at=max(this.at, other.changed_at),
        payload=_payload(TO[relation][0], this.ticket), text={},
        internal=other.enterprise_id != this.ticket.enterprise_id, by=by,
    )  # fmt: skip


def _payload(relation: str, other: Ticket) -> dict[str, str | int]:
    return {"relation": relation, "ticket": other.pk, "number": other.number}

"""Which referrals wait for a department, and how they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.parties.models import Department
from coordination.referrals.chasing import Step
from coordination.referrals.models import Chase, Referral
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from projects.record.refusals import FieldError, Invalid
from projects.worktime.reckon import reckon

_AT_ONCE: Final = 500


def open_referrals(ticket: Ticket | None = None) -> QuerySet[Referral]:
    """Those that wait for an answer, of one ticket or of all."""
    rows = Referral.objects.filter(answered_at=None, recalled_at=None)
    return rows if ticket is None else rows.filter(ticket=ticket)


def overdue_referrals(at: datetime) -> QuerySet[Referral]:
    """Those whose answer is late."""
    return open_referrals().filter(due_at__lt=at)


def waits_for_a_department(ticket: Ticket) -> bool:
    """Somebody is still asked."""
    return open_referrals(ticket).exists()


def require_no_referral(ticket: Ticket) -> None:
    """Raises Invalid while a department is still asked."""
    asked = [str(each.department) for each in open_referrals(ticket).select_related("department")]
    if asked:
        message = _(
            "An answer is still awaited from: %(departments)s. Wait for it, or recall the "
            "referral first."
        ) % {"departments": "、".join(asked)}
        raise Invalid([FieldError(("referrals",), message, "referral-open")])


def may_be_asked(ticket: Ticket) -> QuerySet[Department]:
    """The departments in service that are not asked already."""
    asked = open_referrals(ticket).filter(department=OuterRef("pk"))
    return Department.objects.filter(~Exists(asked), is_active=True)


def proposed_due(ticket: Ticket, at: datetime) -> datetime:
    """When an answer is due if nobody says otherwise: by the term that the centre has set.

    Raises Invalid where the calendar or the term is not known.
    """
    known = rules()
    span = known.term(Stage.REFER, ticket.kind, ticket.urgency)
    return reckon(at, span, known.calendar).due


def referrals_of(ticket: Ticket) -> QuerySet[Referral]:
    """All of a ticket's, in their order, with the words and the links of each."""
    related = ("department", "event__text", "answer_event__text", "asked_by")
    return (
        Referral.objects.filter(ticket=ticket)
        .select_related(*related)
        .prefetch_related("links__delivery__destination", "links__made_by")
        .order_by("pk")
    )


def to_be_looked_at() -> Iterator[Referral]:
    """The open ones with a step of the clockwork left, in batches, with the steps given."""
    late = Chase.objects.filter(referral=OuterRef("pk"), step=Step.OVERDUE)
    rows = open_referrals().filter(~Exists(late)).select_related("ticket")
    rows, after = rows.prefetch_related("chases"), 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:_AT_ONCE]):
        yield from found
        after = found[-1].pk


def late_departments(at: datetime) -> QuerySet[Department]:
    """Those with an answer overdue; no counting, since each queue asks for them."""
    late = overdue_referrals(at).filter(department=OuterRef("pk"))
    return Department.objects.filter(Exists(late))


@dataclass(frozen=True)
class Asked:
    """How much one department is asked, and how much of it is late."""

    department: int
    name: str
    open: int
    overdue: int
    since: datetime


def overdue_by_department(at: datetime) -> list[Asked]:
    """The departments whose answers are late, the longest overdue first."""
    counts = (
        open_referrals()
        .order_by()
        .values("department", name=F("department__name"))
        .annotate(
            number=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)), since=Min("due_at")
        )
        .filter(late__gt=0)
    )
    return [
        Asked(row["department"], row["name"], row["number"], row["late"], row["since"])
        for row in counts.order_by("since", "department")
    ]

"""Referrals that wait for an answer, and the departments that are late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.parties.models import Department
from coordination.referrals.chasing import ChaseKind
from coordination.referrals.models import Chase, Referral
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Attachment, Ticket
from coordination.tickets.stages import Stage
from coordination.tickets.waiting import Viewpoint
from projects.flow.actors import Barred
from projects.record.refusals import FieldError, Invalid
from projects.worktime.reckon import Deadline, reckon
from projects.worktime.spans import Span

_BATCH: Final = 500


def open_referrals(ticket: Ticket | None = None) -> QuerySet[Referral]:
    """The referrals neither answered nor recalled, of one ticket or of all."""
    rows = Referral.objects.filter(answered_at=None, recalled_at=None)
    return rows if ticket is None else rows.filter(ticket=ticket)


def overdue_referrals(at: datetime) -> QuerySet[Referral]:
    """The open referrals whose answer is late."""
    return open_referrals().filter(due_at__lt=at)


def late_of(view: Viewpoint) -> Q:
    """The officer's own tickets of which a department's answer is late."""
    return view.mine(Q(pk__in=overdue_referrals(view.at).values("ticket")))


def awaited_of(view: Viewpoint) -> Q:
    """Those of which an answer is awaited, and not late."""
    in_time = open_referrals().filter(due_at__gte=view.at)
    return view.mine(Q(pk__in=in_time.values("ticket")))


def none_open(ticket: Ticket, _by: object) -> Barred | None:
    """The bar of what is done with a referral whose answer is awaited."""
    if open_referrals(ticket).exists():
        return None
    return Barred(_("No department's answer is awaited."))


def require_no_referral(ticket: Ticket) -> None:
    """Raise Invalid while a department's answer is awaited."""
    referrals = open_referrals(ticket).select_related("department")
    departments = [str(referral.department) for referral in referrals]
    if departments:
        message = _(
            "An answer is still awaited from: %(departments)s. Wait for it, or recall the "
            "referral first."
        ) % {"departments": "、".join(departments)}
        raise Invalid([FieldError(("referrals",), message, "referral-open")])


def departments_to_ask(ticket: Ticket) -> QuerySet[Department]:
    """The active departments without an open referral of this ticket."""
    asked = open_referrals(ticket).filter(department=OuterRef("pk"))
    return Department.objects.filter(~Exists(asked), is_active=True)


def proposed_due(ticket: Ticket, at: datetime) -> tuple[Span, Deadline]:
    """The centre's term for an answer, and the deadline if it begins then.

    Raises Invalid where the term or the service hours are not entered.
    """
    known = rules()
    span = known.term(Stage.REFER, ticket.kind, ticket.urgency)
    return span, reckon(at, span, known.calendar)


def referrals_of(ticket: Ticket) -> QuerySet[Referral]:
    """All referrals of a ticket, in their order, with the texts, files and links of each."""
    related = ("department", "event__text", "answer_event__text", "asked_by", "ticket")
    files = Prefetch("answer_event__attachments", Attachment.objects.order_by("number"))
    return (
        Referral.objects.filter(ticket=ticket)
        .select_related(*related)
        .prefetch_related("links__delivery__destination", "links__made_by", files)
        .order_by("pk")
    )


def referrals_to_chase() -> Iterator[Referral]:
    """The open referrals not yet chased as overdue, with their chases; read in batches."""
    late = Chase.objects.filter(referral=OuterRef("pk"), step=ChaseKind.OVERDUE)
    rows = open_referrals().filter(~Exists(late)).select_related("ticket")
    return rows.prefetch_related("chases").order_by("pk").iterator(chunk_size=_BATCH)


def late_departments(at: datetime) -> QuerySet[Department]:
    """The departments with an overdue answer; not counted, since every queue page needs them."""
    late = overdue_referrals(at).filter(department=OuterRef("pk"))
    return Department.objects.filter(Exists(late))


@dataclass(frozen=True)
class DepartmentBacklog:
    """One department's open referrals, and how many of them are overdue."""

    department: int
    name: str
    open: int
    overdue: int
    since: datetime  # when the earliest answer was due


def overdue_by_department(at: datetime) -> list[DepartmentBacklog]:
    """The departments with overdue answers, the longest overdue first."""
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
        DepartmentBacklog(row["department"], row["name"], row["number"], row["late"], row["since"])
        for row in counts.order_by("since", "department")
    ]

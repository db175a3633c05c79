"""The panel of a ticket's page with its referrals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from coordination.delivery.models import Delivery
from coordination.referrals.flow import ANSWERERS, ReferralVerb
from coordination.referrals.letters import mailable_departments
from coordination.referrals.models import Referral, ReferralLink, Verdict
from coordination.referrals.queries import referrals_of
from coordination.tickets.attachments.queries import name_of
from coordination.tickets.attachments.serve import served_name
from coordination.tickets.flow import FLOW
from coordination.tickets.models import Attachment, Ticket
from coordination.tickets.queries_words import word_of
from coordination.tickets.reader import TicketReader
from projects.record.clock import now
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.worktime.calendar import end_of

_COLOURS = {Verdict.DONE: "success", Verdict.PARTLY: "warning", Verdict.CANNOT: "danger"}


@dataclass(frozen=True)
class Row:
    """One referral as the page shows it."""

    referral: Referral
    is_overdue: bool
    is_near: bool  # due today
    matter: str
    answer: str
    answerer: str
    colour: str
    files: list[tuple[Attachment, str]]  # of the answer, each with the name to be shown
    link: ReferralLink | None  # the last one
    letter: Delivery | None
    can_be_mailed: bool


def referrals_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """The referrals, the newest first; None where there are none."""
    referrals = list(referrals_of(ticket))
    if not referrals:
        return None
    may_act = reader.capacities & FLOW[ReferralVerb.CHASE].who and ticket.status in FLOW[
        ReferralVerb.CHASE
    ].sources  # fmt: skip
    clear = ANSWERERS in reader.clear
    mask = reader.words
    mailable = mailable_departments([row.department for row in referrals if row.is_open])
    rows = [_row(referral, mask, mailable, clear=clear) for referral in referrals]
    return {"rows": rows[::-1], "may_act": bool(may_act)}


def _row(
    referral: Referral, mask: Callable[[str], str], mailable: frozenset[int], *, clear: bool
) -> Row:
    links = sorted(referral.links.all(), key=lambda link: link.pk)
    link = links[-1] if links else None
    return Row(
        referral=referral, is_overdue=referral.is_open and referral.due_at < now(),
        is_near=referral.is_open and referral.due_at <= end_of(timezone.localdate(now())),
        matter=mask(word_of(referral.event, "matter")),
        answer=mask(word_of(referral.answer_event, "answer")),
        answerer=_answerer(referral, clear=clear), files=_files(referral, mask),
        colour=_COLOURS.get(Verdict(referral.verdict), "") if referral.verdict else "",
        link=link, letter=link.delivery if link else None,
        can_be_mailed=referral.department_id in mailable,
    )  # fmt: skip


def _files(referral: Referral, mask: Callable[[str], str]) -> list[tuple[Attachment, str]]:
    if referral.answer_event is None:
        return []
    files = referral.answer_event.attachments.all()  # in their order, read with the referrals
    return [(each, mask(name_of(each)) or served_name(each, referral.ticket)) for each in files]


def _answerer(referral: Referral, *, clear: bool) -> str:
    name = opened_or(referral, "answerer_name", None)
    phone = opened_or(referral, "answerer_phone", None)
    if name is None or phone is None:
        return str(UNREADABLE)
    if not clear:
        name = mask_name(name) if name else ""
        phone = mask_phone(phone) if phone else ""
    return " ".join(filter(None, (name, phone)))

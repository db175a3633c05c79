"""A department answers, once, by whoever has its link."""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.parties.models import LONGEST_PHONE, LinkEnd
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.links import end_links, find_link, require_open
from coordination.referrals.models import (
    LONGEST_NAME,
    Referral,
    ReferralLink,
    Verdict,
)
from coordination.referrals.refer import said_of, waiting
from coordination.tickets.models import Ticket
from coordination.tickets.step import LONGEST_TEXT, Step, step
from projects.flow.actors import SYSTEM, System
from projects.record.clock import change, now
from projects.record.refusals import Checker

_PHONE: Final = re.compile(r"[0-9+(（][0-9 ()（）+\-—转]{4,29}")


def find_open_link(token: str) -> ReferralLink:
    """The open link with this token; changes nothing, since mail scanners open links too.

    Raises Missing where there never was such a link, Gone where it was ended or has expired.
    """
    link = find_link(token)
    require_open(link, now())
    return link


def answer_by_link(
    *, token: str, answer: str, verdict: str, name: str = "", phone: str = ""
) -> None:
    """The department's answer, by its link, which opens nothing after.

    Of many at once, one is taken. Raises Missing, Gone, and Invalid by the field.
    """
    with change() as at:
        link = find_link(token)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=link.referral.ticket_id)
        link.refresh_from_db(fields=["ended_at", "ended_because"])  # as it is under the lock
        require_open(link, at)
        answer_referral(
            ticket=ticket, referral=link.referral, answer=answer, verdict=verdict, name=name,
            phone=phone, by=SYSTEM,
        )  # fmt: skip


def answer_referral(
    *,
    ticket: Ticket,
    referral: Referral | None,
    answer: str,
    verdict: str = "",
    name: str = "",
    phone: str = "",
    version: int | None = None,
    by: System,
) -> Ticket:
    """会办答复: recorded by the system for the department; the handler is told.

    Raises Invalid by the field: the answer and the outcome are required, who answered is not.
    """
    answer, name, phone = answer.strip(), name.strip(), phone.strip()
    _check(answer, verdict, name, phone)
    with step(ReferralVerb.ANSWER_REFERRAL, ticket=ticket, version=version, by=by) as this:
        row = waiting(this.ticket, referral)
        this.internal = True
        this.payload = {**said_of(row), "verdict": verdict}
        this.text = {"answer": answer}
        row.verdict, row.answerer_name, row.answerer_phone = verdict, name, phone
        this.also.append(lambda _event: _settle(row, this))
    return this.ticket


def _check(answer: str, verdict: str, name: str, phone: str) -> None:
    """All at once: who answers from outside is not sent back twice."""
    check = Checker()
    check.require(answer, "answer", _("This field is required."), "required")
    is_short = len(answer) <= LONGEST_TEXT
    check.require(is_short, "answer", _("At most 2,000 characters."), "max_length")
    check.require(verdict in Verdict.values, "verdict", _("Choose what came of it."), "choice")
    check.require(len(name) <= LONGEST_NAME, "name", _("At most 40 characters."), "max_length")
    is_phone = len(phone) <= LONGEST_PHONE and _PHONE.fullmatch(phone)
    check.require(not phone or is_phone, "phone", _("Enter a telephone number."), "phone")
    check.finish()


def _settle(row: Referral, this: Step) -> None:
    end_links(row, LinkEnd.USED, this.at)
    row.answered_at, row.answer_event = this.at, this.done()
    row.save()

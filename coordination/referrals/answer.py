"""A department's answer to a referral, given once by its link."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

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
from coordination.referrals.refer import open_referral, payload_of
from coordination.tickets.attachments.several import add_several, ready_several
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import LONGEST_TEXT, step
from projects.files.checks.file_bytes import Sent
from projects.files.content import Content
from projects.flow.actors import SYSTEM, System
from projects.record.clock import change, now
from projects.record.refusals import Checker
from projects.record.text import one_line, prose
from projects.register.identifiers import normalise_phone

_PHONE: Final = re.compile(r"[0-9+(（][0-9 ()（）+\-—转]{4,29}")


def find_open_link(token: str) -> ReferralLink:
    """The open link with this token; changes nothing, since mail scanners open links too.

    Raises Missing where there never was such a link, Gone where it was ended or has expired.
    """
    link = find_link(token)
    require_open(link, now())
    return link


class _Said(NamedTuple):
    """What a department said, as it is kept."""

    answer: str
    verdict: str
    name: str
    phone: str


def answer_by_link(
    *,
    token: str,
    answer: str,
    verdict: str,
    name: str = "",
    phone: str = "",
    files: Sequence[Sent] = (),
) -> None:
    """Record the answer of whoever has the link, with its files, and end the link.

    Of several at once only one is recorded. Raises Missing, Gone, Busy, and Invalid by the field.
    """
    find_open_link(token)  # before a file is looked at
    with ExitStack() as opened:
        check = Checker()
        said = check.gather(lambda: _checked(answer, verdict, name, phone))
        contents = check.gather(lambda: ready_several(opened, files=files))
        check.finish()
        assert said is not None  # noqa: S101 - or it was refused
        assert contents is not None  # noqa: S101 - or they were refused
        _record(token, said, contents)


def _record(token: str, said: _Said, contents: Sequence[Content]) -> None:
    """Record it in one transaction, under the ticket's lock."""
    with change() as at:
        link = find_link(token)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=link.referral.ticket_id)
        link.refresh_from_db(fields=["ended_at", "ended_because"])  # read under the ticket's lock
        require_open(link, at)
        answer_referral(
            ticket=ticket, referral=link.referral, files=contents, by=SYSTEM, **said._asdict()
        )


def answer_referral(
    *,
    ticket: Ticket,
    referral: Referral | None,
    answer: str,
    verdict: str = "",
    name: str = "",
    phone: str = "",
    files: Sequence[Content] = (),
    version: int | None = None,
    by: System,
) -> Ticket:
    """会办答复: recorded by the system for the department; the handler gets a notice.

    The answer and the verdict are required, name, phone and files are not. The files are internal
    attachments of the ticket, of this event. Raises Invalid by the field.
    """
    said = _checked(answer, verdict, name, phone)
    with step(ReferralVerb.ANSWER_REFERRAL, ticket=ticket, version=version, by=by) as current:
        row = open_referral(current.ticket, referral)
        current.internal = True
        current.payload = {**payload_of(row), "verdict": said.verdict}
        current.text = {"answer": said.answer}
        add_several(current, files)
        row.verdict, row.answerer_name, row.answerer_phone = said.verdict, said.name, said.phone
        current.also.append(lambda event: _close(row, event))
    return current.ticket


def _checked(answer: str, verdict: str, name: str, phone: str) -> _Said:
    """What was said, in its kept form. Raises Invalid with every mistake."""
    answer, name, phone = prose(answer), one_line(name), normalise_phone(phone)
    check = Checker()
    check.require(answer, "answer", _("This field is required."), "required")
    is_short = len(answer) <= LONGEST_TEXT
    check.require(is_short, "answer", _("At most 2,000 characters."), "max_length")
    check.require(verdict in Verdict.values, "verdict", _("Choose what came of it."), "choice")
    check.require(len(name) <= LONGEST_NAME, "name", _("At most 40 characters."), "max_length")
    is_phone = len(phone) <= LONGEST_PHONE and _PHONE.fullmatch(phone)
    check.require(not phone or is_phone, "phone", _("Enter a telephone number."), "phone")
    check.finish()
    return _Said(answer, verdict, name, phone)


def _close(referral: Referral, event: TicketEvent) -> None:
    end_links(referral, LinkEnd.USED, event.recorded_at)
    referral.answered_at, referral.answer_event = event.recorded_at, event
    referral.save()

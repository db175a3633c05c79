"""A hundred who accept one ticket, and two who edit it at once (R4, R5).

``make races`` runs a hundred rounds of each and prints what came of them; here it is a few.
"""

import os
import time
import uuid
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.refusals import NotAllowed
from tests.bed.races import Outcome, race
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("ROUNDS", "2"))
CALLERS = int(os.environ.get("CALLERS", "40"))
HEAD_STARTS = (0.0, 0.02, 0.01, 0.04)  # seconds; a page does more before its verb than the API
REASON, QUESTION = "已自行解决", "请补充行车路线"


@pytest.mark.timeout(3600)
def test_of_many_who_accept_one_wins() -> None:
    at = desk()
    people = (at.liaison, at.deputy, at.lead)
    seen: Counter[str] = Counter()
    for _round in range(ROUNDS):
        ticket = filed(at)
        outcomes = race(
            *(
                partial(perform, Verb.ACCEPT, ticket=ticket, by=people[number % 3])
                for number in range(CALLERS)
            )
        )
        seen.update(type(each.error or each.result).__name__ for each in outcomes)
        assert TicketEvent.objects.filter(ticket=ticket, verb=Verb.ACCEPT).count() == 1
        assert ticket.events.count() == 2
    assert seen == {Ticket.__name__: ROUNDS, NotAllowed.__name__: ROUNDS * (CALLERS - 1)}
    assert list(audit()) == []
    print(f"{ROUNDS} × {CALLERS} accepts: {dict(seen)}")  # noqa: T201 - its result


def _by_api(at: Desk, ticket: Ticket, match: str | None, after: float = 0) -> int:
    """The enterprise withdraws, from the version that it read."""
    time.sleep(after)
    headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": match} if match else {})
    address = reverse("api:ticket-withdraw", args=[ticket.number])
    answer = client_with(at.token).post(address, {"reason": REASON}, headers=headers)
    return int(answer.status_code)


def _by_page(at: Desk, ticket: Ticket) -> tuple[int, str]:
    """The liaison asks, from the version that the page showed."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(at.liaison, backend="coordination.staff.roles.RoleBackend")
    typed = {"version": ticket.version, "question": QUESTION}
    answer: Any = client.post(reverse("admin:ticket_do", args=[ticket.pk, "ask"]), typed)
    return answer.status_code, answer.content.decode()


@pytest.mark.timeout(3600)
def test_of_two_who_edit_at_once_the_later_is_told() -> None:
    at = desk()
    won: Counter[str] = Counter()
    with override("zh-hans"):
        stale = gettext("This was changed by someone else since you opened it.")
    for number in range(ROUNDS):
        ticket = filed(at)
        late = HEAD_STARTS[number % len(HEAD_STARTS)]
        outcomes: list[Outcome[Any]] = race(
            partial(_by_api, at, ticket, f'"v{ticket.version}"', late),
            partial(_by_page, at, ticket),
        )
        assert [each.error for each in outcomes] == [None, None]
        by_api, by_page = (each.result for each in outcomes)
        status, page = by_page or (0, "")
        ticket.refresh_from_db()
        if ticket.status == Status.WITHDRAWN:
            assert (by_api, status) == (200, 200)
            assert (stale in page, QUESTION in page) == (True, True)  # and what he typed is kept
        else:
            assert ticket.status == Status.NEED_INFO
            assert (by_api, status) == (412, 302)
        assert ticket.events.count() == 2
        won[ticket.status] += 1
        before = Ticket.objects.values().get(pk=ticket.pk)
        assert _by_api(at, ticket, None) == 428
        assert (Ticket.objects.values().get(pk=ticket.pk), ticket.events.count()) == (before, 2)
    assert list(audit()) == []
    print(f"{ROUNDS} pairs of editors, who won: {dict(won)}")  # noqa: T201 - its result

"""An answer after its question has lapsed: taken once, and nothing moves; days of November 2026."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.delivery.models import Notice
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.verbs.lapse import lapse_questions
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from projects.worktime.calendar import SHANGHAI
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


def on(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    with clock_at(on(1)):
        return desk()


def do(verb: Verb, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def lapsed(at: Desk, *, accepts: bool = True) -> Ticket:
    """Asked on Tuesday the 3rd; five working days later, on the 10th at 17:00, it lapses."""
    with clock_at(on(2)):
        ticket = filed(at)
    if accepts:
        do(Verb.ACCEPT, ticket, at.liaison, on(2))
    do(Verb.ASK, ticket, at.liaison, on(3), question="哪个路口")
    with clock_at(on(11)):
        assert lapse_questions() == 1
    return Ticket.objects.get(pk=ticket.pk)


def answer(at: Desk, ticket: Ticket, moment: datetime, by: Any = None) -> Ticket:
    return do(Verb.SUPPLEMENT, ticket, by or at.key, moment, answer="谷水")


def clock(ticket: Ticket) -> tuple[Any, ...]:
    names = (
        "status", "accept_due", "due_at", "clock_from", "clock_run", "pauses", "warn_at",
        "warned_count", "paused_at", "answer_due", "asked_count", "ever_red",
    )  # fmt: skip
    return tuple(getattr(ticket, name) for name in names)


@pytest.mark.parametrize("accepts", [True, False])
def test_it_is_taken_and_nothing_moves(at: Desk, *, accepts: bool) -> None:
    before = lapsed(at, accepts=accepts)
    notices = Notice.objects.count()
    ticket = answer(at, before, on(11, 10))
    assert clock(ticket) == clock(before)
    event = ticket.events.latest("seq")
    assert (event.verb, event.from_status, event.to_status, event.payload) == (
        "supplement", before.status, before.status, {"late": True},
    )  # fmt: skip
    told = Notice.objects.order_by("pk")[notices:]
    assert [(row.officer, row.topic) for row in told] == [(at.liaison, "ticket.moved")]


def refused(at: Desk, ticket: Ticket, moment: datetime) -> None:
    before = Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()
    with clock_at(moment), pytest.raises(NotAllowed):
        perform(Verb.SUPPLEMENT, ticket=ticket, by=at.key, answer="谷水")
    assert (Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()) == before


def test_it_is_taken_once_for_a_question(at: Desk) -> None:
    ticket = answer(at, lapsed(at), on(11, 10))
    refused(at, ticket, on(11, 11))
    assert Verb.SUPPLEMENT not in allowed_verbs(ticket, at.key)


def test_without_a_lapsed_question_none_is_taken(at: Desk) -> None:
    with clock_at(on(2)):
        ticket = filed(at)
    refused(at, ticket, on(2, 10))
    ticket = do(Verb.ACCEPT, ticket, at.liaison, on(2, 11))
    ticket = do(Verb.ASK, ticket, at.liaison, on(3), question="哪个路口")
    ticket = answer(at, ticket, on(4))
    refused(at, ticket, on(4, 10))


def test_a_new_question_takes_the_place_of_the_one_that_lapsed(at: Desk) -> None:
    ticket = do(Verb.ASK, lapsed(at), at.liaison, on(11, 10), question="几辆车")
    ticket = answer(at, ticket, on(12))
    assert (ticket.status, ticket.events.latest("seq").payload.get("late")) == ("in_progress", None)
    refused(at, ticket, on(12, 10))


def test_a_second_lapsed_question_may_be_answered_late_too(at: Desk) -> None:
    ticket = answer(at, lapsed(at), on(11, 10))
    do(Verb.ASK, ticket, at.liaison, on(11, 11), question="几辆车")
    with clock_at(on(19)):
        assert lapse_questions() == 1
    ticket = answer(at, ticket, on(19, 10), by=at.lead)  # on the enterprise's behalf
    assert ticket.events.filter(payload__late=True).count() == 2


def test_once_resolved_none_is_taken_and_redone_it_is(at: Desk) -> None:
    ticket = lapsed(at)
    ticket = do(
        Verb.RESOLVE, ticket, at.liaison, on(11, 10), result="已协调", reasons={1: "改道"}
    )  # fmt: skip
    refused(at, ticket, on(11, 11))
    ticket = do(Verb.REDO, ticket, at.key, on(12), reason="未放行")
    assert answer(at, ticket, on(12, 10)).status == "in_progress"


def test_the_api_offers_it_and_takes_it(at: Desk) -> None:
    ticket = lapsed(at)
    client = client_with(at.token)
    address = f"/api/v1/tickets/{ticket.number}/"
    with clock_at(on(11, 10)):
        shown = client.get(address)
        verbs = [each["verb"] for each in shown.json()["allowed_actions"]]
        assert "supplement" in verbs
        headers = {"Idempotency-Key": "late", "If-Match": shown["ETag"]}
        done = client.post(f"{address}supplement/", {"answer": "谷水"}, headers=headers)
    assert (done.status_code, done.json()["status"]) == (200, "in_progress")
    assert "supplement" not in [each["verb"] for each in done.json()["allowed_actions"]]


def test_the_timeline_says_that_it_came_late(at: Desk, client: Client) -> None:
    ticket = answer(at, lapsed(at), on(11, 10))
    client.force_login(at.liaison)
    page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk])).content.decode()
    assert "逾期补充：提问已失效，计时照常" in page

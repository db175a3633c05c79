"""What an endpoint receives, and what becomes of it when it answers badly (real receivers)."""

import logging
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from coordination.delivery import client
from coordination.delivery.models import Attempt, Because, Delivery, Notice, State, WebhookEndpoint
from coordination.delivery.relay import Relay
from coordination.delivery.schedule import AFTER
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.tickets.verbs.converse import comment
from projects.record.clock import clock_at
from tests.bed.stack import wait_for
from tests.coordination.delivery.receiver import (
    LONGEST,
    Behaviour,
    Receiver,
    answer,
    drip,
    flood,
    hang,
    waited_for_without_end,
)
from tests.coordination.delivery.scene import robot
from tests.coordination.delivery.scene import say as tell
from tests.coordination.delivery.test_client import hanging
from tests.coordination.delivery.test_relay import running
from tests.coordination.delivery.webhooks.scene import (
    key_of,
    listen,
    opened,
    say,
    send,
    states,
    texts,
)
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2020, 3, 9, 1, tzinfo=UTC)


def test_the_standards_library_verifies_what_arrives(receiver: Receiver) -> None:
    at = desk()
    _endpoint, secret = listen(at, receiver)
    ticket = filed(at)
    send()
    send()
    (got,) = receiver.received
    told = opened(got, secret)
    assert told["type"] == "ticket.submitted"
    assert told["data"]["ticket"]["number"] == ticket.number
    assert got.headers["content-type"] == "application/json"
    assert list(got.body) == ["type", "timestamp", "data"]
    row = Delivery.objects.get(endpoint__isnull=False)
    assert (row.state, row.tries, row.payload) == (State.DELIVERED, 1, {})
    assert got.headers["webhook-id"] == f"msg_{row.message_id.hex}"


def after_failing(receiver: Receiver, behave: Behaviour) -> tuple[Desk, WebhookEndpoint]:
    """One event, answered so at its first try, at START."""
    receiver.plan["/hook"].append(behave)
    with clock_at(START):
        at = desk()
        endpoint, _secret = listen(at, receiver)
        filed(at)
        send()
    return at, endpoint


@pytest.mark.parametrize(
    ("behave", "status", "pause"),
    [
        (answer(500), 500, timedelta(seconds=5)),
        (answer(404), 404, timedelta(seconds=5)),
        (answer(429, Retry_After="120"), 429, timedelta(seconds=120)),
        (answer(503, Retry_After="60"), 503, timedelta(seconds=60)),
        (answer(302, Location="http://127.0.0.1:1/elsewhere"), 302, timedelta(seconds=5)),
        (flood, 500, timedelta(seconds=5)),
    ],
    ids=["500", "404", "429", "503", "redirect", "flood"],
)
def test_it_is_tried_again_in_time(
    receiver: Receiver, behave: Behaviour, status: int, pause: timedelta
) -> None:
    _at, endpoint = after_failing(receiver, behave)
    row = Delivery.objects.get(endpoint=endpoint)
    assert abs((row.due_at - START) / pause - 1) <= 0.2
    assert list(Attempt.objects.values_list("status", "is_success", "detail")) == [
        (status, False, "")
    ]
    with clock_at(row.due_at - timedelta(seconds=1)):
        send()
    assert len(receiver.received) == 1
    with clock_at(row.due_at):
        send()
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.raw == second.raw
    assert states(endpoint) == [(State.DELIVERED, 2)]


@pytest.mark.parametrize("slow", [drip, hang], ids=["drip", "hang"])
def test_who_drips_or_hangs_is_cut_off(
    receiver: Receiver, slow: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.post.__kwdefaults__, "deadline", 0.5)  # type: ignore[arg-type]  # every function has them
    _at, endpoint = after_failing(receiver, slow)
    assert states(endpoint) == [(State.PENDING, 1)]
    (attempt,) = Attempt.objects.all()
    assert (attempt.status, attempt.is_success) == (None, False)
    assert attempt.duration < timedelta(seconds=LONGEST / 2)


def test_a_dead_address_follows_the_schedule_to_its_end(receiver: Receiver) -> None:
    receiver.always["/hook"] = answer(500)
    _at, endpoint = after_failing(receiver, answer(500))
    while (row := Delivery.objects.get(endpoint=endpoint)).state == State.PENDING:
        with clock_at(row.due_at):
            send()
    tries = list(Attempt.objects.values_list("started_at", flat=True))
    for (before, after), meant in zip(pairwise(tries), AFTER[1:], strict=True):
        assert abs((after - before) / meant - 1) <= 0.2
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert states(endpoint) == [(State.DEAD, 8)]


def test_gone_disables_at_once_and_the_duty_desk_hears_of_it(receiver: Receiver) -> None:
    receiver.always["/hook"] = answer(410)
    at = desk()
    endpoint, _secret = listen(at, receiver)
    other, secret = listen(at, receiver, "/other", topics=["webhook.disabled"])
    ticket = filed(at)
    say(ticket, at, "一", "二")
    send()
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.disabled_because) == (False, Because.GONE)
    assert states(endpoint) == [(State.DEAD, 1), (State.DEAD, 0), (State.DEAD, 0)]
    (notice,) = Notice.objects.filter(topic="webhook.disabled")
    assert (notice.officer, notice.text) == (
        at.duty_desk, f"{at.enterprise} · 127.0.0.1 · 接收方已不存在（410）",
    )  # fmt: skip
    send()
    (told,) = [opened(each, secret) for each in receiver.at("/other")]
    assert (told["type"], told["data"]["id"], told["data"]["because"]) == (
        "webhook.disabled", endpoint.endpoint_id, "gone",
    )  # fmt: skip
    other.refresh_from_db()
    assert other.is_enabled


def test_five_days_without_an_arrival_disable_it(receiver: Receiver) -> None:
    receiver.always["/hook"] = answer(500)
    at, endpoint = after_failing(receiver, answer(500))
    endpoint.refresh_from_db()
    assert endpoint.failing_since == START
    ticket = filed(at)
    last = timedelta(days=5, minutes=10)
    for after, is_enabled in ((timedelta(days=5) - timedelta(seconds=1), True), (last, False)):
        with clock_at(START + after):
            say(ticket, at, "再次")
            send()
        endpoint.refresh_from_db()
        assert endpoint.is_enabled is is_enabled
    assert (endpoint.disabled_because, endpoint.disabled_at) == (
        Because.FAILING, START + last,
    )  # fmt: skip
    assert Notice.objects.filter(topic="webhook.disabled").count() == 1
    assert not Delivery.objects.filter(endpoint=endpoint, state=State.PENDING).exists()


def test_one_arrival_clears_what_went_before(receiver: Receiver) -> None:
    at, endpoint = after_failing(receiver, answer(500))
    with clock_at(START + timedelta(seconds=6)):
        send()
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.failing_since) == (True, None)
    assert endpoint.version == 1
    assert not Notice.objects.filter(topic="webhook.disabled", officer=at.duty_desk).exists()


def test_order_is_kept_per_ticket_and_tickets_do_not_wait_for_each_other(
    receiver: Receiver,
) -> None:
    with clock_at(START):
        at = desk()
        one, two = filed(at), filed(at)
        endpoint, _secret = listen(at, receiver, topics=["ticket.commented"])
        sequence()
        receiver.plan["/hook"].append(answer(500))
        for text, ticket in (("a1", one), ("a2", one), ("b1", two), ("a3", one), ("b2", two)):
            say(ticket, at, text)
        Relay(share=1).drain()
    assert texts(receiver.received) == ["a1", "b1", "b2"]
    with clock_at(START + timedelta(seconds=6)):
        Relay().drain()
    assert texts(receiver.received) == ["a1", "b1", "b2", "a1", "a2", "a3"]
    assert {state for state, _tries in states(endpoint)} == {State.DELIVERED}


def test_a_dead_endpoint_delays_nobody_else(receiver: Receiver) -> None:
    """Messages hang at one address for good; the other's do not wait for their end."""
    receiver.always["/dead"] = hang
    dead, alive = desk(), desk()
    listen(dead, receiver, "/dead")
    listen(alive, receiver, "/alive")
    for _each in range(8):
        filed(dead)
    ticket, written = filed(alive), [f"第{number}次" for number in range(20)]
    relay = Relay(fill=(sequence,))
    with waited_for_without_end(), running(relay):
        wait_for(lambda: len(receiver.at("/dead")) >= relay.share)
        for text in written:
            comment(ticket=ticket, text=text, by=alive.liaison)
        wait_for(lambda: len(receiver.at("/alive")) == 21)
        assert len(receiver.at("/dead")) == relay.share
        relay.stopping.set()
        receiver.release()
    assert texts(receiver.at("/alive")[1:]) == written


def test_however_many_receivers_hang_the_desks_own_messages_go_out(receiver: Receiver) -> None:
    at = desk()
    for number in range(4):
        listen(at, receiver, f"/dead/{number}")
        receiver.always[f"/dead/{number}"] = hang
    filed(at)
    filed(at)
    sequence()
    relay = Relay(threads=6, reserved=2)
    with waited_for_without_end(), running(relay):
        wait_for(lambda: len(receiver.received) == 4)
        to = robot(receiver)
        tell("今日有雪", to.officer)
        wait_for(lambda: len(receiver.at("/robot")) == 1)
        assert len(receiver.received) == 5
        relay.stopping.set()
        receiver.release()


def test_what_fills_the_outbox_may_fail_and_the_rest_is_sent(receiver: Receiver) -> None:
    at = desk()
    listen(at, receiver)
    filed(at)
    sequence()

    def fail() -> None:
        raise ZeroDivisionError

    Relay(fill=(fail,)).drain()
    assert len(receiver.received) == 1


def test_neither_address_nor_secret_nor_words_are_anywhere_in_the_clear(
    receiver: Receiver, caplog: pytest.LogCaptureFixture, superuser_cursor: Any
) -> None:
    at = desk()
    receiver.plan["/hush-hush"].append(answer(500, "司马标记".encode()))
    with caplog.at_level(logging.DEBUG):
        _endpoint, secret = listen(at, receiver, "/hush-hush")
        say(filed(at), at, "司马标记")
        send()
    dump = caplog.text
    for table in ("delivery", "attempt", "webhookendpoint", "notice"):
        rows = superuser_cursor.execute(f"SELECT t::text FROM delivery_{table} AS t")  # noqa: S608 - our own names
        dump += "".join(row[0] for row in rows)
    assert "127.0.0.1" in dump
    for hidden in ("hush-hush", secret, "司马标记"):
        assert hidden not in dump


def test_an_unreadable_row_keeps_nobody_else_waiting(
    receiver: Receiver, superuser_cursor: Any
) -> None:
    """As after SECRET_KEY was changed and the old one not kept."""
    at = desk()
    listen(at, receiver)
    lost, _secret = listen(at, receiver, "/lost")
    filed(at)
    sequence()
    superuser_cursor.execute(
        "UPDATE delivery_webhookendpoint SET kept = 'gAAAAAnonsense' WHERE id = %s", [lost.pk]
    )
    send()
    assert [each.path for each in receiver.received] == ["/hook"]
    assert states(lost) == [(State.PENDING, 1)]


def test_a_name_that_nobody_answers_for_holds_up_nobody(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own attempts end in time; the others' messages do not wait for them."""
    monkeypatch.setattr(client, "LOOKUP", 0.5)
    at = desk()
    listen(at, receiver)
    hooks = [
        open_webhook(to=looked_up(f"https://hang{number}.example/"), by=key_of(at)[0])
        for number in range(5)
    ]
    with hanging(*(f"hang{number}.example" for number in range(5))) as asked:
        say(filed(at), at, "一", "二", "三")
        began = time.monotonic()
        send()
        assert time.monotonic() - began < LONGEST / 2
        assert sorted(asked) == [f"hang{number}.example" for number in range(5)]
        assert texts(receiver.received)[1:] == ["一", "二", "三"]
        for hook, _secret in hooks:
            assert states(hook)[0] == (State.PENDING, 1)
        details = Attempt.objects.filter(is_success=False).values_list("detail", flat=True)
        assert set(details) == {client.SLOW_NAME}

"""What the relay does with each answer, against a real receiver."""

import hmac
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections

from coordination.delivery import client
from coordination.delivery.models import Attempt, Delivery, State
from coordination.delivery.relay import LEASE, Relay
from coordination.delivery.schedule import AFTER, MOST_TRIES
from coordination.delivery.senders.registry import LONGEST_ATTEMPT
from projects.record.clock import clock_at
from tests.bed.stack import wait_for
from tests.coordination.delivery.receiver import (
    LONGEST,
    Receiver,
    answer,
    drip,
    flood,
    hang,
    waited_for_without_end,
)
from tests.coordination.delivery.scene import robot, say

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2020, 3, 9, 1, tzinfo=UTC)


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def test_what_is_written_arrives_once(receiver: Receiver) -> None:
    to = robot(receiver)
    say("今日有雪", to.officer)
    Relay().drain()
    Relay().drain()
    (got,) = receiver.received
    assert got.body == {
        "msgtype": "text",
        "text": {"content": "标题\n今日有雪\nhttp://127.0.0.1:8000/admin/"},
    }
    row = the_delivery()
    assert (row.state, row.tries, row.claim) == (State.DELIVERED, 1, None)
    attempt = Attempt.objects.get()
    assert (attempt.is_success, attempt.status, attempt.detail) == (True, 200, "errcode 0")


@pytest.mark.parametrize("channel", ["wecom", "dingtalk", "feishu"])
def test_each_robot_says_in_its_body_that_it_refused(receiver: Receiver, channel: str) -> None:
    to = robot(receiver, channel=channel)
    receiver.plan["/robot"].append(answer(200, b'{"errcode": 93000, "code": 93000, "key": "x"}'))
    say("今日有雪", to.officer)
    Relay().drain()
    assert the_delivery().state == State.PENDING
    attempt = Attempt.objects.get()
    assert (attempt.is_success, attempt.status) == (False, 200)
    assert attempt.detail in {"errcode 93000", "code 93000"}


def test_a_robot_with_a_secret_is_signed(receiver: Receiver) -> None:
    """By each maker's own rule, worked out here once more."""
    for channel in ("dingtalk", "feishu"):
        to = robot(receiver, f"/{channel}", channel=channel, secret="s3cret")
        say("今日有雪", to.officer)
    Relay().drain()
    (ding,), (fei,) = receiver.at("/dingtalk"), receiver.at("/feishu")
    asked = parse_qs(urlsplit(ding.path).query)
    stamp = asked["timestamp"][0]
    made = hmac.new(b"s3cret", f"{stamp}\ns3cret".encode(), "sha256").digest()
    assert asked["sign"] == [b64encode(made).decode()]
    assert asked["key"] == ["hush-hush"]
    made = hmac.new(f"{fei.body['timestamp']}\ns3cret".encode(), b"", "sha256").digest()
    assert fei.body["sign"] == b64encode(made).decode()
    assert fei.text.startswith("标题\n今日有雪")


def tries_over_two_days(receiver: Receiver) -> list[datetime]:
    """Drain whenever something is due, on the clock; say when it was tried."""
    moment = START
    with clock_at(moment):
        to = robot(receiver)
        say("今日有雪", to.officer)
    while True:
        with clock_at(moment):
            Relay().drain()
        row = the_delivery()
        if row.state != State.PENDING:
            return list(Attempt.objects.values_list("started_at", flat=True))
        assert row.due_at > moment
        moment = row.due_at


def test_the_schedule_is_svixs_within_a_fifth(receiver: Receiver) -> None:
    receiver.always["/robot"] = answer(500)
    tries = tries_over_two_days(receiver)
    assert len(tries) == MOST_TRIES == 8
    for (before, after), meant in zip(pairwise(tries), AFTER[1:], strict=True):
        assert abs((after - before) / meant - 1) <= 0.2
    row = the_delivery()
    assert (row.state, row.tries) == (State.DEAD, 8)
    assert list(Attempt.objects.values_list("status", "is_success")) == [(500, False)] * 8


def test_retry_after_is_honoured(receiver: Receiver) -> None:
    receiver.plan["/robot"].append(answer(429, Retry_After="120"))
    with clock_at(START):
        to = robot(receiver)
        say("今日有雪", to.officer)
        Relay().drain()
    assert the_delivery().due_at == START + timedelta(seconds=120)
    with clock_at(START + timedelta(seconds=119)):
        Relay().drain()
    assert len(receiver.received) == 1
    with clock_at(START + timedelta(seconds=120)):
        Relay().drain()
    assert the_delivery().state == State.DELIVERED


def test_gone_closes_the_channel_and_gives_up_what_waits(receiver: Receiver) -> None:
    receiver.always["/robot"] = answer(410)
    to = robot(receiver)
    say("一", to.officer, key="a")
    say("二", to.officer, key="a")
    Relay().drain()
    to.refresh_from_db()
    assert (to.is_active, bool(to.closed_because)) == (False, True)
    assert list(Delivery.objects.values_list("state", "tries").order_by("pk")) == [
        (State.DEAD, 1), (State.DEAD, 0),
    ]  # fmt: skip
    say("三", to.officer)
    assert Delivery.objects.count() == 2


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.always["/robot"] = answer(302, Location=receiver.address("/elsewhere"))
    to = robot(receiver)
    say("今日有雪", to.officer)
    Relay().drain()
    assert [each.path for each in receiver.received] == ["/robot?key=hush-hush"]
    assert list(Attempt.objects.values_list("status", "is_success")) == [(302, False)]


def test_of_a_flood_little_is_read(receiver: Receiver) -> None:
    receiver.always["/robot"] = flood
    to = robot(receiver)
    say("今日有雪", to.officer)
    Relay().drain()
    assert list(Attempt.objects.values_list("status", "is_success")) == [(500, False)]


@pytest.mark.parametrize("slow", [drip, hang], ids=["drip", "hang"])
def test_who_drips_or_hangs_is_cut_off(receiver: Receiver, slow: Any, settings: Any) -> None:
    began = time.monotonic()
    receiver.always["/slow"] = slow
    with pytest.raises(client.Unreachable, match=r"too long|Timeout"):
        client.post(
            receiver.address("/slow"), body=b"{}", headers={}, deadline=0.6,
            networks=settings.OUTBOUND_NETWORKS,
        )  # fmt: skip
    assert 0.5 < time.monotonic() - began < LONGEST / 2


def test_a_dead_destination_adds_no_delay_to_others(receiver: Receiver) -> None:
    """Twenty messages hang for good at one address; those of the others do not wait for them."""
    receiver.always["/dead"] = hang
    dead, alive = robot(receiver, "/dead"), robot(receiver, "/alive")
    for number in range(20):
        say(f"{number}", dead.officer)
    for number in range(20):
        say(f"{number}", alive.officer)
    relay = Relay()
    with waited_for_without_end(), running(relay):
        wait_for(lambda: len(receiver.at("/alive")) == 20)
        wait_for(lambda: len(receiver.at("/dead")) >= relay.share)
        assert len(receiver.at("/dead")) == relay.share
        relay.stopping.set()
        receiver.release()


def test_a_lease_outlives_every_attempt() -> None:
    assert LEASE == 60
    assert LEASE >= 2 * LONGEST_ATTEMPT
    with pytest.raises(ValueError, match="at least 60 s"):
        Relay(lease=59)


@contextmanager
def running(relay: Relay) -> Iterator[None]:
    """Beside us, on a connection of its own."""

    def run() -> None:
        relay.run()
        connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        relay.stopping.set()
        thread.join(30)


def test_order_is_kept_per_key_and_keys_do_not_wait_for_each_other(receiver: Receiver) -> None:
    to = robot(receiver)
    receiver.plan["/robot"].append(answer(500))
    with clock_at(START):
        for text, key in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")):
            say(text, to.officer, key=key)
        Relay(share=1).drain()
    assert said(receiver) == ["a1", "b1", "b2"]
    with clock_at(START + timedelta(seconds=6)):
        Relay().drain()
    assert said(receiver) == ["a1", "b1", "b2", "a1", "a2", "a3"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DELIVERED}


def said(receiver: Receiver) -> list[str]:
    return [each.text.splitlines()[1] for each in receiver.received]


def test_the_address_is_in_no_log(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.plan["/robot"].append(answer(500, b'{"errmsg": "bad key hush-hush"}'))
    to = robot(receiver, secret="s3cret")
    with caplog.at_level("DEBUG"):
        say("今日有雪", to.officer)
        Relay().drain()
    kept = caplog.text + repr(list(Attempt.objects.values())) + repr(vars(the_delivery()))
    assert "hush-hush" not in kept
    assert "s3cret" not in kept
    assert "hush-hush" not in to.sealed + to.shown

"""What was missed is sent once more, under its own id; secrets change over without a gap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from coordination.delivery.models import Attempt, Delivery, State, WebhookEndpoint
from coordination.delivery.signing import written_id
from coordination.delivery.webhooks.endpoints import allow_webhook, change_webhook, disable_webhook
from coordination.delivery.webhooks.erase import KEPT_FOR, erase_old_bodies
from coordination.delivery.webhooks.replay import MOST_AT_ONCE, replay, send_test_webhook
from coordination.delivery.webhooks.rotate import rotate_secret
from coordination.intake.feed.sequence import sequence
from projects.access.models import ApiKey
from projects.record.clock import clock_at
from projects.record.refusals import Gone, Invalid, Missing, NotAllowed, Refusal
from tests.coordination.delivery.receiver import Receiver, answer
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


@pytest.fixture
def at(receiver: Receiver) -> Desk:
    with clock_at(START - timedelta(hours=1)):
        return desk()


def three(at: Desk, receiver: Receiver) -> tuple[WebhookEndpoint, ApiKey]:
    """An endpoint that heard 一 at START, 二 an hour and 三 two hours later."""
    with clock_at(START - timedelta(minutes=1)):
        ticket, key = filed(at), key_of(at)[0]
        sequence()
        endpoint, _secret = listen(at, receiver)
    for hour, text in enumerate(("一", "二", "三")):
        with clock_at(START + timedelta(hours=hour)):
            say(ticket, at, text)
            send()
    assert texts(receiver.received) == ["一", "二", "三"]
    return endpoint, key


def record() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Delivery, WebhookEndpoint, Attempt)
    ]


def refused(kind: type[Refusal], verb: Callable[..., object], **given: Any) -> None:
    before = record()
    with pytest.raises(kind):
        verb(**given)
    assert record() == before


def test_a_span_is_sent_again_in_order_under_the_same_ids(at: Desk, receiver: Receiver) -> None:
    endpoint, key = three(at, receiver)
    span: dict[str, Any] = {"since": START, "until": START + timedelta(hours=2)}
    with clock_at(START + timedelta(hours=3)):
        assert replay(endpoint=endpoint, **span, by=key) == 2
        assert replay(endpoint=endpoint, **span, by=key) == 0  # under way
        send()
    assert texts(receiver.received) == ["一", "二", "三", "一", "二"]
    ids = [each.headers["webhook-id"] for each in receiver.received]
    assert ids[3:] == ids[:2]
    assert [each.raw for each in receiver.received[3:]] == [
        each.raw for each in receiver.received[:2]
    ]
    assert states(endpoint) == [(State.DELIVERED, 1)] * 3


def test_one_message_or_what_was_given_up(at: Desk, receiver: Receiver) -> None:
    endpoint, key = three(at, receiver)
    first = Delivery.objects.filter(endpoint=endpoint).order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(state=State.DEAD)
    day: dict[str, Any] = {"since": START, "until": START + timedelta(days=1)}
    with clock_at(START + timedelta(hours=3)):
        assert replay(endpoint=endpoint, **day, only_failed=True, by=key) == 1
        send()
        assert replay(endpoint=endpoint, message=written_id(first.message_id), by=key) == 1
        send()
    assert texts(receiver.received) == ["一", "二", "三", "一", "一"]


def test_what_cannot_be_replayed(at: Desk, receiver: Receiver) -> None:
    endpoint, key = three(at, receiver)
    stranger = key_of(desk())[0]
    (row, *_rest) = Delivery.objects.filter(endpoint=endpoint)
    own = written_id(row.message_id)
    span: dict[str, Any] = {"since": START, "until": START + timedelta(days=1)}
    refused(Missing, replay, endpoint=endpoint, message=own, by=stranger)
    refused(Missing, replay, endpoint=endpoint, **span, by=stranger)
    refused(Missing, replay, endpoint=endpoint, message=written_id(uuid4()), by=key)
    refused(Missing, replay, endpoint=endpoint, message="nonsense", by=key)
    refused(Invalid, replay, endpoint=endpoint, by=key)
    refused(Invalid, replay, endpoint=endpoint, since=START, by=key)
    refused(Invalid, replay, endpoint=endpoint, message=own, **span, by=key)
    refused(Invalid, replay, endpoint=endpoint, since=START, until=START, by=key)
    refused(NotAllowed, replay, endpoint=endpoint, message=own, by=at.key)  # without the scope
    change_webhook(endpoint=endpoint, is_enabled=False, by=key)
    refused(NotAllowed, replay, endpoint=endpoint, message=own, by=key)
    refused(NotAllowed, replay, endpoint=endpoint, **span, by=key)
    refused(NotAllowed, send_test_webhook, endpoint=endpoint, by=key)


def test_a_span_has_an_end(at: Desk, receiver: Receiver) -> None:
    endpoint, key = three(at, receiver)
    Delivery.objects.bulk_create(
        Delivery(
            endpoint=endpoint, lane=endpoint.lane, subject=f"event:0{number}", topic="ticket.asked",
            payload={}, body={"type": "ticket.asked"}, created_at=START, due_at=START,
            state=State.DEAD,
        )
        for number in range(MOST_AT_ONCE)
    )  # fmt: skip
    refused(
        Invalid, replay, endpoint=endpoint, since=START, until=START + timedelta(hours=1), by=key
    )


def test_content_goes_after_thirty_days_and_cannot_be_sent_any_more(
    at: Desk, receiver: Receiver
) -> None:
    endpoint, key = three(at, receiver)
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("pk")
    Delivery.objects.filter(pk=rows[0].pk).update(state=State.PENDING)
    assert erase_old_bodies(START + KEPT_FOR - timedelta(microseconds=1)) == 0
    assert erase_old_bodies(START + KEPT_FOR + timedelta(hours=1)) == 2
    assert [row.body is None for row in rows] == [True, True, False]
    assert [row.state for row in rows] == [State.DEAD, State.DELIVERED, State.DELIVERED]
    refused(Gone, replay, endpoint=endpoint, message=written_id(rows[1].message_id), by=key)
    day: dict[str, Any] = {"since": START, "until": START + timedelta(days=1)}
    assert replay(endpoint=endpoint, **day, by=key) == 1


def test_what_was_missed_while_disabled_is_caught_up_with(at: Desk, receiver: Receiver) -> None:
    key = key_of(at)[0]
    endpoint, _secret = listen(at, receiver, topics=["ticket.commented"])
    with clock_at(START):
        ticket = filed(at)
        disable_webhook(endpoint=endpoint, reason="推送过多", by=at.duty_desk)
        say(ticket, at, "一", "二")
        send()
        assert receiver.received == []
        refused(NotAllowed, change_webhook, endpoint=endpoint, is_enabled=True, by=key)
        allow_webhook(endpoint=endpoint, by=at.director)
        replay(endpoint=endpoint, since=START, until=START + timedelta(seconds=1), by=key)
        send()
    assert texts(receiver.received) == ["一", "二"]


def test_both_secrets_sign_until_the_overlap_ends(at: Desk, receiver: Receiver) -> None:
    key = key_of(at)[0]
    endpoint, old = listen(at, receiver)
    _endpoint, new = rotate_secret(endpoint=endpoint, by=key)
    filed(at)
    send()
    (got,) = receiver.received
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert opened(got, old) == opened(got, new)
    _endpoint, last = rotate_secret(endpoint=endpoint, overlap_hours=0, by=key)
    filed(at)
    send()
    got = receiver.received[-1]
    assert opened(got, last)["type"] == "ticket.submitted"
    for secret in (old, new):
        with pytest.raises(WebhookVerificationError):
            opened(got, secret)


def test_the_overlap_ends_by_itself(at: Desk, receiver: Receiver) -> None:
    key = key_of(at)[0]
    endpoint, _old = listen(at, receiver)
    with clock_at(START):
        rotate_secret(endpoint=endpoint, by=key)  # its end lies years back
    filed(at)
    send()
    assert len(receiver.received[0].headers["webhook-signature"].split(" ")) == 1


def test_rotations_that_are_refused(at: Desk, receiver: Receiver) -> None:
    key = key_of(at)[0]
    endpoint, _secret = listen(at, receiver)
    for hours in (-1, 169):
        refused(Invalid, rotate_secret, endpoint=endpoint, overlap_hours=hours, by=key)
    refused(Missing, rotate_secret, endpoint=endpoint, by=key_of(desk())[0])
    refused(NotAllowed, rotate_secret, endpoint=endpoint, by=at.key)
    for _each in range(2):
        rotate_secret(endpoint=endpoint, by=key)
    refused(NotAllowed, rotate_secret, endpoint=endpoint, by=key)
    rotate_secret(endpoint=endpoint, overlap_hours=0, by=key)


def test_one_test_at_a_time(at: Desk, receiver: Receiver) -> None:
    key = key_of(at)[0]
    endpoint, secret = listen(at, receiver, topics=["ticket.accepted"])
    receiver.plan["/hook"].append(answer(500))
    send_test_webhook(endpoint=endpoint, by=key)
    send()
    refused(NotAllowed, send_test_webhook, endpoint=endpoint, by=key)
    assert opened(receiver.received[0], secret) == {
        "type": "webhook.test", "timestamp": receiver.received[0].body["timestamp"],
        "data": {"id": endpoint.endpoint_id},
    }  # fmt: skip

"""What leaves first, when urgent messages, retries and digests meet."""

from datetime import timedelta

import pytest

from coordination.delivery.announce import Message, announce
from coordination.delivery.channels import close_destination, reopen_destination
from coordination.delivery.digest import merge_waiting
from coordination.delivery.outbox import record
from coordination.delivery.replay import replay
from coordination.delivery.senders.base import Result
from projects.record.clock import change, clock_at
from projects.record.refusals import NotAllowed
from tests.coordination.delivery.receiver import Receiver
from tests.coordination.delivery.scene import WEATHER, robot
from tests.coordination.delivery.test_digest import LEASE, MORNING, drain, singles, take, told
from tests.factories.coordination import director

pytestmark = pytest.mark.django_db(transaction=True)


def first_lines(receiver: Receiver) -> list[str]:
    return [message.text.split("\n")[0] for message in receiver.received]


def test_an_urgent_message_takes_along_what_waits_for_a_retry(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    four = MORNING + timedelta(hours=7, minutes=30)
    told(to, "甲", at=four)
    (parcel,) = take(four)
    record(
        parcel,
        Result(is_success=False, retry_after=timedelta(hours=2)),
        started_at=four,
        took=LEASE,
        at=four,
    )
    with clock_at(four + timedelta(minutes=5)), change() as at:
        announce(
            Message(WEATHER, "急", "雪", order_key="t:甲", is_urgent=True),
            officers=[to.officer_id],
            at=at,
        )
    drain(four + timedelta(hours=4))
    assert first_lines(receiver) == ["工单甲", "急"]


def test_messages_sent_again_are_not_merged(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁", at=MORNING)
    with clock_at(MORNING):
        close_destination(destination=to, by=director())
        reopen_destination(destination=to, by=director())
    with clock_at(MORNING + timedelta(hours=1)):
        sender = director()
        for row in singles():
            replay(delivery=row, by=sender)
    drain(MORNING + timedelta(hours=1))
    assert len(receiver.received) == 4


def test_a_merged_message_is_not_sent_again_while_its_digest_waits(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    merge_waiting(MORNING)
    with clock_at(MORNING), pytest.raises(NotAllowed):
        replay(delivery=singles()[1], by=director())
    drain(MORNING)
    assert sum("工单乙" in message.text for message in receiver.received) == 1


def test_a_digest_waits_for_no_message_of_another_ticket(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, "前", at=MORNING - timedelta(hours=15, minutes=31))
    (parcel,) = take(MORNING - timedelta(hours=15, minutes=31))
    record(
        parcel,
        Result(is_success=False, retry_after=timedelta(hours=24)),
        started_at=MORNING,
        took=LEASE,
        at=MORNING - timedelta(hours=15, minutes=31),
    )
    told(to, *"甲乙丙丁")
    drain(MORNING)
    evening = MORNING + timedelta(hours=9)
    with clock_at(evening), change() as at:
        announce(
            Message(WEATHER, "急", "雪", order_key="t:甲", is_urgent=True),
            officers=[to.officer_id],
            at=at,
        )
    drain(evening)
    assert "急" in first_lines(receiver)

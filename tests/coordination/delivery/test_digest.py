"""Many messages that waited reach a person or a chat as one. Days of March 2020."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from coordination.delivery.announce import Message, announce
from coordination.delivery.channels import close_destination
from coordination.delivery.digest import FEW, LONGEST_CHAT, merge_waiting, payload_of
from coordination.delivery.models import Attempt, Delivery, Destination, State
from coordination.delivery.outbox import claim, give_up_exhausted, record
from coordination.delivery.relay import Relay
from coordination.delivery.replay import replay
from coordination.delivery.schedule import MOST_TRIES
from coordination.delivery.senders.base import Parcel, Result
from coordination.delivery.topics import DIGEST
from projects.record.clock import change, clock_at
from projects.worktime.calendar import SHANGHAI
from tests.bed.races import race
from tests.coordination.delivery.receiver import Receiver, answer
from tests.coordination.delivery.scene import WEATHER, robot
from tests.factories.coordination import director

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = datetime(2020, 3, 10, 0, 5, tzinfo=SHANGHAI)
MORNING = datetime(2020, 3, 10, 8, 30, tzinfo=SHANGHAI)
LEASE = timedelta(seconds=60)


def told(to: Destination, *texts: str, at: datetime = NIGHT) -> None:
    """Each about a ticket of its own."""
    with clock_at(at):
        for text in texts:
            message = Message(
                WEATHER, f"工单{text}", "雪", link=f"/t/{text}", order_key=f"t:{text}"
            )
            with change() as moment:
                announce(message, officers=[to.officer_id], at=moment)


def drain(at: datetime) -> None:
    with clock_at(at):
        Relay().drain()


def take(at: datetime, share: int = 16) -> list[Parcel]:
    return claim(limit=16, share=share, busy={}, lease=LEASE, at=at)


def states() -> dict[str, int]:
    return dict(Counter(Delivery.objects.values_list("state", flat=True)))


def singles() -> list[Delivery]:
    return list(Delivery.objects.exclude(topic=DIGEST.code).order_by("pk"))


def test_many_become_one_with_a_line_for_each(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    drain(MORNING)
    (got,) = receiver.received
    assert got.text.split("\n") == [
        "直通车：4条消息",
        "工单甲", "http://127.0.0.1:8000/t/甲",
        "工单乙", "http://127.0.0.1:8000/t/乙",
        "工单丙", "http://127.0.0.1:8000/t/丙",
        "工单丁", "http://127.0.0.1:8000/t/丁",
    ]  # fmt: skip
    digest = Delivery.objects.get(topic=DIGEST.code)
    assert (digest.state, digest.payload) == (State.DELIVERED, {})
    assert [(each.state, each.carried_by_id) for each in singles()] == [
        (State.DELIVERED, digest.pk)
    ] * 4
    assert {each.settled_at for each in singles()} == {digest.settled_at}
    assert Attempt.objects.get().delivery == digest
    drain(MORNING + timedelta(days=1))
    assert len(receiver.received) == 1


def test_a_few_stay_single(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙"[:FEW])
    drain(MORNING)
    texts = {each.text.split("\n")[0] for each in receiver.received}
    assert (len(receiver.received), texts) == (3, {"工单甲", "工单乙", "工单丙"})


def test_each_recipient_has_his_own(receiver: Receiver) -> None:
    one, two = robot(receiver, "/a", at_any_hour=False), robot(receiver, "/b", at_any_hour=False)
    told(one, *"甲乙丙丁")
    told(two, *"戊己")
    drain(MORNING)
    assert [len(receiver.at(path)) for path in ("/a", "/b")] == [1, 2]


def test_what_is_written_within_service_is_never_merged(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁戊", at=MORNING)
    drain(MORNING)
    assert len(receiver.received) == 5


def test_what_is_urgent_is_not_merged(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=True)
    told(to, *"甲乙丙丁戊")
    drain(NIGHT)
    assert len(receiver.received) == 5


def test_a_chat_that_holds_not_all_gets_more_than_one(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    names = [f"{number:03d}" + "长" * 40 for number in range(30)]
    told(to, *names)
    drain(MORNING)
    assert len(receiver.received) > 1
    lines = [line for each in receiver.received for line in each.text.split("\n")]
    assert [line for line in lines if line.startswith("工单")] == [f"工单{each}" for each in names]
    assert all(len(each.text.encode()) <= LONGEST_CHAT + 100 for each in receiver.received)


def test_a_relay_killed_while_it_sends_loses_nothing_and_repeats_one_id(
    receiver: Receiver,
) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    (first,) = take(MORNING)  # and never recorded
    assert take(MORNING + LEASE / 2) == []
    (again,) = take(MORNING + 2 * LEASE)
    assert (again.message_id, again.payload) == (first.message_id, first.payload)
    assert Delivery.objects.filter(topic=DIGEST.code).count() == 1


def test_many_relays_at_once_merge_each_message_once(receiver: Receiver) -> None:
    places = [robot(receiver, f"/{number}", at_any_hour=False) for number in range(3)]
    for to in places:
        told(to, *(f"{number}" for number in range(8)))
    outcomes = race(*[lambda: take(MORNING)] * 4)
    assert [each.error for each in outcomes] == [None] * 4
    taken = [parcel.delivery_id for each in outcomes for parcel in each.result or []]
    assert len(taken) == len(set(taken))
    for row in singles():  # sent by itself, or in one digest that was or will be sent
        carrier = row.carried_by_id or row.pk
        assert (row.state == State.MERGED) == (row.carried_by_id is not None)
        assert Delivery.objects.get(pk=carrier).state == State.PENDING


def test_a_later_message_of_a_ticket_does_not_overtake_the_digest(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    (digest,) = take(MORNING)
    told(to, "甲", "戊", at=MORNING)
    assert [each.payload["title"] for each in take(MORNING)] == ["工单戊"]
    record(digest, Result(is_success=True), started_at=MORNING, took=LEASE, at=MORNING)
    assert [each.payload["title"] for each in take(MORNING)] == ["工单甲"]


def test_nor_does_a_digest_overtake_an_earlier_message(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, "甲", at=MORNING - timedelta(hours=15, minutes=31))  # at 16:59 the day before
    (parcel,) = take(MORNING - timedelta(hours=15, minutes=31))
    failed = Result(is_success=False)
    record(parcel, failed, started_at=MORNING, took=LEASE, at=MORNING)  # tried again in a while
    told(to, *"甲乙丙丁", at=NIGHT + timedelta(minutes=1))
    assert take(MORNING) == []
    assert [each.topic for each in take(MORNING + timedelta(minutes=6))] == [WEATHER.code]


def test_an_urgent_message_takes_a_digest_along_that_could_not_be_sent(
    receiver: Receiver,
) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    receiver.plan["/robot"].append(answer(500))
    drain(MORNING)
    Delivery.objects.filter(topic=DIGEST.code).update(due_at=MORNING + timedelta(hours=10))
    evening = MORNING + timedelta(hours=9)
    with clock_at(evening), change() as at:
        urgent = Message(WEATHER, "急", "雪", order_key="t:甲", is_urgent=True)
        announce(urgent, officers=[to.officer_id], at=at)
    drain(evening)
    assert [each.text.split("\n")[0] for each in receiver.received[1:]] == ["直通车：4条消息", "急"]


def test_what_is_taken_out_of_a_message_is_in_no_digest(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    assert merge_waiting(MORNING) == 1
    first = singles()[0]
    first.payload = {}
    first.save(update_fields=["payload"])
    assert "甲" not in str(payload_of(Delivery.objects.get(topic=DIGEST.code)))


def test_a_channel_that_is_closed_gives_its_digest_up(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    merge_waiting(MORNING)
    assert states() == {State.MERGED: 4, State.PENDING: 1}
    assert {each.settled_at for each in singles()} == {None}
    close_destination(destination=to, by=director())
    assert states() == {State.DEAD: 5}
    drain(MORNING)
    assert receiver.received == []


def tried_in_vain(row: Parcel) -> None:
    record(row, Result(is_success=False), started_at=MORNING, took=LEASE, at=MORNING)


def gone(row: Parcel) -> None:
    record(row, Result(is_success=False, is_gone=True), started_at=MORNING, took=LEASE, at=MORNING)


def never_recorded(_row: Parcel) -> None:
    give_up_exhausted(at=MORNING + LEASE)


@pytest.mark.parametrize("ends", [tried_in_vain, gone, never_recorded])
def test_what_a_digest_carried_is_given_up_with_it(
    receiver: Receiver, ends: Callable[[Parcel], None]
) -> None:
    told(robot(receiver, at_any_hour=False), *"甲乙丙丁")
    other = robot(receiver, "/other", at_any_hour=False)
    told(other, *"甲乙丙丁戊")
    merge_waiting(MORNING)
    Delivery.objects.filter(topic=DIGEST.code).exclude(destination=other).update(
        tries=MOST_TRIES - 1
    )
    row = next(each for each in take(MORNING) if each.tries == MOST_TRIES)
    ends(row)
    assert states() == {State.DEAD: 5, State.MERGED: 5, State.PENDING: 1}
    assert set(Delivery.objects.filter(state=State.MERGED).values_list("destination")) == {
        (other.pk,)
    }


def test_a_digest_that_is_sent_again_carries_what_it_did(receiver: Receiver) -> None:
    told(robot(receiver, at_any_hour=False), *"甲乙丙丁")
    merge_waiting(MORNING)
    Delivery.objects.filter(topic=DIGEST.code).update(tries=MOST_TRIES - 1)
    receiver.plan["/robot"].append(answer(500))
    drain(MORNING)
    assert states() == {State.DEAD: 5}
    with clock_at(MORNING):
        replay(delivery=singles()[1], by=director())
    drain(MORNING)
    assert states() == {State.DEAD: 4, State.DELIVERED: 1}
    with clock_at(MORNING):
        replay(delivery=Delivery.objects.get(topic=DIGEST.code), by=director())
    assert states() == {State.MERGED: 3, State.DELIVERED: 1, State.PENDING: 1}
    drain(MORNING)
    assert states() == {State.DELIVERED: 5}
    lines = [each.text.split("\n")[0] for each in receiver.received]
    assert lines == ["直通车：4条消息", "工单乙", "直通车：4条消息"]


def test_a_message_of_a_digest_can_be_sent_again_by_itself(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    drain(MORNING)
    with clock_at(MORNING):
        replay(delivery=singles()[1], by=director())
    drain(MORNING)
    assert [each.text.split("\n")[0] for each in receiver.received] == ["直通车：4条消息", "工单乙"]
    digest = Delivery.objects.get(topic=DIGEST.code)
    assert "工单乙" in payload_of(digest)["text"]  # what was sent stays on record


def test_mail_carries_the_details_too(receiver: Receiver, settings: object) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁")
    Destination.objects.update(channel="email")
    Delivery.objects.update(lane="email")
    (parcel,) = take(MORNING)
    assert parcel.payload["text"].split("\n\n")[0] == "工单甲\n雪\nhttp://127.0.0.1:8000/t/甲"


def test_letters_with_a_link_for_one_time_are_not_merged(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    told(to, *"甲乙丙丁戊")
    Delivery.objects.update(sealed_link="sealed")
    assert merge_waiting(MORNING) == 0

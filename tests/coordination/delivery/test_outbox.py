"""The outbox: written with the change or not at all, and claimed by one relay at a time."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coordination.delivery.announce import Message
from coordination.delivery.models import Attempt, Delivery, Notice, State
from coordination.delivery.outbox import claim, give_up_exhausted, record
from coordination.delivery.replay import replay
from coordination.delivery.schedule import MOST_TRIES
from coordination.delivery.senders.base import Parcel, Result
from projects.record.clock import clock_at
from tests.bed.races import race
from tests.coordination.delivery.receiver import Receiver
from tests.coordination.delivery.scene import TRAFFIC, WEATHER, robot, say
from tests.factories.coordination import director, officer

START = datetime(2020, 3, 9, 1, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def take(at: datetime = START, *, limit: int = 16, share: int = 16) -> list[Parcel]:
    return claim(limit=limit, share=share, busy={}, lease=LEASE, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_tells_nobody(receiver: Receiver) -> None:
    to = robot(receiver)

    def undo() -> None:
        with transaction.atomic():
            say("一", to.officer)
            assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undo()
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_each_topic_goes_where_it_is_wanted(receiver: Receiver) -> None:
    lead, other = officer(), officer()
    all_of_it = robot(receiver, "/all", of=lead)
    weather = robot(receiver, "/weather", of=lead, topics=(WEATHER.code,))
    robot(receiver, "/traffic", of=lead, topics=(TRAFFIC.code,))
    robot(receiver, "/other", of=other)
    say("有雪", lead, lead)
    assert list(Notice.objects.values_list("officer", "title", "text")) == [
        (lead.pk, "标题", "有雪")
    ]
    assert list(Delivery.objects.values_list("destination", flat=True).order_by("pk")) == [
        all_of_it.pk, weather.pk,
    ]  # fmt: skip


@pytest.mark.django_db
def test_telling_more_people_takes_no_more_queries(
    receiver: Receiver,
) -> None:
    people = [robot(receiver, f"/{number}").officer for number in range(3)]
    counts = []
    for told in (people[:1], people):
        with CaptureQueriesContext(connection) as seen:
            say("有雪", *told)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_many_relays_at_once_never_take_the_same_row(receiver: Receiver) -> None:
    to = [robot(receiver, f"/{number}") for number in range(4)]
    with clock_at(START):
        for number in range(120):
            say(f"{number}", to[number % 4].officer, key=f"{number % 7}")
    taken: list[int] = []
    while True:
        outcomes = race(*[lambda: take(limit=9)] * 4)
        assert [outcome.error for outcome in outcomes] == [None] * 4
        parcels = [parcel for outcome in outcomes for parcel in outcome.result or []]
        if not parcels:
            break
        taken += [parcel.delivery_id for parcel in parcels]
        for parcel in parcels:
            record(parcel, Result(is_success=True), started_at=START, took=LEASE, at=START)
    assert sorted(taken) == sorted(Delivery.objects.values_list("pk", flat=True))
    per_key: dict[tuple[int | None, str], list[int]] = {}
    order = {pk: place for place, pk in enumerate(taken)}
    for row in Delivery.objects.order_by("pk"):
        per_key.setdefault((row.destination_id, row.order_key), []).append(order[row.pk])
    assert all(places == sorted(places) for places in per_key.values())


@pytest.mark.django_db
def test_what_is_claimed_comes_back_when_its_lease_is_over(receiver: Receiver) -> None:
    to = robot(receiver)
    with clock_at(START):
        say("一", to.officer)
    (first,) = take()
    assert take(START + LEASE - timedelta(seconds=1)) == []
    (second,) = take(START + LEASE)
    assert (second.message_id, second.tries) == (first.message_id, 2)
    assert second.claim != first.claim


@pytest.mark.django_db
def test_a_relay_that_outlived_its_lease_decides_nothing(receiver: Receiver) -> None:
    to = robot(receiver)
    with clock_at(START):
        say("一", to.officer)
    (first,) = take()
    (second,) = take(START + LEASE)
    failed = Result(is_success=False, detail="late")
    record(first, failed, started_at=START, took=LEASE, at=START + LEASE)
    row = Delivery.objects.get()
    assert (row.state, row.claim, row.due_at) == (State.PENDING, second.claim, START + 2 * LEASE)
    assert list(Attempt.objects.values_list("detail", flat=True)) == ["late"]


@pytest.mark.django_db
def test_a_message_that_kills_its_relay_is_given_up_in_the_end(receiver: Receiver) -> None:
    to = robot(receiver)
    with clock_at(START):
        say("一", to.officer, key="a")
        say("二", to.officer, key="a")
    moment, ids = START, set[UUID]()
    for _ in range(MOST_TRIES):
        (parcel,) = take(moment)
        ids.add(parcel.message_id)
        moment += LEASE
    assert len(ids) == 1
    assert take(moment) == []
    assert give_up_exhausted(at=moment - timedelta(microseconds=1)) == 0  # it may yet be recorded
    assert give_up_exhausted(at=moment) == 1
    assert [parcel.payload["text"] for parcel in take(moment)] == ["二"]


@pytest.mark.django_db
def test_a_lane_takes_no_more_than_its_share(receiver: Receiver) -> None:
    one, two = robot(receiver, "/1"), robot(receiver, "/2")
    with clock_at(START):
        for number in range(5):
            say(f"{number}", one.officer, two.officer)
    parcels = claim(limit=16, share=2, busy={one.lane: 1}, lease=LEASE, at=START)
    lanes = sorted(parcel.lane for parcel in parcels)
    assert lanes == sorted([one.lane, two.lane, two.lane])


@pytest.mark.django_db
def test_what_is_said_leaves_with_an_address_that_can_be_opened() -> None:
    message = Message(WEATHER, "标题", "有雪", link="/admin/tickets/ticket/1/change/")
    assert message.payload["url"] == "http://127.0.0.1:8000/admin/tickets/ticket/1/change/"
    assert director().notices.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_restored_desk_has_to_send_can_be_kept_back(receiver: Receiver) -> None:
    to = robot(receiver)
    with clock_at(START):
        say("一", to.officer)
        (done,) = take()
        result = Result(is_success=True)
        record(done, result, started_at=START, took=timedelta(0), at=START)
        say("二", to.officer)
        said = StringIO()
        call_command("give_up_pending", stdout=said)
        assert said.getvalue() == "1 deliveries were given up.\n"
        assert take() == []
        assert list(Delivery.objects.order_by("pk").values_list("state", "settled_at")) == [
            (State.DELIVERED, START), (State.DEAD, START),
        ]  # fmt: skip
        replay(delivery=Delivery.objects.latest("pk"), by=director())
        assert [each.payload["text"] for each in take()] == ["二"]

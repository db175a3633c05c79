"""Readers and writers at once, on real connections: no reader ever skips an event."""

import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from coordination.intake.feed.follow import WaitingRoom
from coordination.intake.feed.queries import Place, entries_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.converse import comment
from projects.access.models import ApiKey
from tests.bed.races import race
from tests.bed.stack import wait_for
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_earlier_event_that_commits_later_is_not_skipped() -> None:
    at = desk()
    slow, fast = filed(at), filed(at)
    sequence()
    end = FeedEntry.objects.last()
    assert end is not None
    written, may_commit = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            comment(ticket=slow, text="先写", by=at.key)
            written.set()
            may_commit.wait(60)

    def overtake() -> list[int]:
        written.wait(60)
        comment(ticket=fast, text="先提交", by=at.key)
        sequence()
        seen = entries_after(Place(end.position), at.key, 10)
        may_commit.set()
        return [entry.event.ticket_id for entry in seen]

    outcomes: Any = race(hold, overtake)
    assert outcomes[1].result == [fast.pk]
    sequence()
    rest = entries_after(Place(end.position), at.key, 10)
    assert [entry.event.ticket_id for entry in rest] == [fast.pk, slow.pk]
    ids = [entry.event_id for entry in rest]
    assert ids[0] > ids[1]  # by id alone the second would have been skipped


def read_on(key: ApiKey, until: int) -> list[int]:
    """Follow the feed as a client does, until that many events have been seen."""
    place, seen, deadline = Place(), list[int](), time.monotonic() + 60
    while len(seen) < until and time.monotonic() < deadline:
        sequence()
        for entry in entries_after(place, key, 7):
            seen.append(entry.event_id)
            place = Place(entry.position)
    return seen


def write(ticket: Ticket, at: Desk) -> None:
    for number in range(10):
        comment(ticket=ticket, text=f"第{number}次", by=at.key)


def test_readers_among_writers_see_everything_once_and_in_order() -> None:
    at = desk()
    tickets = [filed(at) for _each in range(4)]
    in_all = 4 + 4 * 10
    writers = [partial(write, ticket, at) for ticket in tickets]
    readers = [partial(read_on, at.key, in_all) for _each in range(2)]
    outcomes: Any = race(*writers, *readers)
    assert [each.error for each in outcomes] == [None] * 6
    first, second = outcomes[4].result, outcomes[5].result
    assert first == second
    assert sorted(first) == sorted(TicketEvent.objects.values_list("pk", flat=True))
    for ticket in tickets:
        own = list(ticket.events.order_by("seq").values_list("pk", flat=True))
        assert [pk for pk in first if pk in own] == own


@pytest.mark.parametrize("after", ["a cursor", "latest"])
def test_whoever_waits_is_told_at_once(after: str) -> None:
    at = desk()
    ticket = filed(at)
    feed = reverse("api:feed")
    cursor = client_with(at.token).get(feed, {"after": "latest"}).json()["next"]
    end = after if after == "latest" else cursor

    has_looked = threading.Event()

    def note(execute: Any, sql: str, *given: Any) -> Any:
        answer = execute(sql, *given)
        if "feedentry" in sql:
            has_looked.set()
        return answer

    def wait() -> tuple[list[str], float]:
        began = time.monotonic()
        with connection.execute_wrapper(note):
            page = client_with(at.token).get(feed, {"after": end, "wait": 20}).json()
        return [each["verb"] for each in page["results"]], time.monotonic() - began

    def act() -> None:
        assert has_looked.wait(60)
        comment(ticket=ticket, text="有新进展", by=at.liaison)
        connections.close_all()

    outcomes: Any = race(wait, act)
    assert [each.error for each in outcomes] == [None, None]
    verbs, seconds = outcomes[0].result
    assert verbs == ["comment"]
    assert seconds < 15


def test_an_enterprise_leaves_a_place_to_wait_for_others() -> None:
    at, other = desk(), desk()
    ticket = filed(at)

    def ask(who: Desk, seconds: int) -> tuple[list[Any], int, bool]:
        began = time.monotonic()
        asked = {"after": "latest", "wait": str(seconds)}
        answer: Any = client_with(who.token).get(reverse("api:feed"), asked)
        assert answer.status_code == 200
        again = int(answer.headers.get("Retry-After", 0))
        return answer.json()["results"], again, time.monotonic() - began >= seconds

    def wait() -> Any:  # the other call may be in the place when this one comes
        return wait_for(lambda: (each := ask(at, 20))[1] == 0 and each)

    def crowd() -> list[Any]:
        turned_away = wait_for(lambda: (each := ask(at, 1))[1] and each)
        waited = ask(other, 1)
        comment(ticket=ticket, text="有新进展", by=at.liaison)
        return [turned_away, waited]

    outcomes: Any = race(wait, crowd)
    assert [each.error for each in outcomes] == [None, None]
    (news, again, _waited), (turned_away, waited) = (each.result for each in outcomes)
    assert ([each["verb"] for each in news], again) == (["comment"], 0)
    assert (turned_away[0], 1 <= turned_away[1] <= 20, turned_away[2]) == ([], True, False)
    assert waited == ([], 0, True)
    assert ask(at, 1) == ([], 0, True)  # the place is free again


@pytest.mark.parametrize(("places", "share"), [(1, 1), (2, 1), (3, 1), (5, 2), (8, 4)])
def test_the_places_and_an_enterprises_share_of_them(places: int, share: int) -> None:
    room, end = WaitingRoom(places), time.monotonic() + 10
    with ExitStack() as held:
        own = [held.enter_context(room.place(1, end + each)) for each in range(share + 1)]
        assert own == [0] * share + [10]  # the first of its own ends in ten seconds
        others = [held.enter_context(room.place(2 + each, end)) for each in range(places)]
        assert others == [0] * (places - share) + [10] * share
    with room.place(1, end) as wait:
        assert wait == 0

"""Readers and writers at once, on real connections: no reader ever skips an event."""

import threading
import time
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from coordination.intake.feed.queries import Place, entries_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.converse import comment
from projects.access.models import ApiKey
from tests.bed.races import race
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

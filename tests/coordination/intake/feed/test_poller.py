"""A poller that follows the documented recipe misses no ticket, whatever commits when (R16).

By ``changed_since`` it keeps the last ``changed_at`` and goes on from it, by ``/events/`` it keeps
``next``. ``make pollers`` runs a hundred rounds, here it is one.
"""

import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handle import accept
from projects.record.clock import RECORD_LOCK, change, recorded_until
from tests.bed.races import race
from tests.coordination.intake.scene import client_with, filing
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("POLLER_ROUNDS", "1"))
BEGIN = "2020-01-01T00:00:00+08:00"
TICKETS = reverse("api:tickets")


class Poller:
    """What it has seen: the newest version of each ticket."""

    def __init__(self, at: Desk, limit: int = 200, **asked: str) -> None:
        self.client, self.limit, self.asked = client_with(at.token), limit, asked
        self.since, self.seen = BEGIN, dict[str, int]()

    def first_page(self) -> Any:
        return self._page()

    def _page(self, **cursor: str) -> Any:
        asked: dict[str, Any] = {
            "changed_since": self.since,
            "limit": self.limit,
            **self.asked,
            **cursor,
        }
        answer = self.client.get(TICKETS, asked)
        assert answer.status_code == 200, answer.json()
        for each in answer.json()["results"]:
            self.seen[each["number"]] = max(each["version"], self.seen.get(each["number"], 0))
        return answer.json()

    def poll(self) -> list[str]:
        """Read to the end; returns the numbers, in the order of the list."""
        return self.go_on(self.first_page())

    def go_on(self, page: Any) -> list[str]:
        rows = list(page["results"])
        while page["next"]:
            page = self._page(cursor=page["next"])
            rows += page["results"]
        if rows:
            self.since = max(each["changed_at"] for each in rows)
        return [each["number"] for each in rows]


def newest() -> dict[str, int]:
    return dict(Ticket.objects.values_list("number", "version"))


def post(at: Desk, many: int = 0) -> None:
    """File one ticket, or many at once."""
    one = filing(project=at.project.code)
    body = {"tickets": [one] * many, "all_or_nothing": True} if many else one
    answer = client_with(at.token).post(
        reverse("api:tickets-bulk") if many else TICKETS, body,
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )  # fmt: skip
    assert answer.status_code in {200, 201}, answer.json()


def hold(act: Callable[[], object], is_done: threading.Event, may_end: threading.Event) -> None:
    """A change that stays under way until it may end."""
    with transaction.atomic():
        act()
        is_done.set()
        assert may_end.wait(60)


@pytest.mark.parametrize("ordering", ["changed_at", "-changed_at"])
@pytest.mark.parametrize("held", ["one", "many", "accept"])
def test_what_began_earlier_and_commits_later_is_seen(held: str, ordering: str) -> None:
    at = desk()
    old = filed(at)
    Poller(at).poll()  # the key's use is noted once a minute, which must not wait for what is held
    acts: dict[str, Callable[[], object]] = {
        "one": partial(post, at), "many": partial(post, at, 40),
        "accept": partial(accept, ticket=old, by=at.liaison),
    }  # fmt: skip
    is_done, may_end = threading.Event(), threading.Event()

    def watch() -> tuple[list[str], int]:
        assert is_done.wait(60)
        poller = Poller(at, limit=7, ordering=ordering)
        later = filed(at).number
        try:
            before = poller.poll()
        finally:
            may_end.set()
        return [later, *before], wait_until_all_are_seen(poller)

    def wait_until_all_are_seen(poller: Poller) -> int:
        deadline = time.monotonic() + 60
        while poller.seen != newest() and time.monotonic() < deadline:
            poller.poll()
        assert poller.seen == newest()
        return len(poller.seen)

    outcomes: Any = race(partial(hold, acts[held], is_done, may_end), watch)
    assert [each.error for each in outcomes] == [None, None]
    (later, *before), seen = outcomes[1].result
    assert later not in before  # an earlier one could still come
    assert before == [old.number]
    assert seen == {"one": 3, "many": 42, "accept": 2}[held]


def test_of_those_filed_together_none_is_skipped_when_others_change() -> None:
    """They have one time; whoever changes between two pages leaves it."""
    at = desk()
    post(at, 30)
    for changed in (1, 3, 10):
        poller = Poller(at, limit=10)
        page = poller.first_page()
        for each in page["results"][:changed]:
            ticket = Ticket.objects.get(number=each["number"])
            if ticket.status == "submitted":
                accept(ticket=ticket, by=at.liaison)
        poller.go_on(page)
        poller.poll()
        assert poller.seen == newest()


def test_a_host_whose_clock_is_wrong_records_the_time_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with change() as first:
        pass
    monkeypatch.setattr("django.utils.timezone.now", lambda: first.replace(year=2019))
    with change() as second:
        pass
    assert first < second < recorded_until()


def test_only_a_change_holds_the_list_back(second_connection: Any) -> None:
    """Only who has read the clock can record an earlier time."""
    second_connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECORD_LOCK + 1])
    with change() as at:
        pass
    assert at < recorded_until()
    second_connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECORD_LOCK])
    assert recorded_until() < at
    second_connection.rollback()
    assert at < recorded_until()


def write(at: Desk, seed: int) -> None:
    """File one, many, or accept what there is; each takes its time to commit."""
    dice = random.Random(seed)
    for _each in range(8):
        with transaction.atomic():
            waiting = Ticket.objects.filter(status="submitted").order_by("?").first()
            turn = dice.choice(["one", "one", "many", "accept"])
            if turn == "accept" and waiting is not None:
                locked = Ticket.objects.select_for_update(skip_locked=True).filter(pk=waiting.pk)
                if locked.filter(status="submitted").exists():
                    accept(ticket=waiting, by=at.liaison)
            else:
                post(at, dice.randint(2, 60) if turn == "many" else 0)
            time.sleep(dice.random() / 20)


def follow_tickets(at: Desk, limit: int, is_over: threading.Event) -> dict[str, int]:
    poller, is_last = Poller(at, limit), False
    while not is_last:
        is_last = is_over.is_set()
        poller.poll()
    return poller.seen


def follow_events(at: Desk, is_over: threading.Event) -> list[tuple[str, int]]:
    client, seen, after, is_last = client_with(at.token), list[tuple[str, int]](), "", False
    while not is_last:
        is_last = is_over.is_set()
        while True:
            page: Any = client.get(reverse("api:feed"), {"after": after, "limit": "50"}).json()
            after = page["next"]
            seen += [(each["ticket"]["number"], each["seq"]) for each in page["results"]]
            if not page["results"]:
                break
    return seen


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_pollers_among_writers_see_every_ticket(number: int) -> None:
    at = desk()
    is_over, left = threading.Event(), threading.Semaphore(0)

    def writer(seed: int) -> None:
        try:
            write(at, seed)
        finally:
            left.release()

    def end() -> None:
        for _each in range(4):
            assert left.acquire(timeout=600)
        is_over.set()

    outcomes: Any = race(
        *(partial(writer, number * 4 + each) for each in range(4)), end,
        partial(follow_tickets, at, 7, is_over), partial(follow_tickets, at, 200, is_over),
        partial(follow_events, at, is_over), seconds=900,
    )  # fmt: skip
    assert [each.error for each in outcomes] == [None] * len(outcomes)
    small, large, events = (each.result for each in outcomes[-3:])
    assert len(newest()) > 20
    assert small == large == newest()
    every = TicketEvent.objects.values_list("ticket__number", "seq")
    assert (len(events), set(events)) == (len(set(events)), set(every))

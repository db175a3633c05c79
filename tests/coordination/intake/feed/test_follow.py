"""GET /api/v1/events/: everything once, in one order, nothing that is not the caller's."""

import time
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from coordination.intake.feed.queries import START
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry, FeedPending
from coordination.tickets.lines.settle import fulfil
from coordination.tickets.verbs.closing import write_off
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept, resolve
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
FEED = reverse("api:feed")


def ask(at: Desk, **parameters: Any) -> Any:
    return client_with(at.token).get(FEED, parameters)


def everything(at: Desk, limit: int = 2) -> list[dict[str, Any]]:
    """Read to the end, page by page."""
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        page = ask(at, after=after, limit=limit).json()
        if not page["results"]:
            assert page["next"] == (after or START)
            return seen
        seen += page["results"]
        assert page["next"] == page["results"][-1]["cursor"]
        after = page["next"]


def test_a_ticket_from_filing_to_write_off() -> None:
    at = desk()
    ticket = filed(at)
    accept(ticket=ticket, by=at.liaison)
    comment(ticket=ticket, text="内部", internal=True, by=at.liaison)
    fulfil(ticket=ticket, line=1, quantity=Decimal(1), by=at.liaison)
    resolve(ticket=ticket, result="已放行", by=at.liaison)
    write_off(ticket=ticket, follow_up="已回访", by=at.lead)
    seen = everything(at)
    assert [(each["verb"], each["seq"], each["to"]) for each in seen] == [
        ("submit", 1, "submitted"), ("accept", 2, "in_progress"), ("fulfil", 4, "in_progress"),
        ("resolve", 5, "resolved"), ("write_off", 6, "closed"),
    ]  # fmt: skip
    assert seen[0]["ticket"] == {
        "number": ticket.number, "kind": "vehicle_pass", "external_id": None,
        "project": {"code": at.project.code, "name": at.project.name},
    }  # fmt: skip
    assert seen[3]["text"] == {"result": "已放行"}


def test_another_enterprise_sees_nothing_of_it() -> None:
    at, other = desk(), desk()
    filed(at)
    own = filed(other)
    assert [each["ticket"]["number"] for each in everything(other)] == [own.number]
    cursor = everything(at)[0]["cursor"]
    assert ask(other, after=cursor).status_code == 410


def test_the_end_of_the_feed() -> None:
    at = desk()
    assert ask(at, after="latest").json() == {"results": [], "next": START}
    filed(at)
    end = ask(at, after="latest").json()
    assert (end["results"], end["next"]) == ([], everything(at)[-1]["cursor"])
    ticket = filed(at)
    found = ask(at, after=end["next"]).json()["results"]
    assert [each["ticket"]["number"] for each in found] == [ticket.number]
    assert ask(at, after=START).json() == ask(at).json()


def test_a_place_that_the_feed_never_had() -> None:
    """As after a restore: the position exists again, and another event is there."""
    at = desk()
    filed(at)
    cursor = everything(at)[0]["cursor"]
    position, _dash, proof = cursor.partition("-")
    for unknown in (f"{position}-{'0' * 16}", f"{int(position) + 1}-{proof}"):
        answer = ask(at, after=unknown)
        assert (answer.status_code, answer.json()["type"]) == (410, "/problems/gone")


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"after": "1"}, "/after"),
        ({"after": "x" * 41}, "/after"),
        ({"after": "9" * 19 + "-" + "0" * 16}, "/after"),
        ({"limit": "0"}, "/limit"),
        ({"limit": "201"}, "/limit"),
        ({"wait": "21"}, "/wait"),
        ({"wait": "-1"}, "/wait"),
        ({"wait": "soon"}, "/wait"),
    ],
)
def test_what_cannot_be_asked(parameters: dict[str, str], pointer: str) -> None:
    answer = ask(desk(), **parameters)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_without_a_key() -> None:
    assert client_with("").get(FEED).status_code == 401


def test_a_page_costs_the_same_however_long(django_assert_num_queries: Any) -> None:
    at = desk()
    filed(at)
    first = ask(at, after="latest").json()["next"]
    filed(at)
    sequence()
    with django_assert_num_queries(4):  # the key, the place, anything pending, the page
        assert len(ask(at, after=first).json()["results"]) == 1
    for _each in range(4):
        filed(at, "worker_return")
    sequence()
    with django_assert_num_queries(4):
        assert len(ask(at, after=first).json()["results"]) == 5


def test_waiting_ends_without_news() -> None:
    at = desk()
    for after in ("", "latest"):
        began = time.monotonic()
        assert ask(at, wait=1, after=after).json() == {"results": [], "next": START}
        assert time.monotonic() - began >= 1


def test_positions_have_no_gaps_and_are_given_once() -> None:
    at = desk()
    for _each in range(3):
        filed(at)
    assert FeedPending.objects.count() == 3
    assert (sequence(), sequence()) == (3, 0)
    positions = list(FeedEntry.objects.values_list("position", flat=True))
    assert positions == list(range(positions[0], positions[0] + 3))
    assert not FeedPending.objects.exists()

"""Reading through the API against floors on the same server and database (P3, P4, P6).

The floors do the least that such a list or page could: the same key check, DRF's own cursor, a
plain serializer of the ticket's columns; and a bare Django view for one ticket. Timed in pairs,
A B A B …, of which the median ratio is judged, so that a figure holds on any machine.

Here 20,000 tickets, and bounds with room for a busy machine; the full size and the real bounds,
with each figure printed: ``make bench-reads``.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination

from config.urls import addresses
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import tickets_for
from projects.access.authentication import caller_of
from tests.benchmarks.many_tickets import fill
from tests.factories.coordination import Desk, desk, filed

TICKETS = int(os.environ.get("TICKETS", "20000"))
FULL: Final = TICKETS > 100_000
LISTING: Final = "/api/v1/tickets/?status=closed"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
CALLS: Final = 20 if FULL else 8  # of one round
# By what each may exceed its floor; without the full size there is room for a busy machine.
MOST: Final = {"list": 1.3, "deep": 1.05, "read": 2.0, "timeline": 2.0} if FULL else {
    "list": 2.0, "deep": 1.3, "read": 4.0, "timeline": 4.0,
}  # fmt: skip


class Columns(serializers.ModelSerializer[Ticket]):
    class Meta:
        model = Ticket
        fields = (
            "number", "kind", "project", "title", "urgency", "status", "group", "handler",
            "needed_by", "filed_at", "changed_at", "ended_at", "version", "accept_due", "due_at",
            "answer_due",
        )  # fmt: skip


class ByFiling(CursorPagination):
    ordering = ("-filed_at", "-id")
    page_size = 50


class FloorList(ListAPIView[Ticket]):
    """What DRF itself does for such a list."""

    serializer_class = Columns
    pagination_class = ByFiling
    permission_classes = ()

    def get_queryset(self) -> QuerySet[Ticket]:
        own = tickets_for(caller_of(self.request)).select_related("project", "group", "handler")
        return own.filter(status=self.request.query_params["status"])


def floor_ticket(request: HttpRequest, number: str) -> JsonResponse:
    """A bare read: the ticket's row with its lines and events, by the ORM alone, for anybody."""
    ticket = Ticket.objects.values("id", *Columns.Meta.fields).get(number=number)
    lines = KINDS[ticket["kind"]].lines_of(ticket["id"]).values("position", "asked", "met")
    events = TicketEvent.objects.filter(ticket=ticket["id"]).order_by("seq")
    said = events.values("seq", "verb", "from_status", "to_status", "recorded_at")
    return JsonResponse({**ticket, "lines": list(lines), "events": list(said)})


urlpatterns = [
    *addresses(),
    path("floor/tickets/", FloorList.as_view()),
    path("floor/tickets/<str:number>/", floor_ticket),
]


def seconds(call: Callable[[], Any]) -> float:
    began = perf_counter()
    for _each in range(CALLS):
        call()
    return perf_counter() - began


def ratio(ours: Callable[[], Any], floor: Callable[[], Any]) -> float:
    """The median of the rounds' ratios, each of two in turn."""
    for each in (ours, floor):
        each()
    return median(seconds(ours) / seconds(floor) for _round in range(ROUNDS))


@pytest.fixture
def at(superuser_cursor: Any) -> Iterator[Desk]:
    """One enterprise with half of many tickets, another with the rest."""
    own, other = desk(), desk()
    fill(superuser_cursor, own, filed(own), 1, TICKETS // 2)
    fill(superuser_cursor, other, filed(other), TICKETS // 2 + 1, TICKETS)
    with override_settings(ROOT_URLCONF=__name__):
        yield own


class Reader:
    """One caller who keeps his connection, as software does."""

    def __init__(self, at: Desk, server: str) -> None:
        self._connection = HTTPConnection(urlsplit(server).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {at.token}"}
        self._client = Client(headers=self._headers)

    def getting(self, address: str) -> Callable[[], Any]:
        """What gets the address, and gives what was answered."""

        def get() -> Any:
            self._connection.request("GET", address, headers=self._headers)
            answer = self._connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            return json.loads(body)

        return get

    def asked(self, address: str) -> list[str]:
        """What is asked of the database for it."""
        with CaptureQueriesContext(connection) as caught:
            assert self._client.get(address).status_code == 200
        return [each["sql"] for each in caught.captured_queries]


def judge(found: dict[str, float]) -> None:
    for name, times in found.items():
        print(f"{name}: ×{times:.2f} of its floor (at most {MOST[name]})")  # noqa: T201 - its result
    assert {name: times for name, times in found.items() if times > MOST[name]} == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_reading_costs_hardly_more_than_it_must(at: Desk, live_server: Any) -> None:
    reader = Reader(at, live_server.url)
    listing = reader.getting(LISTING)
    floor = reader.getting("/floor/tickets/?status=closed")
    assert [each["number"] for each in listing()["results"]] == [
        each["number"] for each in floor()["results"]
    ]
    first = listing()
    deep, number = _deep(at, first["next"]), first["results"][0]["number"]
    ticket, events = f"/api/v1/tickets/{number}/", f"/api/v1/tickets/{number}/events/"
    assert [len(reader.asked(each)) for each in (LISTING, deep, ticket, events)] == [3, 3, 6, 3]
    assert not any("COUNT(" in sql.upper() for sql in reader.asked(LISTING) + reader.asked(deep))
    bare = reader.getting(f"/floor/tickets/{number}/")
    judge(
        {
            "list": ratio(listing, floor),
            "deep": ratio(reader.getting(deep), listing),
            "read": ratio(reader.getting(ticket), bare),
            "timeline": ratio(reader.getting(events), bare),
        }
    )


def _deep(at: Desk, cursor: str) -> str:
    """A page from the middle of the list, by the cursor of its second page with another row."""
    own = Ticket.objects.filter(enterprise=at.enterprise, status="closed")
    middle = own.order_by("filed_at", "id")[own.count() // 2]
    of_list, beyond, _second = urlsafe_b64decode(f"{cursor}==").decode().partition(">")
    written = f"{of_list}{beyond}{middle.filed_at.isoformat()} {middle.pk}"
    return f"{LISTING}&cursor={urlsafe_b64encode(written.encode()).decode().rstrip('=')}"

"""The staff's pages with many tickets against the same with few (P5, P11).

Here few are 6,000 and many 18,000; for the full size, with each figure printed:
``make bench-pages``
"""

import os
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.staff.models import Officer
from tests.benchmarks.many_tickets import fill
from tests.factories.coordination import desk, filed

SMALL, LARGE = int(os.environ.get("SMALL", "6000")), int(os.environ.get("LARGE", "18000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
MOST = 2.0
QUEUE = reverse("admin:tickets_ticket_changelist")
type Measured = dict[str, tuple[float, int]]


def as_(who: Officer) -> Client:
    client = Client()
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def once(client: Client, address: str) -> float:
    began = perf_counter()
    answer = client.get(address)
    took = perf_counter() - began
    assert answer.status_code == 200, address
    return took


def measured(pages: dict[str, tuple[Client, str]], floor: tuple[Client, str]) -> Measured:
    """Each page's time in a page that asks nothing of tickets, and how much it asks."""
    found = {}
    for name, (client, address) in pages.items():
        once(client, address)
        with CaptureQueriesContext(connection) as asked:
            once(client, address)
        number = len(asked)  # the next request empties the log
        times = [once(client, address) / once(*floor) for _ in range(ROUNDS)]
        found[name] = (median(times), number)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_many_tickets_cost_hardly_more_than_few(superuser_cursor: Any) -> None:
    at = desk()
    like = filed(at)
    lead, centre = as_(at.lead), as_(at.duty_desk)
    floor = (centre, reverse("admin:password_change"))
    ticket = reverse("admin:tickets_ticket_change", args=[like.pk])

    def pages(many: int) -> dict[str, tuple[Client, str]]:
        deep = f"{QUEUE}?status=&after={like.pk + many // 2}"
        return {
            "queue of a group": (lead, QUEUE),
            "queue of all": (centre, f"{QUEUE}?status="),
            "queue, deep": (centre, deep),
            "queue by status and urgency": (lead, f"{QUEUE}?status=in_progress&urgency=normal"),
            "search: in many": (lead, f"{QUEUE}?status=&q=钢材"),
            "search: one of its kind": (lead, f"{QUEUE}?status=&q=20190101-0001999"),
            "search: none": (centre, f"{QUEUE}?status=&q=格力"),
            "ticket": (lead, ticket),
            "ticket in its queue": (lead, f"{ticket}?status=open"),
        }

    fill(superuser_cursor, at, like, 1, SMALL)
    few = measured(pages(SMALL), floor)
    fill(superuser_cursor, at, like, SMALL + 1, LARGE)
    many = measured(pages(LARGE), floor)
    for name, (time, asked) in many.items():
        print(f"{name}: ×{time / few[name][0]:.2f}, {asked} queries")  # noqa: T201 - its result
    assert all(asked for _time, asked in many.values())
    more = {name: asked - few[name][1] for name, (_time, asked) in many.items()}
    # of a long list a ticket's page asks for the one before and the one after, not for all ids
    assert more.pop("ticket in its queue") in {0, 2}
    assert set(more.values()) == {0}
    slow = {name: time / few[name][0] for name, (time, _asked) in many.items()}
    assert {name: ratio for name, ratio in slow.items() if ratio > MOST} == {}

"""From a filing to a confirmed ticket over real HTTP; the running week counts it."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.request import Request, urlopen

import pytest

from coordination.bulletins.build import preview
from coordination.tickets.lines.settle import fulfil
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handle import accept, resolve
from tests.bed.stack import LiveStack
from tests.coordination.intake.scene import filing
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db(transaction=True)


def ask(at: Desk, url: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    sent = {
        "Authorization": f"Bearer {at.token}", "Content-Type": "application/json",
        "Accept-Language": "zh-hans", **headers,
    }  # fmt: skip
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, sent), timeout=60) as answer:  # noqa: S310 - our own server
        return answer.status, json.load(answer), answer.headers


def settled(at: Desk, ticket: Ticket) -> None:
    accept(ticket=ticket, by=at.liaison)
    fulfil(ticket=ticket, line=1, quantity=Decimal(1), by=at.liaison)
    resolve(ticket=ticket, result="已放行", by=at.liaison)


def figures() -> Counter[str]:
    """Of vehicle passes; the kind is in the figures from its first ticket on."""
    return Counter(preview()["tickets"]["figures"].get("vehicle_pass", {}))


def test_the_running_week_counts_it_at_once(live_stack: LiveStack) -> None:
    at = desk()
    tickets = f"{live_stack.url}/api/v1/tickets/"
    before = figures()
    status, ticket, _headers = ask(
        at, tickets, filing(project=at.project.code), **{"Idempotency-Key": "k-1"}
    )
    assert (status, ticket["status_label"], ticket["group"]) == (201, "待受理", at.group.name)
    settled(at, Ticket.objects.get(number=ticket["number"]))
    own = f"{tickets}{ticket['number']}/"
    _status, read, headers = ask(at, own)
    (confirm,) = (each for each in read["allowed_actions"] if each["verb"] == "confirm")
    status, closed, _headers = ask(
        at, live_stack.url + confirm["href"], {"satisfaction": 5},
        **{"Idempotency-Key": "k-2", "If-Match": headers["ETag"]},
    )  # fmt: skip
    assert (status, closed["status"]) == (200, "closed")
    after = figures()
    assert {name: after[name] - before[name] for name in after} == {
        "open_before": 0, "filed": 1, "reopened": 0, "ended": 1, "open_after": 0,
        "cumulative_filed": 1, "cumulative_settled": 1,
    }  # fmt: skip

"""From a key to a confirmed ticket over real HTTP, and by the very lines of docs/api.md."""

import json
import re
import subprocess
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.request import Request, urlopen

import pytest

from config.embedded import PROJECT
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


def test_the_lines_of_the_documentation(live_stack: LiveStack) -> None:
    """The lines as they stand; only what a reader must fill in is filled in."""
    text = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(export TOKEN=.+?)```", text, re.DOTALL)
    given, setting, now_line, days, *lines = block.strip().splitlines()
    assert len(lines) == 5
    at = desk()
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    given = given.replace("编号.密文", at.token).replace("LY2020-008", at.project.code)
    setting = setting.replace("http://127.0.0.1:8000", live_stack.url)

    def run(line: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", "\n".join((given, setting, now_line, days, line))],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    assert at.project.code in run(lines[0])
    made = run(lines[1])
    assert made.startswith("HTTP/1.1 201"), made
    ticket = Ticket.objects.get()
    settled(at, ticket)
    given = given.replace("20200309-000001", ticket.number)
    assert "confirm" in run(lines[2])
    assert '"resolve"' in run(lines[3])
    assert run(lines[4]).startswith("HTTP/1.1 200")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.satisfaction) == ("closed", 5)

"""What holds of a kind because it is one: none is named here, and a new one needs no line."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
DAY = datetime(2020, 3, 9, 10, tzinfo=SHANGHAI)


def example_of(kind: str, at: Desk) -> dict[str, Any]:
    """What the API's document shows, for the desk's own project."""
    example = KINDS[kind].example
    return {
        "kind": kind, "project": at.project.code, "title": example.title,
        "contact": {"name": "王师傅", "mobile": "13800138000"}, "lines": [dict(example.line)],
    }  # fmt: skip


def post(at: Desk, body: dict[str, Any]) -> Any:
    client: APIClient = client_with(at.token)
    return client.post("/api/v1/tickets/", body, headers={"Idempotency-Key": "k"})


@pytest.mark.parametrize("kind", KINDS)
def test_its_example_is_filed_shown_and_counted(kind: str, client: Client) -> None:
    with clock_at(DAY):
        at = desk()
        answer = post(at, example_of(kind, at))
        assert answer.status_code == 201, answer.json()
        ticket = Ticket.objects.get()
        client.force_login(at.liaison)
        page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    body = answer.json()
    assert body["warnings"] == []
    assert body["kind"] == kind
    assert set(KINDS[kind].fields) <= set(body["lines"][0])
    assert page.status_code == 200
    counted = count_blocks(week_to(datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)))
    row = counted["tickets"]["figures"][kind]
    assert (row["filed"], row["open_after"], row["cumulative_filed"]) == (1, 1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_knows_it(kind: str, client: Client) -> None:
    document = client.get("/api/schema/?format=json").json()
    name = "".join(part.capitalize() for part in kind.split("_"))
    shapes = document["components"]["schemas"]
    assert {f"{name}FilingRequest", f"{name}LineRequest", f"{name}Ticket"} <= set(shapes)
    filing = document["paths"]["/api/v1/tickets/"]["post"]["requestBody"]["content"]
    examples = filing["application/json"]["examples"].values()
    assert kind in {example["value"]["kind"] for example in examples}


@pytest.mark.parametrize("kind", KINDS)
def test_its_names_are_its_own_fields(kind: str) -> None:
    made, known = KINDS[kind], {field.name for field in KINDS[kind].model._meta.get_fields()}
    rules = [*made.rules, *made.warnings]
    assert set(made.fields) <= known
    assert made.personal <= set(made.fields)
    assert set(made.searchable) <= set(made.fields)
    assert {name for rule in rules for name in (rule.field, *rule.needs)} <= set(made.fields)
    assert set(made.example.line) <= set(made.fields)

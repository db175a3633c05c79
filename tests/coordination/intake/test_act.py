"""What an enterprise does with its ticket: supplement, withdraw, redo, confirm; and comments."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.access.models import IdempotentRequest
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db

# verb → what brings a ticket to where it is allowed, what is sent, the state after
ACTS: dict[str, tuple[tuple[Verb, ...], dict[str, Any], Status]] = {
    "supplement": ((Verb.ASK,), {"answer": "连霍高速"}, Status.SUBMITTED),
    "withdraw": ((), {"reason": "已自行解决"}, Status.WITHDRAWN),
    "redo": ((Verb.ACCEPT, Verb.FULFIL, Verb.RESOLVE), {"reason": "未放行"}, Status.IN_PROGRESS),
    "confirm": ((Verb.ACCEPT, Verb.FULFIL, Verb.RESOLVE), {"satisfaction": 5}, Status.CLOSED),
}
BY_STAFF: dict[Verb, dict[str, Any]] = {
    Verb.ASK: {"question": "哪条路线"},
    Verb.ACCEPT: {},
    Verb.FULFIL: {"line": 1, "quantity": Decimal(1)},
    Verb.RESOLVE: {"result": "已放行"},
}
WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "supplement": [
        ({"answer": " "}, "/answer"), ({}, "/answer"), ({"answer": "长" * 2001}, "/answer"),
    ],
    "withdraw": [({"reason": ""}, "/reason"), ({"reason": ["x"]}, "/reason")],
    "redo": [({}, "/reason"), ({"reason": "x", "status": "closed"}, "/status")],
    "confirm": [
        ({"satisfaction": 0}, "/satisfaction"), ({"satisfaction": 6}, "/satisfaction"),
        ({"satisfaction": "good"}, "/satisfaction"), ({"satisfaction": None}, "/satisfaction"),
        ({"satisfaction": 5, "note": "长" * 2001}, "/note"),
    ],
}  # fmt: skip


def brought_to(at: Desk, act: str) -> Ticket:
    ticket = filed(at)
    for verb in ACTS[act][0]:
        ticket = perform(verb, ticket=ticket, by=at.liaison, **BY_STAFF[verb])
    return ticket


def post(at: Desk, ticket: Ticket, act: str, body: Any, **headers: str) -> Any:
    given = {"Idempotency-Key": "k-1", "If-Match": f'"v{ticket.version}"'} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client_with(at.token).post(
        reverse(f"api:ticket-{act}", args=[ticket.number]), body,
        headers={name: value for name, value in given.items() if value},
    )  # fmt: skip


def record() -> list[Any]:
    """All that a refusal must leave as it was."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Ticket, TicketEvent, EventText, IdempotentRequest)
    ]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_allowed_is_done_once(act: str) -> None:
    at = desk()
    ticket = brought_to(at, act)
    _way, body, after = ACTS[act]
    answer = post(at, ticket, act, body)
    assert answer.status_code == 200, answer.json()
    row = Ticket.objects.get()
    assert (row.status, row.version) == (after, ticket.version + 1)
    assert answer["ETag"].startswith(f'"v{row.version}-')
    assert answer.json()["status"] == after
    last = row.events.last()
    assert last is not None
    assert (last.verb, last.api_key) == (act, at.key)
    done = record()
    again = post(at, ticket, act, body)  # its If-Match is stale by now: a replay comes before it
    assert (again.status_code, again.json(), again["ETag"]) == (200, answer.json(), answer["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert record() == done


@pytest.mark.parametrize("act", ACTS)
def test_what_the_flow_refuses(act: str) -> None:
    at = desk()
    ticket = brought_to(at, act)
    post(at, ticket, act, ACTS[act][1])
    ticket.refresh_from_db()
    other = {"withdraw": "confirm", "confirm": "withdraw"}.get(act, "confirm")
    before = record()
    answer = post(at, ticket, other, ACTS[other][1], Idempotency_Key="k-2")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-allowed")
    assert answer.json()["ticket_status"] == ticket.status
    assert record() == before


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"If_Match": '"v99"'}, 412, "stale"),
        ({"If_Match": 'W/"v1"'}, 412, "stale"),
        ({"If_Match": '"1"'}, 412, "stale"),
        ({"If_Match": '"v98", "v99"'}, 412, "stale"),
        ({"If_Match": "v1"}, 400, "malformed"),
        ({"If_Match": "W/v1"}, 400, "malformed"),
        ({"If_Match": '"v1\x00"'}, 400, "malformed"),
        ({"If_Match": '"v1" "v2"'}, 400, "malformed"),
        ({"If_Match": ""}, 428, "if-match-missing"),
        ({"Idempotency_Key": ""}, 400, "idempotency-key-missing"),
        ({"Idempotency_Key": "x" * 256}, 400, "idempotency-key-missing"),
        ({"Idempotency_Key": "键"}, 400, "idempotency-key-missing"),
    ],
)
def test_what_must_come_with_it(act: str, headers: dict[str, str], status: int, kind: str) -> None:
    at = desk()
    ticket = brought_to(at, act)
    before = record()
    answer = post(at, ticket, act, ACTS[act][1], **headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert record() == before


@pytest.mark.parametrize(
    ("act", "body", "pointer"), [(act, *each) for act, bodies in WRONG.items() for each in bodies]
)
def test_what_is_wrong_is_pointed_at(act: str, body: dict[str, Any], pointer: str) -> None:
    at = desk()
    ticket = brought_to(at, act)
    before = record()
    answer = post(at, ticket, act, body)
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert record() == before


def test_the_same_key_for_another_deed() -> None:
    at = desk()
    ticket = brought_to(at, "withdraw")
    post(at, ticket, "withdraw", {"reason": "一"})
    before = record()
    answer = post(at, ticket, "withdraw", {"reason": "二"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert record() == before


def test_a_key_of_another_enterprise_or_for_another_act_is_another_key() -> None:
    one, two = desk(), desk()
    first, second = brought_to(one, "withdraw"), brought_to(two, "withdraw")
    done = [
        post(one, first, "withdraw", {"reason": "一"}),
        post(two, second, "withdraw", {"reason": "二"}),
        post(one, first, "comments", {"text": "谢谢"}),
    ]
    assert [each.status_code for each in done] == [200, 200, 201]
    assert ["Idempotent-Replayed" in each for each in done] == [False] * 3
    assert IdempotentRequest.objects.count() == 3
    assert list(TicketEvent.objects.order_by("pk").values_list("ticket", "verb")) == [
        (first.pk, "submit"), (second.pk, "submit"), (first.pk, "withdraw"),
        (second.pk, "withdraw"), (first.pk, "comment"),
    ]  # fmt: skip


@pytest.mark.parametrize("act", [*ACTS, "comments"])
def test_another_enterprises_ticket_is_not_there(act: str) -> None:
    at, other = desk(), desk()
    ticket = filed(at)
    before = record()
    for headers in ({}, {"If_Match": ""}, {"Idempotency_Key": ""}):
        answer = post(other, ticket, act, {"text": "你好"}, **headers)
        assert answer.status_code == 404
    assert record() == before


def test_a_comment_needs_no_precondition_and_is_public() -> None:
    at = desk()
    ticket = filed(at)
    answer = post(at, ticket, "comments", {"text": " 车已到 "}, If_Match="")
    assert answer.status_code == 201
    said = answer.json()
    assert (said["verb"], said["text"]) == ("comment", {"text": "车已到"})
    assert said["actor"] == {"kind": "enterprise", "name": at.enterprise.name}
    again = post(at, ticket, "comments", {"text": " 车已到 "}, If_Match="")
    assert (again.status_code, again.json()) == (201, said)
    assert ticket.events.count() == 2


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "长" * 2001}, {"text": "x", "internal": True}]
)
def test_a_comment_that_is_not_one(body: dict[str, Any]) -> None:
    at = desk()
    ticket = filed(at)
    before = record()
    assert post(at, ticket, "comments", body).status_code == 422
    assert record() == before

"""POST /api/v1/tickets/bulk/: each by the rules for one, and what became of each."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from coordination.delivery.models import Notice
from coordination.intake.models import FeedPending
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.kinds.worker_return import WorkerReturnLine
from coordination.tickets.models import EventText, Ticket, TicketEvent, TicketLink, TicketSearch
from projects.access.models import IdempotentRequest
from projects.record.audit import audit
from tests.coordination.intake.scene import (
    MADE,
    Scene,
    build,
    counts,
    filing,
    goods,
    make_project,
    vehicle,
    workers,
)

URL = "/api/v1/tickets/bulk/"


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def post(
    scene: Scene, tickets: Any, *, key: str = "k-1", client: APIClient | None = None, **more: Any
) -> Any:
    return (client or scene.client).post(
        URL, {"tickets": tickets, **more}, headers={"Idempotency-Key": key}
    )


def written() -> tuple[int, ...]:
    tables = (Ticket, TicketEvent, EventText, TicketSearch, Notice, FeedPending, TicketLink)
    return tuple(table._default_manager.count() for table in tables)


def pointers(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["pointer"], each["code"]) for each in problem["errors"]]


def test_each_kind_in_one_request(scene: Scene) -> None:
    response = post(scene, [filing(kind) for kind in MADE])
    answer = response.json()
    assert (response.status_code, answer["filed"], answer["refused"]) == (200, 5, 0)
    tickets = list(Ticket.objects.order_by("number"))
    assert [(each["index"], each["status"]) for each in answer["results"]] == [
        (index, 201) for index in range(5)
    ]
    assert [each["ticket"]["number"] for each in answer["results"]] == [
        each.number for each in tickets
    ]
    assert [each.kind for each in tickets] == list(MADE)
    for result in answer["results"]:
        whole = scene.client.get(f"/api/v1/tickets/{result['ticket']['number']}/").json()
        assert result["ticket"] == {name: whole[name] for name in result["ticket"]}
    assert {(each.group, each.handler) for each in tickets} == {(tickets[0].group, scene.liaison)}
    assert written() == (5, 5, 5, 5, 5, 5, 0)
    assert list(audit()) == []


def test_filed_alone_or_with_others_it_is_the_same(scene: Scene) -> None:
    alone = scene.client.post("/api/v1/tickets/", filing(), headers={"Idempotency-Key": "a"})
    number = post(scene, [filing("worker_return"), filing()]).json()["results"][1]["ticket"][
        "number"
    ]
    together = scene.client.get(f"/api/v1/tickets/{number}/")
    assert comparable(together, number) == comparable(alone, alone.json()["number"])
    first, last = TicketEvent.objects.filter(ticket__kind="vehicle_pass").order_by("pk")
    assert {**first.payload, "clock": 0} == {**last.payload, "clock": 0}
    texts = [EventText.objects.get(event=each).body for each in (first, last)]
    digests = [text.pop("written") for text in texts]  # of the number and the time, too
    assert texts[0] == texts[1]
    assert [list(each) for each in digests] == [["ticket", "1"]] * 2


def comparable(response: Any, number: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "moment", response.content.decode())
    return text.replace(number, "number")


def test_the_bad_ones_undo_none_of_the_good(scene: Scene) -> None:
    response = post(scene, [
        filing(), filing(project="P-2"), filing("vehicle_pass", vehicle(plate="no")),
        filing(title="", lines=[]), 7, {**filing(), "kind": "none"}, filing("worker_return"),
    ])  # fmt: skip
    answer = response.json()
    assert (response.status_code, answer["filed"], answer["refused"]) == (207, 2, 5)
    assert [each["status"] for each in answer["results"]] == [201, 404, 422, 422, 422, 422, 201]
    problems = [each["problem"] for each in answer["results"] if each["problem"]]
    assert problems[0]["type"] == "/problems/not-found"
    assert pointers(problems[1]) == [("/tickets/2/lines/0/plate", "plate")]
    assert sorted(pointers(problems[2])) == [
        ("/tickets/3/lines", "count"),
        ("/tickets/3/title", "required"),
    ]
    assert pointers(problems[3]) == [("/tickets/4", "type")]
    assert pointers(problems[4])[0] == ("/tickets/5/kind", "choice")
    assert written() == (2, 2, 2, 2, 2, 2, 0)
    assert sorted(Ticket.objects.values_list("kind", flat=True)) == [
        "vehicle_pass",
        "worker_return",
    ]


@pytest.mark.parametrize("bad", [
    filing("vehicle_pass", vehicle(plate="no")), filing(project="P-2"), filing(colour="red"), None,
])  # fmt: skip
def test_all_or_nothing(scene: Scene, bad: Any) -> None:
    response = post(scene, [filing(), bad, filing(title="")], all_or_nothing=True)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid")
    found = pointers(response.json())
    assert {each[0].split("/")[2] for each in found} == {"1", "2"}
    assert ("/tickets/2/title", "required") in found
    assert written() == (0, 0, 0, 0, 0, 0, 0)
    assert not IdempotentRequest.objects.exists()
    assert post(scene, [filing(), filing()], all_or_nothing=True).status_code == 200
    assert written() == (2, 2, 2, 2, 2, 2, 0)


def test_someone_elses_project_and_none_are_answered_alike(scene: Scene) -> None:
    foreign, none = (
        post(scene, [filing(project=code)], key=code).json()["results"] for code in ("P-2", "none")
    )
    assert foreign == none
    assert pointers(foreign[0]["problem"]) == [("/tickets/0/project", "not-found")]
    assert counts()[:2] == (0, 0)


def test_two_enterprises_keep_apart(scene: Scene) -> None:
    tickets = [filing(), filing(project="P-2")]
    own, other = post(scene, tickets).json(), post(scene, tickets, client=scene.stranger).json()
    assert [each["status"] for each in own["results"]] == [201, 404]
    assert [each["status"] for each in other["results"]] == [404, 201]
    assert set(Ticket.objects.values_list("project__code", "enterprise", "group")) == {
        ("P-1", scene.own.pk, Ticket.objects.get(project=scene.project).group_id),
        ("P-2", scene.other.pk, None),
    }
    assert set(Notice.objects.values_list("officer", flat=True)) == {
        scene.liaison.pk, scene.desk.pk,
    }  # fmt: skip


def test_the_same_request_again_gives_the_same_answer(scene: Scene) -> None:
    tickets = [filing(), filing(title="")]
    first, again = post(scene, tickets), post(scene, tickets)
    assert (first.status_code, again.status_code) == (207, 207)
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert post(scene, [filing()]).status_code == 422
    assert counts() == (1, 1, 1)


def test_two_that_are_alike_are_two(scene: Scene) -> None:
    numbers = [each["ticket"]["number"] for each in post(scene, [filing()] * 2).json()["results"]]
    assert len(set(numbers)) == 2
    assert counts() == (2, 2, 1)


def test_a_pass_that_goods_need_is_opened_with_each(scene: Scene) -> None:
    wanting = filing("goods_transport", goods(pass_needed=True))
    answer = post(scene, [wanting, filing(), {**wanting, "opened_lines": [vehicle()]}]).json()
    assert answer["filed"] == 3
    first, plain, second = (each["ticket"] for each in answer["results"])
    assert plain["links"] == []
    for shown in (first, second):
        (link,) = shown["links"]
        opened = Ticket.objects.get(number=link["number"])
        assert (opened.kind, opened.version, shown["version"]) == ("vehicle_pass", 2, 2)
        whole = scene.client.get(f"/api/v1/tickets/{shown['number']}/").json()
        assert shown == {name: whole[name] for name in shown}
    assert written() == (5, 9, 5, 5, 5, 9, 2)
    assert VehiclePassLine.objects.count() == 2
    assert list(audit()) == []


@pytest.mark.parametrize(("body", "expected"), [
    ({}, ("/tickets", "required")),
    ({"tickets": {}}, ("/tickets", "type")),
    ({"tickets": []}, ("/tickets", "count")),
    ({"tickets": [None] * 501}, ("/tickets", "count")),
    ({"tickets": [{"lines": [0] * 2501}] * 2}, ("/tickets", "count")),
    ([], ("", "type")),
])  # fmt: skip
def test_a_body_that_is_none(scene: Scene, body: Any, expected: tuple[str, str]) -> None:
    response = scene.client.post(URL, body, headers={"Idempotency-Key": "k-1"})
    assert response.status_code == 422
    assert pointers(response.json()) == [expected]
    assert counts() == (0, 0, 0)


def test_every_mistake_around_the_tickets_and_in_them(scene: Scene) -> None:
    body = {
        "tickets": [filing(), filing(title="", project="none"), 7], "all_or_nothing": "perhaps",
        "colour": "red",
    }  # fmt: skip
    response = scene.client.post(URL, body)  # nor a key
    assert (response.status_code, response.json()["type"]) == (
        400, "/problems/idempotency-key-missing",
    )  # fmt: skip
    assert sorted(pointers(response.json())) == [
        ("/Idempotency-Key", "required"), ("/all_or_nothing", "type"), ("/colour", "unknown"),
        ("/tickets/1/project", "not-found"), ("/tickets/1/title", "required"),
        ("/tickets/2", "type"),
    ]  # fmt: skip
    assert counts() == (0, 0, 0)


def test_how_large_a_body_may_be(scene: Scene) -> None:
    def send(size: int) -> int:
        body = b'{"tickets": [], "pad": "' + b"a" * size + b'"}'
        response: Any = scene.client.generic(
            "POST", URL, body, content_type="application/json",  # type: ignore[arg-type]  # bytes as they are
            headers={"Idempotency-Key": "k-1"},
        )  # fmt: skip
        return int(response.status_code)

    assert (send(3_900_000), send(4_300_000)) == (422, 413)


@pytest.mark.parametrize("what", ["by_table", "append_each", "search_row"])
def test_where_one_thing_cannot_be_written_nothing_is(
    scene: Scene, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(f"coordination.tickets.filing.write.{what}", fail)
    with pytest.raises(ZeroDivisionError):
        post(scene, [filing(), filing()])
    assert written() == (0, 0, 0, 0, 0, 0, 0)
    assert counts() == (0, 0, 0)


def asked(scene: Scene, many: int, key: str) -> int:
    tickets = [filing(kind, project=code) for _each in range(many) for kind in MADE
               for code in ("P-1", "P-3")]  # fmt: skip
    with CaptureQueriesContext(connection) as found:
        response = post(scene, tickets, key=key)
    assert response.json()["filed"] == many * 10
    return len(found)


def test_how_much_is_asked_does_not_grow_with_the_tickets(scene: Scene) -> None:
    make_project("P-3", scene.own)
    asked(scene, 1, "k-1")  # the key's first use is noted
    # Of each table as many as are copied: few rows of several tables go together before that.
    few, many = asked(scene, 10, "k-2"), asked(scene, 20, "k-3")
    assert few == many <= 23


def test_five_hundred_with_every_figure(scene: Scene) -> None:
    tickets = [
        filing("worker_return", workers(headcount=number + 1, seats=None), title=f"T {number}")
        if number % 2 else filing("vehicle_pass", vehicle(), vehicle(), title=f"T {number}")
        for number in range(500)
    ]  # fmt: skip
    answer = post(scene, tickets).json()
    assert (answer["filed"], answer["refused"]) == (500, 0)
    assert [each["ticket"]["title"] for each in answer["results"]] == [
        f"T {number}" for number in range(500)
    ]
    assert len({each["ticket"]["number"] for each in answer["results"]}) == 500
    assert written() == (500, 500, 500, 500, 1, 500, 0)
    assert VehiclePassLine.objects.count() == 500
    headcount = WorkerReturnLine.objects.aggregate(asked=Sum("asked"))["asked"]
    assert headcount == Decimal(sum(range(2, 501, 2)))
    assert list(audit()) == []


def test_an_answer_given_again_says_the_same(scene: Scene) -> None:
    for number, accept in enumerate(("application/json", "application/json; indent=4")):
        sent = {"tickets": [filing(title="一"), filing(title="")]}
        first, again = (
            scene.client.post(
                "/api/v1/tickets/bulk/", sent,
                headers={"Idempotency-Key": f"k-{number}", "Accept": accept},
            )
            for _each in range(2)
        )  # fmt: skip
        assert (first.status_code, again.status_code) == (207, 207)
        assert again["Idempotent-Replayed"] == "true"
        assert again.json() == first.json()
        assert (b"\n    " in first.content, b"\n    " in again.content) == (number == 1,) * 2
    assert Ticket.objects.count() == 2

"""An enterprise's own reference: one ticket has it, and it leads to the ticket everywhere."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.intake.feed.sequence import sequence
from coordination.tickets.models import Ticket
from coordination.tickets.search.find import found_by
from coordination.tickets.verbs.answer import withdraw
from tests.bed.races import race
from tests.coordination.intake.scene import client_with, filing
from tests.factories.coordination import Desk, desk

TICKETS, BULK = reverse("api:tickets"), reverse("api:tickets-bulk")
TAKEN = ("/external_id", "taken")


def file(at: Desk, key: str, **changes: Any) -> Any:
    body = filing(**{"project": at.project.code, **changes})
    return client_with(at.token).post(TICKETS, body, headers={"Idempotency-Key": key})


def errors(answer: Any) -> list[tuple[str, str, str | None]]:
    return [(each["pointer"], each["code"], each.get("number")) for each in answer.json()["errors"]]


@pytest.mark.django_db
def test_it_is_shown_found_and_told() -> None:
    at = desk()
    filed, plain = file(at, "a", external_id=" PO-2020/0311 "), file(at, "b")
    number = filed.json()["number"]
    assert (filed.json()["external_id"], plain.json()["external_id"]) == ("PO-2020/0311", None)
    client = client_with(at.token)
    asked: dict[str, Any] = client.get(TICKETS, {"external_id": "PO-2020/0311"}).json()
    assert [each["number"] for each in asked["results"]] == [number]
    assert asked["results"][0]["external_id"] == "PO-2020/0311"
    assert client.get(TICKETS, {"external_id": "PO-2020"}).json()["results"] == []
    for typed in ("PO-2020/0311", "2020/03"):
        condition = found_by(typed)
        assert condition is not None
        assert [each.number for each in Ticket.objects.filter(condition)] == [number]
    page = Client()
    page.force_login(at.liaison)
    for each in Ticket.objects.all():
        shown = page.get(reverse("admin:tickets_ticket_change", args=[each.pk])).content.decode()
        assert ("PO-2020/0311" in shown) == (each.number == number)
    sequence()
    events = client.get(reverse("api:feed")).json()["results"]
    assert [each["ticket"]["external_id"] for each in events] == ["PO-2020/0311", None]


@pytest.mark.django_db
def test_the_second_filing_is_refused_with_the_number_of_the_first() -> None:
    at, other = desk(), desk()
    first = file(at, "a", external_id="PO-1").json()["number"]
    assert file(at, "a", external_id="PO-1").json()["number"] == first  # the same request again
    again = file(at, "b", external_id="PO-1", title="")
    assert again.status_code == 422
    assert errors(again) == [("/title", "required", None), (*TAKEN, first)]
    unknown = file(at, "c", external_id="PO-1", project="none")
    assert unknown.status_code == 404
    assert errors(unknown) == [("/project", "not-found", None), (*TAKEN, first)]
    withdraw(ticket=Ticket.objects.get(number=first), reason="已解决", by=at.key)
    assert errors(file(at, "d", external_id="PO-1")) == [(*TAKEN, first)]  # for good
    assert file(other, "e", external_id="PO-1").status_code == 201  # each enterprise has its own
    assert file(at, "f", external_id="po-1").status_code == 201
    assert [file(at, each, external_id=None).status_code for each in "gh"] == [201, 201]
    assert [file(at, each, external_id=" ").status_code for each in "ij"] == [201, 201]
    assert Ticket.objects.count() == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [("x" * 65, "too-long"), ("a\nb", "type"), (["x"], "type"), ({}, "type")],
)
def test_what_is_no_reference(given: Any, code: str) -> None:
    answer = file(desk(), "a", external_id=given)
    assert (answer.status_code, errors(answer)) == (422, [("/external_id", code, None)])
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_among_many_the_first_that_is_filed_has_it() -> None:
    at = desk()
    taken = file(at, "a", external_id="PO-1").json()["number"]
    given = partial(filing, project=at.project.code)
    many = [
        given(external_id="PO-1"), given(external_id="PO-2", title=""), given(external_id="PO-2"),
        given(external_id="PO-2"), given(), given(),
    ]  # fmt: skip
    body: dict[str, Any] = {"tickets": many}
    answer = client_with(at.token).post(BULK, body, headers={"Idempotency-Key": "b"}).json()
    assert [each["status"] for each in answer["results"]] == [422, 422, 201, 422, 201, 201]
    problems = [each["problem"]["errors"] for each in answer["results"] if each["problem"]]
    assert [(each[0]["pointer"], each[0]["code"], each[0].get("number")) for each in problems] == [
        ("/tickets/0/external_id", "taken", taken), ("/tickets/1/title", "required", None),
        ("/tickets/3/external_id", "taken", None),
    ]  # fmt: skip
    assert answer["results"][2]["ticket"]["external_id"] == "PO-2"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_has_it() -> None:
    at = desk()
    client_with(at.token).get(TICKETS)  # the key's use is noted once a minute
    outcomes: Any = race(*(partial(file, at, f"k-{each}", external_id="PO-1") for each in range(8)))
    answers = [each.result for each in outcomes]
    assert sorted(each.status_code for each in answers) == [201, *[422] * 7]
    (number,) = (each.json()["number"] for each in answers if each.status_code == 201)
    assert [errors(each) for each in answers if each.status_code == 422] == [[(*TAKEN, number)]] * 7
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_own_tickets_are_found_by_their_words() -> None:
    at, other = desk(), desk()
    steel = file(at, "a", title="钢材运输受阻", external_id="PO-77").json()["number"]
    plain = file(at, "b", title="防护物资").json()["number"]
    file(other, "c", title="钢材运输受阻")

    def found(typed: str, **more: str) -> list[str]:
        answer: Any = client_with(at.token).get(TICKETS, {"search": typed, **more})
        assert answer.status_code == 200, answer.json()
        return [each["number"] for each in answer.json()["results"]]

    asked = {
        "钢材": [steel], "防护": [plain], "PO-77": [steel], "钢材 PO-77": [steel],
        "钢材 防护": [], steel: [steel], at.project.code: [plain, steel],
        "豫C12345": [plain, steel], other.project.name: [], other.enterprise.name: [],
    }  # fmt: skip
    assert {typed: found(typed) for typed in asked} == asked
    assert found("豫C12345", status="closed") == []
    assert found("豫C12345", ordering="filed_at") == [steel, plain]
    short: Any = client_with(at.token).get(TICKETS, {"search": "a", "kind": "none"})
    assert (short.status_code, errors(short)) == (422, [("/kind", "choice", None)])
    short = client_with(at.token).get(TICKETS, {"search": "a"})
    assert (short.status_code, errors(short)) == (422, [("/search", "too-short", None)])

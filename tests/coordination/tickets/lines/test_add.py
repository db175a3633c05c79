"""More lines for an open ticket, through the API and the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.tickets.flow import Verb
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.search.find import found_by
from coordination.tickets.verbs.registry import perform
from projects.record.refusals import Invalid
from tests.coordination.intake.scene import Scene, build, filing, vehicle, workers
from tests.factories.coordination import desk, filed
from tests.factories.coordination import vehicle as line

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def plates(ticket: Ticket) -> list[tuple[int, str]]:
    rows = VehiclePassLine.objects.filter(ticket=ticket).order_by("position")
    return list(rows.values_list("position", "plate"))


def test_lines_are_added_behind_the_others() -> None:
    at = desk()
    ticket = filed(at)
    perform(Verb.ADD_LINES, ticket=ticket, by=at.key, lines=[line(plate="豫C99999")])
    assert plates(ticket) == [(1, "豫C12345"), (2, "豫C99999")]
    event = ticket.events.get(verb="add_lines")
    assert event.payload == {"after": 1, "asked": ["1"]}
    assert VehiclePassLine.objects.get(position=2).added_at == event.recorded_at
    found = found_by("豫C99999")
    assert found is not None
    assert list(Ticket.objects.filter(found)) == [ticket]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], [(("lines",), "lines")]),
        ([line()] * 200, [(("lines",), "lines")]),
        ([line(), line(plate="no")], [(("lines", 1, "plate"), "plate")]),
    ],
)
def test_mistakes_by_their_fields(lines: list[dict[str, Any]], expected: list[Any]) -> None:
    at = desk()
    ticket = filed(at)
    with pytest.raises(Invalid) as refused:
        perform(Verb.ADD_LINES, ticket=ticket, by=at.key, lines=lines)
    assert [(each.path, each.code) for each in refused.value.errors] == expected
    assert (plates(ticket), TicketEvent.objects.count()) == ([(1, "豫C12345")], 1)


def test_the_api_adds_lines_of_the_tickets_kind(scene: Scene) -> None:
    filed_ = scene.client.post("/api/v1/tickets/", filing(), headers={"Idempotency-Key": "a"})
    address = filed_["Location"] + "lines/"
    headers = {"Idempotency-Key": "b", "If-Match": filed_["ETag"]}
    wrong = scene.client.post(address, {"lines": [workers()]}, headers=headers)
    assert wrong.status_code == 422
    assert TicketEvent.objects.count() == 1
    answer = scene.client.post(
        address, {"lines": [vehicle(plate="豫C99999")]}, headers={**headers, "Idempotency-Key": "c"}
    )
    assert answer.status_code == 200
    assert [each["plate"] for each in answer.json()["lines"]] == ["豫C12345", "豫C99999"]
    stale = scene.client.post(
        address, {"lines": [vehicle()]}, headers={**headers, "Idempotency-Key": "d"}
    )
    assert stale.status_code == 412
    stranger = scene.stranger.post(
        address, {"lines": [vehicle()]}, headers={**headers, "Idempotency-Key": "e"}
    )
    assert stranger.status_code == 404
    assert TicketEvent.objects.count() == 2


def test_the_admin_adds_one_and_shows_what_is_wrong_by_its_field(client: Client) -> None:
    at = desk()
    ticket = filed(at)
    client.force_login(at.liaison)
    address = reverse("admin:ticket_do", args=[ticket.pk, "add_lines"])
    typed = {f"lines_0_{name}": str(value) for name, value in line(plate="豫C1I345").items()}
    page = client.post(address, {"version": ticket.version, **typed})
    (form,) = [each.form for each in page.context["acts"].able if each.verb == Verb.ADD_LINES]
    assert list(form.errors) == ["lines_0_plate"]
    assert plates(ticket) == [(1, "豫C12345")]
    typed["lines_0_plate"] = "豫C99999"
    assert client.post(address, {"version": ticket.version, **typed}).status_code == 302
    assert plates(ticket) == [(1, "豫C12345"), (2, "豫C99999")]

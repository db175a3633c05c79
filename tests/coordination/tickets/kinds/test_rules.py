"""The rules and the warnings of single kinds."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from coordination.tickets.kinds.plates import is_trailer, plate_has_form
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid
from tests.coordination.intake.scene import Scene, build, filing, workers
from tests.factories.coordination import LINES, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def refusal(kind: str, **values: Any) -> list[tuple[str | int, str]]:
    at = desk()
    with pytest.raises(Invalid) as refused:
        filed(at, kind, lines=[LINES[kind](**values)])
    assert Ticket.objects.count() == 0
    return [(error.path[-1], error.code) for error in refused.value.errors]


def warned(kind: str, **values: Any) -> list[tuple[str | int, str]]:
    """What is warned of, by the field; the event keeps the same."""
    ticket = filed(desk(), kind, lines=[LINES[kind](**values)])
    lines = KINDS[kind].lines_of(ticket.pk)
    found = [(each.path[-1], each.code) for each in KINDS[kind].warn(lines, ticket.filed_at)]
    payload = ticket.events.get().payload
    assert payload.get("warned", []) == [[0, field, code] for field, code in found]
    return found


TOMORROW = now() + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("goods_transport", {"tonnage": Decimal(0)}, [("tonnage", "tonnage")]),
        ("goods_transport", {"tonnage": "heavy"}, [("tonnage", "invalid")]),
        ("goods_transport", {"vehicles": 0}, [("vehicles", "min_value")]),
        ("goods_transport", {"route": ""}, [("route", "blank")]),
        ("goods_transport", {"load_to": now()}, [("load_to", "date-order")]),
        ("goods_transport", {"unload_from": now()}, [("unload_from", "date-order")]),
        (
            "goods_transport",
            {"load_from": now() - timedelta(9), "load_to": now() - timedelta(8),
             "unload_from": now() - timedelta(8), "unload_to": now() - timedelta(7)},
            [("unload_to", "date-order")],
        ),
        ("goods_transport", {"pass_needed": "perhaps"}, [("pass_needed", "invalid")]),
        ("epidemic_control", {"need": "luck"}, [("need", "invalid_choice")]),
        ("epidemic_control", {"quantity": 0}, [("quantity", "min_value")]),
        ("epidemic_control", {"isolation_rooms": -1}, [("isolation_rooms", "min_value")]),
        ("epidemic_control", {"workers_on_site": -1}, [("workers_on_site", "min_value")]),
        ("vehicle_pass", {"trailer_plate": "豫C12345"}, [("trailer_plate", "plate")]),
        (
            "vehicle_pass", {"plate": "豫C1234挂", "trailer_plate": "豫C5678挂"},
            [("trailer_plate", "tractor")],
        ),
    ],
)  # fmt: skip
def test_what_is_refused(
    kind: str, values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert refusal(kind, **values) == expected


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("worker_return", {"headcount": 20, "seats": 40}, []),
        ("worker_return", {"headcount": 21, "seats": 40}, [("seats", "coach-cap")]),
        ("worker_return", {"headcount": 21, "seats": 40, "mode": "train"}, []),
        ("worker_return", {"headcount": 21, "seats": None}, []),
        ("vehicle_pass", {"plate": "豫C1234挂"}, [("plate", "tractor")]),
        ("vehicle_pass", {"trailer_plate": "豫 c1234挂"}, []),
        ("vehicle_pass", {"pass_type": "A"}, [("pass_type", "pass-scope")]),
        ("vehicle_pass", {"pass_type": "A", "origin": "610103"}, []),
        ("vehicle_pass", {"pass_type": "B", "origin": "610103"}, [("pass_type", "pass-scope")]),
    ],
)
def test_what_is_warned_of(
    kind: str, values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert warned(kind, **values) == expected


@pytest.mark.parametrize(
    ("departs", "until", "expected"),
    [
        (date(2020, 2, 10), None, []),
        (date(2020, 2, 11), None, [("seats", "coach-cap")]),
        (date(2020, 4, 1), date(2020, 4, 1), [("seats", "coach-cap")]),
        (date(2020, 4, 2), date(2020, 4, 1), []),
    ],
)
def test_the_cap_of_coaches_has_its_days(
    settings: LazySettings, departs: date, until: date | None, expected: list[tuple[str, str]]
) -> None:
    settings.COACH_CAP_UNTIL = until
    leaves = TOMORROW.replace(year=departs.year, month=departs.month, day=departs.day, hour=1)
    times = {"departs_at": leaves, "arrives_at": leaves + timedelta(hours=5)}
    with clock_at(leaves):
        assert warned("worker_return", headcount=40, seats=40, **times) == expected


@pytest.mark.parametrize("plate", ["豫CA12345", "豫C12345K"])
def test_letters_of_later_years_are_a_setting(settings: LazySettings, plate: str) -> None:
    assert not plate_has_form(plate)
    settings.NEW_ENERGY_LETTERS = "ABCDEFGHJK"
    assert plate_has_form(plate)


def test_a_trailers_plate_is_known() -> None:
    assert is_trailer("豫C1234挂")
    assert not is_trailer("豫C12345")


def test_the_api_says_its_warnings_and_files_all_the_same(scene: Scene) -> None:
    body = filing("worker_return", workers(), workers(seats=50))
    answer = scene.client.post("/api/v1/tickets/", body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201
    said = answer.json()["warnings"]
    assert [(each["pointer"], each["code"]) for each in said] == [("/lines/1/seats", "coach-cap")]
    assert "half of its seats" in said[0]["detail"]
    assert scene.client.get(answer["Location"]).json()["warnings"] == said


def test_the_page_says_them_too(client: Client) -> None:
    at = desk()
    ticket = filed(at, lines=[LINES["vehicle_pass"](pass_type="A")])
    client.force_login(at.liaison)
    page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    assert page.context["panels"]
    assert "z-warned" in page.content.decode()

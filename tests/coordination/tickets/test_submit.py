"""Filing: every mistake by its field, nothing saved of it; the right desk, a number for ever."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from coordination.tickets.filing.submit import submit
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.material_supply import MaterialSupplyLine
from coordination.tickets.kinds.plates import normalise_plate, plate_has_form
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.kinds.worker_return import WorkerReturnLine
from coordination.tickets.models import EventText, Ticket, TicketEvent
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing, NotAllowed
from projects.register.models import ProjectParticipant
from projects.register.registration import end_participation
from tests.factories.coordination import LINES, desk, enterprise, filed, material, party, vehicle

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    Ticket, TicketEvent, EventText, VehiclePassLine, WorkerReturnLine, MaterialSupplyLine,
)  # fmt: skip
Found = list[tuple[tuple[str | int, ...], str]]
# Days to come: the day on which this is read may be over before a test runs.
NEXT_WEEK = timezone.localdate() + timedelta(days=7)
DAY_AFTER = NEXT_WEEK + timedelta(days=1)


def saved() -> list[int]:
    return [model._default_manager.count() for model in TABLES]


def refusal(kind: str = "vehicle_pass", **values: Any) -> Found:
    """What filing says against the values; it leaves nothing behind."""
    at = desk()
    before = saved()
    with pytest.raises(Invalid) as refused:
        filed(at, kind, **values)
    assert saved() == before
    return [(error.path, error.code) for error in refused.value.errors]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "   "}, [(("title",), "blank")]),
        ({"detail": "长" * 2001}, [(("detail",), "max_length")]),
        ({"title": "长" * 61}, [(("title",), "max_length")]),
        ({"contact_mobile": "12800138000"}, [(("contact_mobile",), "phone")]),
        ({"contact_name": ""}, [(("contact_name",), "blank")]),
        ({"urgency": "someday"}, [(("urgency",), "invalid_choice")]),
        ({"needed_by": datetime(2020, 1, 1, tzinfo=UTC)}, [(("needed_by",), "date-order")]),
        ({"lines": []}, [(("lines",), "lines")]),
        ({"lines": [vehicle()] * 201}, [(("lines",), "lines")]),
    ],
)
def test_the_tickets_own_mistakes(values: dict[str, Any], expected: Found) -> None:
    assert refusal(**values) == expected


def test_a_kind_that_is_not() -> None:
    at = desk()
    before = saved()
    with pytest.raises(Invalid) as refused:
        submit(
            kind="helicopter", project=at.project, enterprise=at.enterprise, title="受阻",
            contact_name="王五", contact_mobile="13700137000", lines=[vehicle()], by=at.key,
        )  # fmt: skip
    assert [(error.path, error.code) for error in refused.value.errors] == [(("kind",), "choice")]
    assert saved() == before


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("vehicle_pass", {"plate": "豫C1I345"}, [("plate", "plate")]),
        ("vehicle_pass", {"plate": ""}, [("plate", "blank")]),
        ("vehicle_pass", {"pass_type": "C"}, [("pass_type", "invalid_choice")]),
        ("vehicle_pass", {"driver_mobile": "12800138000"}, [("driver_mobile", "mobile")]),
        ("vehicle_pass", {"origin": "410000"}, [("origin", "county-code")]),
        ("vehicle_pass", {"destination": "4103"}, [("destination", "county-code")]),
        ("vehicle_pass", {"valid_from": DAY_AFTER, "valid_to": NEXT_WEEK},
         [("valid_to", "date-order")]),
        ("vehicle_pass", {"valid_to": "soon"}, [("valid_to", "invalid")]),
        ("vehicle_pass", {"colour": "red"}, [("colour", "unknown")]),
        ("vehicle_pass", {"met": Decimal(1)}, [("met", "unknown")]),
        ("worker_return", {"headcount": 0}, [("headcount", "min_value")]),
        ("worker_return", {"headcount": "many"}, [("headcount", "invalid")]),
        ("worker_return", {"seats": 19}, [("seats", "seats")]),
        ("worker_return", {"arrives_at": now() + timedelta(hours=1)},
         [("arrives_at", "date-order")]),
        ("worker_return", {"symptom_or_contact_14d": "yes"},
         [("isolation_site", "isolation-site")]),
        ("worker_return", {"mode": "boat"}, [("mode", "invalid_choice")]),
        ("worker_return", {"receiver": ""}, [("receiver", "blank")]),
        ("worker_return", {"receiver_mobile": "1380013800"}, [("receiver_mobile", "phone")]),
        ("material_supply", {"quantity": Decimal(0)}, [("quantity", "quantity")]),
        ("material_supply", {"quantity": "NaN"}, [("quantity", "invalid")]),
        ("material_supply", {"in_stock": Decimal(500)}, [("in_stock", "no-gap")]),
        ("material_supply", {"in_stock": Decimal(-1)}, [("in_stock", "min_value")]),
        ("material_supply", {"quantity": Decimal("1.0001")}, [("quantity", "max_decimal_places")]),
        ("material_supply", {"needed_by": date(2020, 1, 1)}, [("needed_by", "date-order")]),
        ("material_supply", {"shortage": "greed"}, [("shortage", "invalid_choice")]),
        ("material_supply", {"item": None}, [("item", "null")]),
    ],
)  # fmt: skip
def test_a_lines_mistakes(
    kind: str, values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = refusal(kind, lines=[LINES[kind](), LINES[kind](**values)])
    assert found == [(("lines", 1, field), code) for field, code in expected]


def test_every_mistake_is_said_at_once() -> None:
    assert refusal(
        title="", lines=[vehicle(plate="豫I12345"), vehicle(), vehicle(origin="", driver_name="")]
    ) == [
        (("title",), "blank"),
        (("lines", 0, "plate"), "plate"),
        (("lines", 2, "driver_name"), "blank"),
        (("lines", 2, "origin"), "blank"),
    ]


@pytest.mark.parametrize("plate", [
    "豫C12345", "豫CA123B", "豫CD12345", "豫CDA1234", "豫C12345F", "豫C1234挂", "豫C·12345",
    "豫 c12345",
])  # fmt: skip
def test_plates_that_are(plate: str) -> None:
    assert plate_has_form(normalise_plate(plate))
    ticket = filed(desk(), lines=[vehicle(plate=plate)])
    assert VehiclePassLine.objects.get(ticket=ticket).plate == normalise_plate(plate)


@pytest.mark.parametrize(
    "plate", ["豫C1I345", "豫CO1234", "豫C123456", "豫I12345", "豫CABCDE", "豫C1234\n5六", "C12345"]
)
def test_plates_that_are_not(plate: str) -> None:
    assert not plate_has_form(normalise_plate(plate))


def test_what_is_asked_is_counted_by_the_kind() -> None:
    at = desk()
    for kind, lines, asked in (
        ("vehicle_pass", [vehicle(), vehicle()], ["1", "1"]),
        ("worker_return", [party(headcount=20), party(headcount=7)], ["20", "7"]),
        ("material_supply", [material(quantity=Decimal("500.5"))], ["380.5"]),
    ):
        event = filed(at, kind, lines=lines).events.get()
        assert event.payload["asked"] == asked


def test_only_for_a_project_that_the_enterprise_takes_part_in() -> None:
    at, stranger = desk(), enterprise()
    before = saved()
    with pytest.raises(Missing):
        filed(at, enterprise=stranger, by=at.duty_desk)
    with pytest.raises(Missing):
        filed(at, enterprise=stranger)  # with the key of another
    with pytest.raises(NotAllowed):
        filed(at, by=at.auditor)
    row = ProjectParticipant.objects.get(project=at.project)
    end_participation(participant=row, on=timezone.localdate(now()), by=at.director)
    with pytest.raises(Missing):
        filed(at)
    assert saved() == before


def test_it_goes_straight_to_whoever_serves_the_project() -> None:
    at = desk()
    ticket = filed(at, by=at.liaison)
    assert (ticket.group, ticket.handler, ticket.status) == (at.group, at.liaison, "submitted")
    event = ticket.events.get()
    assert (event.verb, event.officer, event.api_key) == (Verb.SUBMIT, at.liaison, None)
    assert event.payload["handler"] == at.liaison.pk
    text = EventText.objects.get(event=event).body
    assert (text["title"], text["contact_mobile"]) == (ticket.title, ticket.contact_mobile)
    assert ticket.contact_mobile not in str(event.payload)


def test_a_number_has_its_day_and_never_comes_again() -> None:
    with clock_at(datetime(2020, 3, 8, 16, 30, tzinfo=UTC)):  # already the 9th in Luoyang
        at = desk()
        numbers = [filed(at).number for _time in range(3)]
    assert all(re.fullmatch(r"20200309-\d{6}", number) for number in numbers)
    assert numbers == sorted(set(numbers))


def test_a_mobile_may_be_written_with_spaces() -> None:
    soon = now() + timedelta(hours=1)
    ticket = filed(desk(), contact_mobile="137 0013 7000", needed_by=soon)
    assert ticket.contact_mobile == "13700137000"

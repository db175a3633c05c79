"""Rows that a ticket holds already are said before they are filed again, and are no refusal."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from coordination.tickets.flow import Status
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import LOOKED_BACK
from coordination.tickets.verbs.answer import withdraw
from coordination.tickets.verbs.handle import accept, decline
from projects.record.clock import clock_at
from tests.coordination.intake.scene import CHINA, MADE, Scene, build, counts, filing, vehicle
from tests.coordination.intake.test_upload import row, send, workbook

MORNING: Final = datetime(2020, 3, 9, 8, tzinfo=CHINA)


@pytest.fixture
def scene(db: None) -> Any:
    with clock_at(MORNING):
        yield build()


def file(scene: Scene, content: bytes, key: str, **more: Any) -> Any:
    return send(scene, content, key=key, **more)


def warned(answer: Any) -> list[tuple[str, str, str]]:
    return [(each["code"], each["place"], each["detail"]) for each in answer.json()["notices"]
            if each["must_be_seen"] and not each["left_out"]]  # fmt: skip


def held(number: str, day: str = "March 9, 2020") -> str:
    return f"Ticket {number} of {day} holds the same already."


@pytest.mark.parametrize("kind", MADE)
def test_a_workbook_sent_again_names_the_ticket_that_holds_it(scene: Scene, kind: str) -> None:
    content = workbook(kind, row(MADE[kind]()))
    assert file(scene, content, "k-1", kind=kind).status_code == 200
    number, before = Ticket.objects.get().number, counts()
    trial = send(scene, content, kind=kind, trial=True)
    assert warned(trial) == [("filed-before", "3:3", held(number))]
    unseen = file(scene, content, "k-2", kind=kind)
    assert (unseen.status_code, [each["code"] for each in unseen.json()["errors"]]) == (
        422, ["required", "filed-before"],
    )  # fmt: skip
    assert counts() == before
    again = file(scene, content, "k-3", kind=kind, shown=trial.json()["shown"])
    assert (again.status_code, Ticket.objects.count()) == (200, 2)


def test_the_same_is_project_kind_and_every_value(scene: Scene) -> None:
    """However it was filed and whatever the ticket is called; the latest ticket is named."""
    answers = [
        scene.client.post(
            "/api/v1/tickets/", filing("vehicle_pass", vehicle(), vehicle(plate="豫C11111")),
            format="json", headers={"Idempotency-Key": f"k-{each}"},
        ) for each in range(2)
    ]  # fmt: skip
    rows = [
        row(vehicle(plate="豫C-12345")), row(vehicle(plate="豫C11111")),
        row(vehicle(carrier="Another")), row(vehicle(driver_name="Another")),
        row(vehicle(valid_to="2020-03-11")), row(vehicle(), project="P-2"),
    ]  # fmt: skip
    trial = send(scene, workbook("vehicle_pass", *rows), trial=True)
    assert warned(trial) == [("filed-before", "3:4", held(answers[1].json()["number"]))]


@pytest.mark.parametrize(("status", "is_warned"), [
    (Status.IN_PROGRESS, True), (Status.DECLINED, False), (Status.WITHDRAWN, False),
])  # fmt: skip
def test_what_was_not_handled_may_be_filed_again(
    scene: Scene,
    status: str,
    is_warned: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    content = workbook("vehicle_pass", row(vehicle()))
    file(scene, content, "k-1")
    ticket = Ticket.objects.get()
    if status == Status.WITHDRAWN:
        withdraw(ticket=ticket, reason="No longer needed", by=scene.key)
    elif status == Status.DECLINED:
        decline(ticket=ticket, reason="Not ours", by=scene.lead)
    else:
        accept(ticket=ticket, by=scene.liaison)
    assert Ticket.objects.get().status == status
    assert bool(warned(send(scene, content, trial=True))) == is_warned


def test_others_tickets_and_those_of_long_ago_are_not_named(scene: Scene) -> None:
    content = workbook("epidemic_control", row(MADE["epidemic_control"]()))
    file(scene, content, "k-1", kind="epidemic_control")
    number = Ticket.objects.get().number
    for later, expected in ((LOOKED_BACK, [number]), (LOOKED_BACK + timedelta(days=1), [])):
        with clock_at(MORNING + later):
            trial = send(scene, content, kind="epidemic_control", trial=True)
        assert [detail for _code, _place, detail in warned(trial)] == [
            held(each) for each in expected
        ]


def test_rows_that_say_the_same_in_one_workbook_are_named(scene: Scene) -> None:
    rows = [row(vehicle(), 1), row(vehicle(plate="豫C11111"), 1), row(vehicle(), 2), row(vehicle())]
    content = workbook("vehicle_pass", *rows)
    notices = send(scene, content, trial=True).json()["notices"]
    found = [(each["code"], each["place"], each["must_be_seen"]) for each in notices]
    assert ("same-rows", "3:3, 5:6", False) in found
    assert (file(scene, content, "k-1").status_code, Ticket.objects.count()) == (200, 3)


def test_what_is_filed_between_the_trial_and_the_filing_is_seen(scene: Scene) -> None:
    content = workbook("vehicle_pass", row(vehicle()))
    shown = send(scene, content, trial=True).json()["shown"]
    assert file(scene, content, "k-1", shown=shown).status_code == 200
    before = counts()
    late = file(scene, content, "k-2", shown=shown)
    assert (late.status_code, [each["code"] for each in late.json()["errors"]]) == (
        422, ["changed"],
    )  # fmt: skip
    assert counts() == before

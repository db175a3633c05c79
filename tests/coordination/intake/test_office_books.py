"""A dozen workbooks as offices make them, each read right or answered with the cell."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import pytest
from django.utils import timezone

from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket
from projects.access.models import IdempotentRequest
from projects.record.clock import clock_at, now
from projects.register.registration import end_participation
from tests.coordination.intake.office_books import BOOKS
from tests.coordination.intake.office_marks import MARKED
from tests.coordination.intake.scene import CHINA, Scene, build, counts
from tests.coordination.intake.test_upload import errors, send

ALL: Final = BOOKS | MARKED


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    with clock_at(datetime(2030, 3, 8, 8, tzinfo=CHINA)):  # the books' days are a day later
        yield build()


def noticed(answer: Any) -> list[tuple[str, str, bool]]:
    return [
        (each["code"], each["place"] or ("" if each["code"] == "drawings" else each["sheet"]),
         each["left_out"])
        for each in answer["notices"]
    ]  # fmt: skip


def plates() -> list[str]:
    return list(
        VehiclePassLine.objects.order_by("ticket_id", "position").values_list("plate", flat=True)
    )


@pytest.mark.parametrize("name", ALL)
def test_it_is_shown_first_and_then_filed_as_it_was_shown(scene: Scene, name: str) -> None:
    kind, make = ALL[name]
    content, expected = make()
    trial = send(scene, content, kind=kind, trial=True)
    assert trial.status_code == 200, trial.json()
    shown = trial.json()
    assert [each["rows"] for each in shown["results"]] == expected.tickets
    assert (errors(shown), sorted(noticed(shown))) == (expected.errors, sorted(expected.notices))
    assert counts() == (0, 0, 0)
    if expected.errors:
        refused = send(scene, content, kind=kind, shown=shown["shown"])
        assert (refused.status_code, counts()) == (422, (0, 0, 0))
        return
    if left_out := [code for code, _place, is_left_out in noticed(shown) if is_left_out]:
        unseen = send(scene, content, kind=kind)
        found = [(each["pointer"], each["code"]) for each in unseen.json()["errors"]]
        assert found == [("/shown", "required"), *[("/file", "left-out")] * len(left_out)]
        assert (unseen.status_code, counts()) == (422, (0, 0, 0))
    filed = send(scene, content, kind=kind, shown=shown["shown"])
    assert filed.status_code == 200, filed.json()
    assert [each["rows"] for each in filed.json()["results"]] == expected.tickets
    assert (Ticket.objects.count(), plates()) == (len(expected.tickets), expected.plates)
    stored = IdempotentRequest.objects.get()
    assert "钢材" not in str(stored.body)


def test_what_was_shown_alone_is_filed(scene: Scene) -> None:
    """Another workbook, another state of the projects, and a word that was never answered."""
    _kind, make = BOOKS["with_hidden_rows"]
    content, _expected = make()
    shown = send(scene, content, trial=True).json()["shown"]
    other = send(scene, BOOKS["of_a_district"][1]()[0], trial=True).json()["shown"]
    for row in scene.project.participants.filter(enterprise=scene.own):
        end_participation(participant=row, on=timezone.localdate(now()), by=scene.desk)
    for word, code in ((other, "changed"), ("no", "changed"), (shown, "changed")):
        answer = send(scene, content, shown=word, good_rows="true")
        assert (answer.status_code, [each["code"] for each in answer.json()["errors"]]) == (
            422, [code],
        )  # fmt: skip
    assert counts() == (0, 0, 0)

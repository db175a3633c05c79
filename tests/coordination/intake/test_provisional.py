"""An enterprise files at the turn of a year that is not entered, and is told so."""

from datetime import date, datetime
from typing import Any

import pytest

from coordination.intake.feed.sequence import sequence
from coordination.tickets.verbs.reckon_again import reckon_all_again
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.coordination.intake.scene import Scene, build, filing

pytestmark = pytest.mark.django_db
URL = "/api/v1/tickets/"
NEW_YEARS_EVE = datetime(2026, 12, 31, 15, 30, tzinfo=SHANGHAI)
AFTER = datetime(2027, 1, 4, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def scene() -> Scene:
    CalendarYear.objects.all().delete()
    return build()


def filed(scene: Scene) -> dict[str, Any]:
    with clock_at(NEW_YEARS_EVE):
        response = scene.client.post(URL, filing(), headers={"Idempotency-Key": "k-1"})
    assert response.status_code == 201, response.json()
    found: dict[str, Any] = response.json()
    return found


def test_it_is_told_that_its_deadline_is_provisional(scene: Scene) -> None:
    answer = filed(scene)
    assert answer["accept_due"] == "2027-01-01T09:00:00+08:00"
    assert (answer["due_is_provisional"], answer["answer_is_provisional"]) == (True, False)


def test_it_is_told_when_the_deadline_is_certain(scene: Scene) -> None:
    number = filed(scene)["number"]
    CalendarOverride.objects.create(day=date(2027, 1, 1), is_working=False, reason="元旦")
    CalendarYear.objects.create(year=2027, source="国办发明电")
    with clock_at(AFTER):
        assert reckon_all_again() == 1
        sequence()
        answer = scene.client.get(f"{URL}{number}/").json()
        events = scene.client.get("/api/v1/events/").json()["results"]
    assert (answer["accept_due"], answer["due_is_provisional"]) == (
        "2027-01-04T09:00:00+08:00", False,
    )  # fmt: skip
    assert [each["verb"] for each in events] == ["submit", "reckon_again"]
    assert answer["version"] == 2


@pytest.mark.parametrize(
    ("moment", "worked", "then"),
    [
        (NEW_YEARS_EVE, True, "2027-01-01"),
        (datetime(2027, 1, 2, 9, tzinfo=SHANGHAI), False, "2027-01-04"),
    ],
)
def test_the_present_is_told_in_a_year_that_is_not_entered(
    scene: Scene, moment: datetime, *, worked: bool, then: str
) -> None:
    with clock_at(moment):
        answer = scene.client.get("/api/v1/now/").json()
    assert (answer["is_working_day"], answer["next_working_day"]) == (worked, then)

"""What of a bulletin is an enterprise's own, and that nobody else is in it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.bulletins.week import SHANGHAI
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import decline
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import frozen
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
DAY = "2020-03-09"


def at_hours(hours: float) -> Any:
    """So many hours before the cut-off."""
    return clock_at(CUT_OFF - timedelta(hours=hours))


def get(at: Desk, name: str = "bulletin", **asked: Any) -> Any:
    return client_with(at.token).get(reverse(f"api:{name}", args=[DAY]), asked)


@pytest.fixture
def at() -> Desk:
    with at_hours(24 * 20):
        return desk()


def test_own_projects_as_the_figures_counted_them(at: Desk) -> None:
    with at_hours(24 * 10):
        desk()
    with at_hours(2):
        report(project=at.project, day=date(2020, 3, 9), resumed=True, by=at.key)
    frozen(CUT_OFF)
    with clock_at(CUT_OFF + timedelta(hours=1)):  # too late to be counted
        report(project=at.project, day=date(2020, 3, 9), resumed=False, reason="误报", by=at.key)
    assert get(at).json()["own"] == {
        "projects": [
            {
                "code": at.project.code, "name": at.project.name, "planned": False,
                "resumed": True, "served": True, "reported": True,
            }
        ],
        "tickets": f"/api/v1/bulletins/{DAY}/tickets/",
    }  # fmt: skip


def test_own_tickets_by_where_they_stood(at: Desk) -> None:
    with at_hours(24 * 15):
        open_still, over = filed(at), filed(at)
        decline(ticket=over, reason="重复", by=at.liaison)  # before the week: not in it
    with at_hours(24 * 9):
        ended = filed(at)
    with at_hours(24 * 3):
        perform("withdraw", ticket=ended, reason="已解决", by=at.key)
        new = filed(at)
    with at_hours(24 * 2):
        comment(ticket=over, text="谢谢", by=at.key)
        other = desk()
        filed(other)
    frozen(CUT_OFF)
    with clock_at(CUT_OFF + timedelta(hours=1)):
        perform("withdraw", ticket=new, reason="已解决", by=at.key)
        perform("reopen", ticket=over, reason="再次出现", by=at.lead)  # too late for the week
        filed(at)
    found = get(at, "bulletin-tickets").json()["results"]
    assert [(each["number"], each["status_before"], each["status_after"]) for each in found] == [
        (new.number, None, "submitted"),
        (ended.number, "submitted", "withdrawn"),
        (open_still.number, "submitted", "submitted"),
    ]
    figures = get(at).json()["figures"]["tickets"]["vehicle_pass"]
    assert (figures["open_before"], figures["filed"], figures["ended"]) == (2, 2, 1)
    page = get(at, "bulletin-tickets", limit=1).json()
    assert [each["number"] for each in page["results"]] == [new.number]
    assert get(other, "bulletin-tickets").json()["results"][0]["number"] not in str(found)


def test_nobody_elses_name_or_number_is_in_it(at: Desk) -> None:
    with at_hours(24 * 4):
        other = desk()
        theirs = filed(other)
    with at_hours(24 * 3):
        filed(at)
    frozen(CUT_OFF)
    assert get(other)["ETag"] != get(at)["ETag"]
    for name in ("bulletin", "bulletin-tickets"):
        said = get(at, name).content.decode()
        for each in (other.enterprise.name, other.project.name, other.project.code, theirs.number):
            assert f'"{each}"' not in said


def test_a_preview_is_the_staffs_alone(at: Desk) -> None:
    with clock_at(CUT_OFF + timedelta(days=1)):
        client = client_with(at.token)
        for day in ("preview", "2020-03-16"):  # the week that runs
            for name in ("bulletin", "bulletin-tickets"):
                assert client.get(reverse(f"api:{name}", args=[day])).status_code == 404
        assert client.get(reverse("admin:bulletin_preview")).status_code == 302


def test_it_costs_the_same_however_many(at: Desk) -> None:
    def asked(name: str) -> int:
        get(at, name)
        with CaptureQueriesContext(connection) as caught:
            assert get(at, name).status_code == 200
        return len(caught)

    with at_hours(24 * 3):
        filed(at)
        frozen(CUT_OFF)
        few = [asked(name) for name in ("bulletin", "bulletin-tickets")]
        for _each in range(3):
            filed(at)
    assert few == [asked(name) for name in ("bulletin", "bulletin-tickets")] == [10, 3]

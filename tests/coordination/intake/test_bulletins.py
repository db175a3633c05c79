"""GET /api/v1/bulletins/ and one of them: what was frozen, aggregates alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.bulletins.week import SHANGHAI, WEEK
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import frozen
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
LIST = reverse("api:bulletins")


def get(at: Desk, url: str, **headers: str) -> Any:
    return client_with(at.token).get(url, headers=headers)


def of(day: str) -> str:
    return reverse("api:bulletin", args=[day])


def without_nulls(value: Any) -> Any:
    """What is null in an answer is missing in what was frozen."""
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(each) for name, each in value.items() if each is not None}


def test_the_figures_as_they_were_frozen_with_their_hashes() -> None:
    with clock_at(CUT_OFF - timedelta(days=2)):
        at = desk()
        filed(at)
    row = frozen(CUT_OFF)
    with clock_at(CUT_OFF + timedelta(hours=1)):
        filed(at)  # too late for it
    answer = get(at, of("2020-03-09"))
    said = answer.json()
    assert answer.status_code == 200
    blocks = {
        name: block
        for name, block in row.blocks.items()
        if name not in {"named", "waiting", "supervised"}
    }
    frozen_figures = {name: block["figures"] for name, block in blocks.items()}
    assert frozen_figures["coverage"].pop("not_served") == []  # names are for the staff
    assert len(frozen_figures["handling"].pop("by_group")) == 1  # so are the groups
    red = frozen_figures["investment"].pop("red_projects")
    assert [each["code"] for each in red] == [at.project.code]  # and projects by name
    assert without_nulls(said["figures"]) == without_nulls(frozen_figures)
    assert said["figures"]["tickets"]["vehicle_pass"] == {
        "open_before": 0, "filed": 1, "reopened": 0, "ended": 0, "open_after": 1,
        "cumulative_filed": 1, "cumulative_settled": 0,
    }  # fmt: skip
    assert said["figures"]["register"]["total_investment"] == "10.00"
    assert said["blocks"] == {
        name: {"schema": block["schema"], "hash": block["hash"]} for name, block in blocks.items()
    }
    assert said["period"] == {
        "from": "2020-03-02T17:00:00+08:00", "to": "2020-03-09T17:00:00+08:00",
    }  # fmt: skip
    assert (said["series"], said["cut_off"], said["edition"], said["hash"]) == (
        "weekly", "2020-03-09T17:00:00+08:00", 1, row.hash,
    )  # fmt: skip


def test_whoever_has_it_need_not_fetch_it_again() -> None:
    at = desk()
    frozen(CUT_OFF)
    first = get(at, of("2020-03-09"))
    again = get(at, of("2020-03-09"), **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert get(at, of("2020-03-09"), **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "day", ["2020-03-16", "2020-03-10", "2020-02-30", "0001-01-01", "9999-12-31", "latest", "1"]
)
def test_no_such_bulletin(day: str) -> None:
    at = desk()
    frozen(CUT_OFF)
    answer = get(at, of(day))
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_no_enterprise_project_or_person_is_named() -> None:
    with clock_at(CUT_OFF - timedelta(days=2)):
        at, other = desk(), desk()
        for each in (at, other):
            filed(each)
    frozen(CUT_OFF)
    for url in (LIST, of("2020-03-09")):
        said = get(at, url).content.decode()
        for each in (at, other) if url == LIST else (other,):
            named = (each.enterprise.name, each.project.name, each.liaison.name, "王五")
            assert not any(name in said for name in named)


def test_the_list_is_newest_first_by_cursor_and_costs_the_same() -> None:
    at = desk()
    days = ["2020-03-09", "2020-03-16", "2020-03-23"]
    costs = []
    for week in (0, 2, 1):  # the second was built last
        frozen(CUT_OFF + week * WEEK)
        get(at, LIST)
        with CaptureQueriesContext(connection) as caught:
            get(at, LIST)
        costs.append(len(caught))
        assert not any("COUNT(" in each["sql"].upper() for each in caught.captured_queries)
    assert costs == [costs[0]] * 3
    first = get(at, f"{LIST}?limit=2").json()
    rest = get(at, f"{LIST}?limit=2&cursor={first['next']}").json()
    listed = [each["cut_off"][:10] for each in first["results"] + rest["results"]]
    assert (listed, rest["next"]) == (days[::-1], None)
    back = get(at, f"{LIST}?limit=2&cursor={rest['previous']}").json()
    assert back["results"] == first["results"]

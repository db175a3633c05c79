"""Reading: a ticket, its timeline, lists by cursor and filter, projects; never another's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.groups.models import Leave
from coordination.staff.models import Officer
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept
from coordination.tickets.verbs.handover import take_on
from projects.record.clock import now
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db
TICKETS, PROJECTS = reverse("api:tickets"), reverse("api:projects")


def get(at: Desk, url: str, **parameters: Any) -> Any:
    return client_with(at.token).get(url, parameters)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [each["number"] for each in answer.json()["results"]]


def queries_of(at: Desk, url: str) -> list[str]:
    get(at, url)  # the key's last use is noted once a minute
    with CaptureQueriesContext(connection) as caught:
        assert get(at, url).status_code == 200
    return [each["sql"] for each in caught.captured_queries]


def test_the_list_goes_on_by_cursor_and_shows_each_once() -> None:
    at = desk()
    filed(desk())
    tickets = [filed(at).number for _each in range(5)]
    cursor, seen = "", []
    while cursor is not None:
        page = get(at, f"{TICKETS}?limit=2&cursor={cursor}")
        seen.append(numbers(page))
        filed(desk())  # what others file meanwhile changes nothing
        cursor = page.json()["next"]
    assert seen == [tickets[:2:-1], tickets[2:0:-1], tickets[:1]]


def test_filters() -> None:
    at = desk()
    site = project()
    add_participant(
        project=site,
        enterprise=at.enterprise,
        role="supplier",
        start=timezone.localdate(now()),
        by=at.director,
    )
    pass_, party, elsewhere = (
        filed(at), filed(at, "worker_return"), filed(at, "worker_return", project=site),
    )  # fmt: skip
    accept(ticket=party, by=at.liaison)

    def found(**parameters: Any) -> list[str]:
        return sorted(numbers(get(at, TICKETS, **parameters)))

    assert found(kind="worker_return") == [party.number, elsewhere.number]
    assert found(status="in_progress") == [party.number]
    assert found(status=["in_progress", "submitted"], project=at.project.code) == [
        pass_.number, party.number,
    ]  # fmt: skip
    assert get(at, TICKETS, project="nowhere").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "none"}, {"status": "none"}, {"project": "\x00"}, {"cursor": "x"},
        {"cursor": "cD0lMDA="}, {"limit": "0"}, {"limit": "-1"}, {"limit": "many"},
        {"limit": "99999999999999999999"}, {"kind": "\x00"}, {"status": "\ud800"},
        {"cursor": "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}, {"format": "xml"}, {"unheard_of": "1"},
    ],
)  # fmt: skip
def test_odd_parameters_are_never_our_failure(asked: dict[str, str]) -> None:
    at = desk()
    filed(at)
    for url in (TICKETS, PROJECTS, reverse("api:bulletins")):
        encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in asked.items()}
        answer = get(at, url, **encoded)
        assert answer.status_code in {200, 400, 404, 406, 422}, answer.content
        if answer.status_code != 200:
            assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("limit", ["0", "-1", "many", "", "1.5", "²"])
def test_a_limit_that_is_none(limit: str) -> None:
    answer = get(desk(), TICKETS, limit=limit)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/limit"]


def test_a_list_costs_the_same_however_long_and_counts_nothing() -> None:
    at = desk()
    filed(at)
    one = queries_of(at, TICKETS)
    for kind in ("worker_return", "material_supply"):
        filed(at, kind)
    three = queries_of(at, TICKETS)
    assert len(one) == len(three) == 3  # the key, the page, who can act
    assert not any("COUNT(" in sql.upper() for sql in three)


def test_a_ticket_costs_the_same_however_long() -> None:
    at = desk()
    ticket = filed(at)
    detail = reverse("api:ticket", args=[ticket.number])
    events = reverse("api:ticket-events", args=[ticket.number])
    before = len(queries_of(at, detail)), len(queries_of(at, events))
    for number in range(3):
        comment(ticket=ticket, text=f"第{number}次", by=at.liaison if number else at.key)
    assert (len(queries_of(at, detail)), len(queries_of(at, events))) == before


def test_the_timeline_in_order_without_what_is_internal() -> None:
    at = desk()
    ticket = filed(at)
    comment(ticket=ticket, text="内部", internal=True, by=at.liaison)
    comment(ticket=ticket, text="公开", by=at.liaison)
    url = reverse("api:ticket-events", args=[ticket.number])
    first = get(at, url, limit=1).json()
    rest = get(at, url, cursor=first["next"]).json()
    said = [(each["seq"], each["verb"]) for each in first["results"] + rest["results"]]
    assert said == [(1, "submit"), (3, "comment")]
    assert rest["results"][0]["actor"] == {"kind": "officer", "name": str(at.liaison)}
    assert "内部" not in str(first) + str(rest)


@pytest.mark.parametrize("name", ["ticket", "ticket-events", "project"])
def test_what_is_anothers_is_not_there(name: str) -> None:
    at, other = desk(), desk()
    ticket = filed(at)
    own = at.project.code if name == "project" else ticket.number
    for path in (own, "nothing", "%00", "x" * 300):
        url = reverse(f"api:{name}", args=["it"]).replace("/it/", f"/{path}/")
        answer = get(other, url)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert numbers(get(other, TICKETS)) == []


def served(at: Desk) -> Project:
    site = project()
    add_participant(
        project=site,
        enterprise=at.enterprise,
        role="owner",
        start=timezone.localdate(now()),
        by=at.director,
    )
    take_on(project=site, group=at.group, liaison=at.liaison, deputy=at.deputy, by=at.duty_desk)
    return site


def shown(officer: Officer) -> dict[str, str | None]:
    return {"name": officer.name, "mobile": officer.mobile}


def test_projects_with_who_serves_them_now() -> None:
    at = desk()
    unserved = project()
    add_participant(
        project=unserved, enterprise=at.enterprise, role="owner", start=timezone.localdate(now()),
        by=at.director,
    )  # fmt: skip
    project()
    found = {each["code"]: each for each in get(at, PROJECTS).json()["results"]}
    assert set(found) == {at.project.code, unserved.code}
    assert found[unserved.code]["service"] is None
    assert found[at.project.code]["service"] == {
        "group": at.group.name, "answers_as": "liaison", "liaison": shown(at.liaison),
        "stands_in_for": None,
    }  # fmt: skip
    assert found[at.project.code]["participations"] == [
        {"role": "owner", "since": "2020-01-01", "until": None}
    ]
    since = now() - timedelta(hours=1)
    Leave.objects.create(officer=at.liaison, during=DateTimeTZRange(since, None))
    one = get(at, reverse("api:project", args=[at.project.code])).json()
    assert one["service"] == {
        "group": at.group.name, "answers_as": "deputy", "liaison": shown(at.deputy),
        "stands_in_for": shown(at.liaison),
    }  # fmt: skip
    Leave.objects.create(officer=at.deputy, during=DateTimeTZRange(since, None))
    assert get(at, PROJECTS).json()["results"][1]["service"] == {
        "group": at.group.name, "answers_as": "group_lead", "liaison": shown(at.lead),
        "stands_in_for": shown(at.liaison),
    }  # fmt: skip
    Leave.objects.create(officer=at.lead, during=DateTimeTZRange(since, None))
    assert get(at, PROJECTS).json()["results"][1]["service"] == {
        "group": at.group.name, "answers_as": "duty_desk", "liaison": None,
        "stands_in_for": shown(at.liaison),
    }  # fmt: skip


def test_projects_cost_the_same_however_many() -> None:
    at = desk()
    one = queries_of(at, PROJECTS)
    for _each in range(2):
        served(at)
    assert len(queries_of(at, PROJECTS)) == len(one)


def test_moments_are_of_the_wall_clock_and_numbers_are_strings() -> None:
    at = desk()
    ticket = filed(at, "material_supply")
    read = get(at, reverse("api:ticket", args=[ticket.number])).json()
    assert datetime.fromisoformat(read["filed_at"]).astimezone(UTC) == ticket.filed_at
    assert read["filed_at"].endswith("+08:00")
    assert read["lines"][0]["asked"] == "380.000"
    assert get(at, PROJECTS).json()["results"][0]["total_investment"] == "10.0000"

"""The lists: filters and orders that indexes serve, and nothing that is silently ignored."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.intake.api_filters import TicketFilter, TicketPages
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept, ask
from projects.record.clock import clock_at, now
from tests.benchmarks.many_tickets import fill
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

TICKETS = reverse("api:tickets")
MANY = 50_000


def get(at: Desk, url: str = TICKETS, **parameters: Any) -> Any:
    return client_with(at.token).get(url, parameters)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [each["number"] for each in answer.json()["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["tickets", "projects", "bulletins", "keys", "ticket-events", "project-reports", "feed"],
)
def test_what_is_no_parameter_is_refused(name: str) -> None:
    at = desk()
    own = {"ticket-events": filed(at).number, "project-reports": at.project.code}
    at.key.scopes = ["read", "keys"]
    at.key.save()
    url = reverse(f"api:{name}", args=[own[name]] if name in own else [])
    for asked, status in (({"format": "json"}, 200), ({"b": "1", "a": ["2", "3"]}, 400)):
        answer = get(at, url, **asked)
        assert answer.status_code == status
    body = answer.json()
    assert body["type"] == "/problems/unknown-parameter"
    assert [(each["pointer"], each["code"]) for each in body["errors"]] == [
        ("/a", "unknown"), ("/b", "unknown"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_order_that_the_list_has_not() -> None:
    at = desk()
    for asked in ("title", "-id", "filed_at,title"):
        answer = get(at, ordering=asked)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/ordering")
    both = get(at, ordering="-filed_at", changed_since="2020-03-09T00:00:00+08:00")
    assert (both.status_code, both.json()["errors"][0]["pointer"]) == (422, "/ordering")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "201"), ("limit", "100000"), ("light", "blue"), ("urgency", "none"),
        ("changed_since", "yesterday"), ("filed_from", "2020-02-30T00:00:00Z"),
        ("needed_by", "\ud800"), ("kind", "none"), ("status", "none"),
        ("filed_to", "0001-01-01T00:00:00+23:59"), ("needed_by", "9999-12-31T23:59:59-23:59"),
    ],
)  # fmt: skip
def test_a_value_that_a_filter_has_not(name: str, value: str) -> None:
    asked: dict[str, Any] = {name: value.encode("utf-8", "surrogatepass")}
    answer = get(desk(), **asked)
    place = "/0" if name == "status" else ""  # of those that may be repeated
    said = (answer.status_code, [each["pointer"] for each in answer.json()["errors"]])
    assert said == (422, [f"/{name}{place}"])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["changed_since", "filed_from", "filed_to", "needed_by"])
def test_a_plus_that_was_not_encoded_is_read_as_one(name: str) -> None:
    at = desk()
    sent = "2020-03-09T00:00:00.5+0800", "2020-03-09T00:00:00+08:00", "2020-03-09T00:00+08:00"
    for moment in sent:
        answer = client_with(at.token).get(f"{TICKETS}?{name}={moment}&limit=1")
        assert answer.status_code == 200, answer.json()
    for moment in ("+08:00", "2020-03-09+08:00+08:00+08:00", "2020-03-09T00:00:00++08:00"):
        answer = client_with(at.token).get(f"{TICKETS}?{name}={moment}")
        assert answer.status_code == 422


@pytest.mark.django_db
def test_each_filter_and_each_order() -> None:
    began = now()
    with clock_at(began - timedelta(days=40)):
        at = desk()
    with clock_at(began - timedelta(days=30)):
        old = filed(at)  # nobody accepted it: red
    with clock_at(began - timedelta(minutes=3)):
        urgent = filed(at, urgency="urgent", needed_by=began + timedelta(days=1))
    with clock_at(began - timedelta(minutes=2)):
        asked = filed(at, needed_by=began + timedelta(days=9))
        ask(ticket=asked, question="哪条路线", by=at.liaison)
    with clock_at(began - timedelta(minutes=1)):
        accept(ticket=old, by=at.liaison)
    rows = [old.number, urgent.number, asked.number]
    changed = [urgent.number, asked.number, old.number]
    assert numbers(get(at)) == rows[::-1]
    assert numbers(get(at, ordering="filed_at")) == rows
    assert numbers(get(at, ordering="changed_at")) == changed
    assert numbers(get(at, ordering="-changed_at")) == changed[::-1]
    since = (began - timedelta(minutes=2)).isoformat()
    assert numbers(get(at, changed_since=since)) == changed[1:]
    assert numbers(get(at, filed_from=since)) == [asked.number]
    assert numbers(get(at, filed_to=since)) == [urgent.number, old.number]
    far = (began - timedelta(minutes=2)).astimezone(timezone(timedelta(hours=23, minutes=29)))
    assert numbers(get(at, filed_to=far.isoformat())) == [urgent.number, old.number]
    assert numbers(get(at, urgency="urgent")) == [urgent.number]
    day = (began + timedelta(days=1)).isoformat()
    assert numbers(get(at, needed_by=day)) == [urgent.number]
    lights = {each["number"]: each for each in get(at).json()["results"]}
    for light in ("green", "yellow", "red"):
        expected = [number for number in rows[::-1] if lights[number]["light"] == light]
        assert numbers(get(at, light=light)) == expected
    assert [lights[number]["clock_stands"] for number in rows] == [False, False, True]
    assert lights[asked.number]["answer_due"] is not None
    assert lights[old.number]["due_at"] is not None


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", TicketPages.orders)
def test_every_order_goes_on_by_cursor_there_and_back(ordering: str) -> None:
    at = desk()
    with clock_at(now()):  # all of one instant, as one bulk filing leaves them
        same = [filed(at).number for _each in range(5)]
    rows = [*same, filed(at).number]
    expected = rows[::-1] if ordering.startswith("-") else rows
    page, seen, pages = get(at, ordering=ordering, limit=2), [], []
    while True:
        seen += numbers(page)
        pages.append(page.json())
        if not page.json()["next"]:
            break
        page = get(at, ordering=ordering, limit=2, cursor=page.json()["next"])
    assert seen == expected
    while pages[-1]["previous"]:
        before = pages.pop()["previous"]
        back = get(at, ordering=ordering, limit=2, cursor=before).json()
        assert back["results"] == pages[-1]["results"]
    assert back["next"] is not None
    nothing = {"ordering": ordering, "kind": "epidemic_control"}
    gone = get(at, **nothing, cursor=pages[0]["next"]).json()
    assert (gone["results"], gone["next"]) == ([], None)
    assert get(at, **nothing, cursor=gone["previous"]).json()["results"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "position",
    ["", "x", "2020-03-09T00:00:00+08:00", "2020-03-09T00:00:00+08:00 x", "1 2 3",
     "0001-01-01T00:00:00+23:59 1", "2020-03-09T00:00:00+23:59 " + "9" * 30],
)  # fmt: skip
def test_a_cursor_that_was_made_up_is_none_of_this(position: str) -> None:
    at = desk()
    for _each in range(2):
        filed(at)
    given = get(at, limit=1).json()["next"]
    own = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()[:9]  # its list, and forwards
    answer = get(at, cursor=urlsafe_b64encode(f"{own}{position}".encode()).decode())
    if position.endswith("9") or not position:  # read well: beyond every ticket, or before any
        assert (answer.status_code, len(answer.json()["results"])) == (200, 0 if position else 2)
    else:
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


@pytest.mark.django_db
def test_a_cursor_of_another_list_or_order_is_refused() -> None:
    at = desk()
    tickets = [filed(at) for _each in range(2)]
    for _each in range(2):
        comment(ticket=tickets[0], text="公开", by=at.liaison)
    events = reverse("api:ticket-events", args=[tickets[0].number])
    taken = [get(at, url, limit=1).json()["next"] for url in (TICKETS, events)]
    taken += [get(at, ordering="changed_at", limit=1).json()["next"]]
    feed = get(at, reverse("api:feed")).json()["next"]
    for url, ordering, cursors in (
        (TICKETS, "-filed_at", [*taken[1:], feed]), (TICKETS, "changed_at", [*taken[:2], feed]),
        (events, "", [taken[0], taken[2], feed]),
    ):  # fmt: skip
        for cursor in [*cursors, "http://testserver/?cursor=x", "æ", "A", "=", "x" * 5000]:
            answer = get(at, url, cursor=cursor, **({"ordering": ordering} if ordering else {}))
            said = (answer.status_code, [each["pointer"] for each in answer.json()["errors"]])
            assert said == (422, ["/cursor"]), (url, cursor)
    for cursor in taken:
        answer = get(at, reverse("api:feed"), after=cursor)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/after")


def plan_of(at: Desk, **asked: Any) -> tuple[str, list[str]]:
    """How PostgreSQL answers the list: its plan, and all that was asked of it."""
    get(at)  # the key's last use is noted once a minute
    with CaptureQueriesContext(connection) as caught:
        assert get(at, **asked).status_code == 200
    statements = [each["sql"] for each in caught.captured_queries]
    (listing,) = (each for each in statements if "LIMIT 51" in each)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {listing}")
        return "\n".join(row[0] for row in cursor.fetchall()), statements


@pytest.mark.django_db(transaction=True)
def test_an_index_serves_every_filter_and_every_order(superuser_cursor: Any) -> None:
    """On a Monday morning: by what is green and red just then PostgreSQL chooses."""
    with clock_at(datetime(2020, 3, 9, 2, tzinfo=UTC)):
        each_is_served(superuser_cursor)


def each_is_served(cursor: Any) -> None:
    at, other = desk(), desk()
    fill(cursor, at, filed(at), 1, MANY // 2)
    fill(cursor, other, filed(other), MANY // 2 + 1, MANY)
    assert Ticket.objects.count() == MANY + 2
    moment = Ticket.objects.order_by("-pk")[MANY // 4].filed_at.isoformat()
    asked: list[dict[str, Any]] = [
        {}, *({"ordering": ordering} for ordering in TicketPages.orders),
        {"kind": "vehicle_pass"}, {"status": "in_progress"},
        {"status": "closed"}, {"status": ["submitted", "need_info"]}, {"urgency": "normal"},
        {"project": at.project.code}, {"changed_since": moment}, {"filed_from": moment},
        {"filed_to": moment}, {"needed_by": moment},
        *({"light": light} for light in ("green", "yellow", "red")),
        {"external_id": "PO-1"}, {"search": at.project.code},
        {"changed_since": moment, "status": "closed", "ordering": "-changed_at"},
    ]  # fmt: skip
    asked += [{"cursor": get(at, **each).json()["next"], **each} for each in asked[:5]]
    filters_asked = {name for each in asked for name in each} - {"cursor"}
    assert filters_asked == {*TicketFilter.base_filters, "ordering"}
    for each in asked:
        plan, statements = plan_of(at, **each)
        assert "Seq Scan on tickets_ticket" not in plan, (each, plan)
        if "light" in each:  # the open ones alone, so few that PostgreSQL may rather sort them
            assert "ticket_enterprise_clock" in plan, (each, plan)
        elif not {"external_id", "search"} & each.keys():  # so few that they are sorted
            assert "Sort" not in plan, (each, plan)
        is_by_change = "changed_at" in str(each) or "changed_since" in each
        most = 4 if is_by_change else 3  # the key, the page, who can act; what is under way
        most += 2 * len(each.get("search", "").split()) + ("search" in each)
        assert len(statements) <= most, each
        assert not any("COUNT(" in sql.upper() for sql in statements)

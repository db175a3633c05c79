"""Amendments through the enterprise's API: shape, paths, preconditions, feed and messages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.amendments.flow import AmendmentVerb
from coordination.delivery.models import Delivery
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.intake.feed.shape import topics
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.access.keys import issue_key
from projects.access.models import Scope
from tests.coordination.amendments.test_amend import accepted, record
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import LINES, Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def post(at: Desk, ticket: Ticket, act: str, body: Any, **headers: str) -> Any:
    version = Ticket.objects.get(pk=ticket.pk).version
    given = {"Idempotency-Key": "k-1", "If-Match": f'"v{version}"', **headers}
    return client_with(at.token).post(
        reverse(f"api:ticket-{act}", args=[ticket.number]), body,
        headers={name: value for name, value in given.items() if value},
    )  # fmt: skip


def read(at: Desk, ticket: Ticket) -> Any:
    return client_with(at.token).get(reverse("api:ticket", args=[ticket.number])).json()


BODY: dict[str, Any] = {
    "title": "改道通行", "contact": {"mobile": "13600136000"}, "needed_by": None,
    "lines": [{"position": 1, "plate": "豫C99999"}],
}  # fmt: skip
NO_PLACE = {"before_name": None, "after_name": None}
CHANGES = [
    {
        "pointer": "/title", "label": "title", "before": "运输车辆受阻", "after": "改道通行",
        **NO_PLACE,
    },
    {
        "pointer": "/contact/mobile", "label": "contact's phone", "before": "13700137000",
        "after": "13600136000", **NO_PLACE,
    },
    {
        "pointer": "/lines/0/plate", "label": "line 1, plate", "before": "豫C12345",
        "after": "豫C99999", **NO_PLACE,
    },
]  # fmt: skip


def test_a_ticket_is_amended_once_and_its_event_says_what(at: Desk) -> None:
    ticket = filed(at)
    answer = post(at, ticket, "amend", {**BODY, "note": "换车"})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["title"], body["contact"]["mobile"]) == ("改道通行", "13600136000")
    assert (body["contact"]["name"], body["lines"][0]["plate"]) == ("王五", "豫C99999")
    assert body == read(at, ticket)
    again = post(at, ticket, "amend", {**BODY, "note": "换车"}, **{"If-Match": '"v1"'})
    assert (again.status_code, again.json(), ticket.events.count()) == (200, body, 2)
    events = client_with(at.token).get(reverse("api:ticket-events", args=[ticket.number])).json()
    submitted, amended = events["results"]
    assert (submitted["changes"], amended["changes"]) == ([], CHANGES)
    assert amended["text"] == {"note": "换车"}
    sequence()
    feed = client_with(at.token).get(reverse("api:feed")).json()["results"]
    assert [(each["verb"], each["changes"]) for each in feed] == [
        ("submit", []), ("amend", CHANGES),
    ]  # fmt: skip


def test_a_proposal_is_seen_until_it_is_decided(at: Desk) -> None:
    ticket = accepted(at)
    answer = post(at, ticket, "propose-amendment", {**BODY, "reason": "换车"})
    assert answer.status_code == 200, answer.json()
    proposed = answer.json()["proposed_amendment"]
    assert (proposed["reason"], proposed["changes"], proposed["seq"]) == ("换车", CHANGES, 3)
    assert answer.json()["title"] == "运输车辆受阻"
    assert "adopt_amendment" not in {each["verb"] for each in answer.json()["allowed_actions"]}
    perform(AmendmentVerb.ADOPT, ticket=ticket, by=at.liaison)
    after = read(at, ticket)
    assert (after["title"], after["proposed_amendment"]) == ("改道通行", None)


WRONG: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("amend", {}, [("", "unchanged")]),
    ("amend", {"contact": {}}, [("", "unchanged")]),
    ("amend", {"contact": {"mobile": "12800138000"}}, [("/contact/mobile", "phone")]),
    ("amend", {"contact": {"name": ""}}, [("/contact/name", "required")]),
    ("amend", {"lines": [{"plate": "豫C99999"}]}, [("/lines/0/position", "required")]),
    ("amend", {"lines": [{"position": 9, "plate": "豫C99999"}]}, [("/lines/0/position", "choice")]),
    ("amend", {"lines": [{"position": 1, "plate": "no"}]}, [("/lines/0/plate", "plate")]),
    ("amend", {"lines": [{"position": 1, "met": 5}]}, [("/lines/0/met", "unknown")]),
    ("amend", {"lines": [{"position": 1, "unit": "台"}]}, [("/lines/0/unit", "unknown")]),
    ("amend", {"urgency": "urgent"}, [("/urgency", "unknown")]),
    ("amend", {"lines": "x"}, [("/lines", "type")]),
    ("amend", {"title": None}, [("/title", "required")]),
    ("propose-amendment", {"title": "甲"}, [("/reason", "required")]),
    ("propose-amendment", {"reason": "换"}, [("", "unchanged")]),
]


def test_every_mistake_by_its_pointer_and_nothing_changes(at: Desk) -> None:
    tickets = {"amend": filed(at), "propose-amendment": accepted(at)}
    before = {act: record(ticket) for act, ticket in tickets.items()}
    for act, body, expected in WRONG:
        answer = post(at, tickets[act], act, body)
        assert answer.status_code == 422, (body, answer.json())
        found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert found == expected, body
    assert {act: record(ticket) for act, ticket in tickets.items()} == before


def test_preconditions_and_states_are_refused_by_their_problems(at: Desk) -> None:
    early, late = filed(at), accepted(at)
    before = record(early), record(late)
    body, reason = {"title": "甲"}, {"title": "甲", "reason": "换"}
    cases: list[tuple[Ticket, str, Any, dict[str, str], int]] = [
        (early, "amend", body, {"If-Match": ""}, 428),
        (early, "amend", body, {"If-Match": '"v9"'}, 412),
        (early, "amend", body, {"Idempotency-Key": ""}, 400),
        (early, "propose-amendment", reason, {}, 409),
        (late, "amend", body, {}, 409),
    ]
    for number, (ticket, act, sent, headers, status) in enumerate(cases):
        answer = post(at, ticket, act, sent, **{"Idempotency-Key": f"k-{number}", **headers})
        assert answer.status_code == status, (act, headers, answer.json())
        assert answer["Content-Type"] == "application/problem+json"
    stranger = desk()
    assert post(stranger, early, "amend", body).status_code == 404
    assert (record(early), record(late)) == before


@pytest.mark.parametrize("kind", ["worker_return", "material_supply", "goods_transport",
                                  "epidemic_control"])  # fmt: skip
def test_a_quantity_of_each_kind_is_amended_by_itself(at: Desk, kind: str) -> None:
    ticket = filed(at, kind)
    name = {"worker_return": "headcount", "goods_transport": "tonnage"}.get(kind, "quantity")
    value: Any = 250 if kind == "epidemic_control" else 19 if kind == "worker_return" else "250"
    answer = post(at, ticket, "amend", {"lines": [{"position": 1, name: value}]})
    assert answer.status_code == 200, answer.json()
    asked = {"worker_return": "19.000", "material_supply": "130.000"}.get(kind, "250.000")
    assert answer.json()["lines"][0]["asked"] == asked


def test_reading_costs_one_query_more_while_a_proposal_waits(
    at: Desk, django_assert_num_queries: Any
) -> None:
    ticket = accepted(at)
    client, url = client_with(at.token), reverse("api:ticket", args=[ticket.number])
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    perform(
        AmendmentVerb.PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key,
        lines=[{"position": 1, "carrier": "甲"}],
    )  # fmt: skip
    with django_assert_num_queries(7):
        client.get(url)


def test_webhooks_have_their_topics_and_carry_the_changes(at: Desk) -> None:
    names = ["amended", "amendment_proposed", "amendment_adopted", "amendment_rejected"]
    assert {f"ticket.{each}" for each in names} <= {topic.code for topic in topics()}
    hooks, _token = issue_key(
        enterprise=at.enterprise, name="hooks", scopes=[Scope.WEBHOOKS], by=at.director
    )
    open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=hooks)
    ticket = filed(at)
    perform(AmendmentVerb.AMEND, ticket=ticket, changes={"title": "甲"}, by=at.key)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    for title in ("乙", "丙"):
        perform(AmendmentVerb.PROPOSE, ticket=ticket, changes={"title": title}, reason="换",
                by=at.key)  # fmt: skip
    perform(AmendmentVerb.ADOPT, ticket=ticket, by=at.liaison)
    sequence()
    bodies = [each.body for each in Delivery.objects.filter(endpoint__isnull=False).order_by("pk")]
    said = [
        (each["type"].removeprefix("ticket."), [c["after"] for c in each["data"]["changes"]])
        for each in bodies
    ]
    assert said == [
        ("submitted", []), ("amended", ["甲"]), ("accepted", []), ("amendment_proposed", ["乙"]),
        ("amendment_proposed", ["丙"]), ("amendment_adopted", ["丙"]),
    ]  # fmt: skip


def test_a_place_has_its_name_beside_its_code(at: Desk) -> None:
    ticket = filed(at, lines=[LINES["vehicle_pass"]() | {"origin": "410305"}])
    lines = [{"position": 1, "origin": "洛阳市洛龙区"}]
    assert post(at, ticket, "amend", {"lines": lines}).status_code == 200
    changed = {
        "pointer": "/lines/0/origin", "label": "line 1, origin", "before": "410305",
        "before_name": "河南省洛阳市涧西区", "after": "410311", "after_name": "河南省洛阳市洛龙区",
    }  # fmt: skip
    perform(Verb.ACCEPT, ticket=Ticket.objects.get(), by=at.liaison)
    sequence()
    client = client_with(at.token)
    events: Any = client.get(reverse("api:ticket-events", args=[ticket.number]))
    feed: Any = client.get(reverse("api:feed"))
    for listed in (events, feed):
        (told,) = (each for each in listed.json()["results"] if each["verb"] == "amend")
        assert told["changes"] == [changed]
    back = {"lines": [{"position": 1, "origin": "410305"}], "reason": "仍由涧西出发"}
    proposed = post(at, ticket, "propose-amendment", back, **{"Idempotency-Key": "k-2"})
    assert proposed.json()["proposed_amendment"]["changes"] == [
        {
            **changed, "before": "410311", "before_name": "河南省洛阳市洛龙区", "after": "410305",
            "after_name": "河南省洛阳市涧西区",
        }
    ]  # fmt: skip
    officer = Client()
    officer.force_login(at.liaison)
    page = officer.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    said = " ".join(page.content.decode().split())
    assert said.count("河南省洛阳市涧西区 410305") >= 2  # in the timeline and the proposal
    assert "河南省洛阳市洛龙区 410311" in said

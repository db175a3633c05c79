"""Related tickets, duplicates, and the pass that goods open with them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent, TicketLink
from coordination.tickets.queries_links import links_of
from coordination.tickets.verbs.registry import perform
from projects.record.refusals import Invalid
from tests.bed.races import race
from tests.coordination.intake.scene import Scene, build, filing, goods, vehicle
from tests.factories.coordination import Desk, desk, filed, haul
from tests.factories.coordination import vehicle as pass_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def pair() -> tuple[Desk, Ticket, Ticket]:
    at = desk()
    return at, filed(at), filed(at)


def do(at: Desk, verb: Verb, ticket: Ticket, other: Ticket, **inputs: Any) -> Ticket:
    return perform(verb, ticket=ticket, by=at.liaison, number=other.number, **inputs)


def said(ticket: Ticket) -> list[tuple[str, Any]]:
    events = ticket.events.filter(verb__in=["link", "unlink", "duplicate"])
    return [(event.verb, event.payload["relation"]) for event in events]


def seen(ticket: Ticket, by: Any) -> list[tuple[str, str]]:
    return [(each.ticket.number, each.relation) for each in links_of(ticket, by)]


def test_both_tickets_say_so_and_no_longer() -> None:
    at, one, other = pair()
    do(at, Verb.LINK, one, other)
    assert (seen(one, at.key), seen(other, at.key)) == (
        [(other.number, "related")], [(one.number, "related")],
    )  # fmt: skip
    with pytest.raises(Invalid):
        do(at, Verb.LINK, other, one)
    do(at, Verb.UNLINK, other, one)
    assert (seen(one, at.liaison), TicketLink.objects.count()) == ([], 0)
    assert said(one) == said(other) == [("link", "related"), ("unlink", "related")]


def test_a_duplicate_is_declined_and_reopened_it_is_none() -> None:
    at, one, other = pair()
    perform(Verb.ACCEPT, ticket=one, by=at.liaison)
    one = do(at, Verb.DUPLICATE, one, other, reason="同一车辆")
    assert one.status == Status.DECLINED
    assert seen(one, at.key) == [(other.number, "duplicate_of")]
    assert seen(other, at.key) == [(one.number, "has_duplicate")]
    perform(Verb.REOPEN, ticket=one, by=at.lead, reason="并非同一事项")
    assert TicketLink.objects.count() == 0
    assert said(one) == [("duplicate", "duplicate_of")]
    assert said(other) == [("link", "has_duplicate"), ("unlink", "has_duplicate")]


def of_another_project(_at: Desk, _one: Ticket) -> Ticket:
    return filed(desk())


def withdrawn(at: Desk, _one: Ticket) -> Ticket:
    return perform(Verb.WITHDRAW, ticket=filed(at), reason="不需要", by=at.key)


def a_duplicate(at: Desk, _one: Ticket) -> Ticket:
    return do(at, Verb.DUPLICATE, filed(at), filed(at), reason="重复")


def the_same(_at: Desk, one: Ticket) -> Ticket:
    return one


def where_it_has_one(at: Desk, one: Ticket) -> Ticket:
    do(at, Verb.DUPLICATE, filed(at), one, reason="重复")
    return filed(at)


def where_something_was_met(at: Desk, one: Ticket) -> Ticket:
    perform(Verb.ACCEPT, ticket=one, by=at.liaison)
    perform(Verb.FULFIL, ticket=one, line=1, quantity=Decimal(1), by=at.liaison)
    return filed(at)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (of_another_project, "choice"), (withdrawn, "ended"), (a_duplicate, "ended"),
        (the_same, "itself"), (where_it_has_one, "chain"), (where_something_was_met, "met"),
    ],
)  # fmt: skip
def test_what_cannot_be_its_original(make: Callable[[Desk, Ticket], Ticket], code: str) -> None:
    at = desk()
    one = filed(at)
    other = make(at, one)
    before = (TicketEvent.objects.count(), TicketLink.objects.count())
    with pytest.raises(Invalid) as refused:
        do(at, Verb.DUPLICATE, one, other, reason="重复")
    assert code in [each.code for each in refused.value.errors]
    assert (TicketEvent.objects.count(), TicketLink.objects.count()) == before


def test_another_enterprise_learns_nothing() -> None:
    at, one, _other = pair()
    foreign = filed(desk())
    perform(Verb.LINK, ticket=one, number=foreign.number, by=at.director)
    assert (seen(one, at.key), seen(one, at.liaison)) == ([], [(foreign.number, "related")])
    assert not links_of(one, at.liaison)[0].is_open_to
    assert set(TicketEvent.objects.filter(verb="link").values_list("is_internal")) == {(True,)}


def test_goods_open_the_pass_that_they_need() -> None:
    at = desk()
    ticket = filed(
        at, "goods_transport", lines=[haul(pass_needed=True)], opened_lines=[pass_line()]
    )
    opened = Ticket.objects.exclude(pk=ticket.pk).get()
    assert (opened.kind, opened.group, opened.handler) == ("vehicle_pass", at.group, at.liaison)
    assert KINDS["vehicle_pass"].lines_of(opened.pk).count() == 1
    assert seen(ticket, at.key) == [(opened.number, "opened")]
    assert seen(opened, at.key) == [(ticket.number, "opened_for")]
    assert [event.verb for event in ticket.events.all()] == ["submit", "link"]
    assert [event.verb for event in opened.events.all()] == ["submit", "link"]


def test_vehicles_that_are_not_known_yet_are_added_before_it_is_resolved() -> None:
    at = desk()
    ticket = filed(at, "goods_transport", lines=[haul(pass_needed=True)])
    opened = Ticket.objects.exclude(pk=ticket.pk).get()
    perform(Verb.ACCEPT, ticket=opened, by=at.liaison)
    with pytest.raises(Invalid):
        perform(Verb.RESOLVE, ticket=opened, result="办结", by=at.liaison)
    perform(Verb.ADD_LINES, ticket=opened, lines=[pass_line()], by=at.key)
    done = perform(Verb.RESOLVE, ticket=opened, result="办结", reasons={1: "改道"}, by=at.liaison)
    assert done.status == Status.RESOLVED


def test_goods_that_need_none_open_none() -> None:
    at = desk()
    filed(at, "goods_transport")
    with pytest.raises(Invalid) as refused:
        filed(at, "goods_transport", opened_lines=[pass_line()])
    assert [error.path for error in refused.value.errors] == [("opened_lines",)]
    assert (Ticket.objects.count(), TicketLink.objects.count()) == (1, 0)


def test_the_api_files_both_and_points_at_what_is_wrong(scene: Scene) -> None:
    def post(key: str, *lines: dict[str, Any]) -> Any:
        body = filing("goods_transport", goods(pass_needed=True), opened_lines=list(lines))
        return scene.client.post("/api/v1/tickets/", body, headers={"Idempotency-Key": key})

    wrong = post("a", vehicle(), vehicle(plate="no"))
    assert wrong.status_code == 422
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/opened_lines/1/plate"]
    assert Ticket.objects.count() == 0
    answer = post("b", vehicle())
    assert answer.status_code == 201
    (linked,) = answer.json()["links"]
    assert linked["relation"] == "opened"
    assert scene.client.get(answer["Location"])["ETag"] == answer["ETag"]
    opened = scene.client.get(f"/api/v1/tickets/{linked['number']}/").json()
    assert [each["relation"] for each in opened["links"]] == ["opened_for"]


def test_the_page_shows_them(client: Client) -> None:
    at, one, other = pair()
    do(at, Verb.LINK, one, other)
    client.force_login(at.liaison)
    page = client.get(reverse("admin:tickets_ticket_change", args=[one.pk]))
    assert reverse("admin:tickets_ticket_change", args=[other.pk]) in page.content.decode()
    typed = {"version": page.context["ticket"].version, "number": "nowhere"}
    refused = client.post(reverse("admin:ticket_do", args=[one.pk, "link"]), typed)
    (form,) = [each.form for each in refused.context["acts"].able if each.verb == Verb.LINK]
    assert list(form.errors) == ["number"]


@pytest.mark.django_db(transaction=True)
def test_two_who_link_each_to_the_other_make_one_link() -> None:
    at, one, other = pair()
    outcomes = race(lambda: do(at, Verb.LINK, one, other), lambda: do(at, Verb.LINK, other, one))
    assert sorted(type(each.error).__name__ for each in outcomes) == ["Invalid", "NoneType"]
    assert TicketLink.objects.count() == 1

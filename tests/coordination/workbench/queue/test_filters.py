"""What a queue shows, by address."""

from datetime import timedelta
from typing import Any

import pytest

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from coordination.workbench.queue.filters import parse_queue
from coordination.workbench.queue.pages import SIZE, adjacent_in_queue, page_of
from projects.record.clock import clock_at, now
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def shown(officer: Officer, **given: str) -> list[int]:
    rows = parse_queue(given, officer).rows()
    assert rows is not None
    return list(rows.order_by("pk").values_list("pk", flat=True))


def test_each_filter_narrows_and_they_add_up(at: Desk) -> None:
    new, urgent = filed(at), filed(at, urgency="urgent")
    gone = perform(Verb.DECLINE, ticket=filed(at), by=at.liaison, reason="不属受理范围")
    other = filed(at, "worker_return")
    perform(Verb.PASS_ON, ticket=other, by=at.liaison, reason="对口", group=at.other_group)
    every = [new.pk, urgent.pk, gone.pk, other.pk]
    assert shown(at.duty_desk) == every
    assert shown(at.liaison) == every[:3]
    assert shown(at.other_lead) == [other.pk]
    assert shown(at.duty_desk, status="open") == [new.pk, urgent.pk, other.pk]
    assert shown(at.duty_desk, status="declined") == [gone.pk]
    assert shown(at.duty_desk, kind="worker_return") == [other.pk]
    assert shown(at.duty_desk, urgency="urgent") == [urgent.pk]
    assert shown(at.duty_desk, group=str(at.other_group.pk)) == [other.pk]
    assert shown(at.duty_desk, group="none") == []
    assert shown(at.duty_desk, handler="none") == [other.pk]
    assert shown(at.duty_desk, handler=str(at.liaison.pk)) == every[:3]
    assert shown(at.liaison, handler="me") == every[:3]
    assert shown(at.deputy, handler="me") == []
    assert shown(at.duty_desk, passed="1") == [other.pk]
    assert shown(at.duty_desk, status="open", urgency="urgent", q="受阻") == [urgent.pk]


def test_what_is_not_offered_is_left_out(at: Desk) -> None:
    ticket = filed(at)
    given = {
        "status": "x",
        "kind": "'",
        "group": str(at.other_group.pk),
        "handler": "99999",
        "q": "\0",
    }
    queue = parse_queue(given, at.liaison)
    assert (queue.query, shown(at.liaison, **given)) == ("", [ticket.pk])


def test_an_address_says_what_is_shown_and_is_read_back(at: Desk) -> None:
    given = {"status": "open", "handler": "me", "q": "轨道 1号", "order": "oldest"}
    queue = parse_queue(given, at.liaison)
    assert queue.query == (
        "status=open&handler=me&q=%E8%BD%A8%E9%81%93+1%E5%8F%B7&order=oldest"
    )  # fmt: skip
    assert parse_queue({"q": "，"}, at.liaison).rows() is None


def test_third_transfers_wait_for_the_duty_desk(at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="一", group=at.other_group)
    assert shown(at.duty_desk, passed="3") == []
    perform(Verb.PASS_ON, ticket=ticket, by=at.other_lead, reason="二", group=at.group)
    assert shown(at.duty_desk, passed="3") == [ticket.pk]


def made(at: Desk, number: int) -> list[int]:
    return [filed(at).pk for _ in range(number)]


def test_pages_follow_each_other_without_a_gap(at: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("coordination.workbench.queue.pages.SIZE", 2)
    ids = made(at, 5)
    rows = Ticket.objects.all()

    def page(order: str = "", after: Any = None, before: Any = None) -> Any:
        found = page_of(rows, order=order, after=after, before=before)
        return [ticket.pk for ticket in found.tickets], found.has_before, found.has_after

    newest = ids[::-1]
    assert page() == (newest[:2], False, True)
    assert page(after=newest[1]) == (newest[2:4], True, True)
    assert page(after=newest[3]) == (newest[4:], True, False)
    assert page(before=newest[4]) == (newest[2:4], True, True)
    assert page(before=newest[2]) == (newest[:2], False, True)
    assert page("oldest") == (ids[:2], False, True)
    assert page("oldest", after=ids[1]) == (ids[2:4], True, True)
    assert page("oldest", before=ids[2]) == (ids[:2], False, True)
    assert SIZE == 50


def test_beside_a_ticket_even_one_that_left_the_queue(at: Desk) -> None:
    one, two, three = made(at, 3)
    middle = Ticket.objects.get(pk=two)
    others = Ticket.objects.exclude(pk=two)
    assert adjacent_in_queue(others, middle, order="") == (three, one)
    assert adjacent_in_queue(others, middle, order="oldest") == (one, three)
    assert adjacent_in_queue(others, Ticket.objects.get(pk=one), order="oldest") == (None, three)


def test_a_queue_of_a_project_by_its_code(at: Desk) -> None:
    ticket = filed(at)
    assert shown(at.liaison, status="open", q=at.project.code) == [ticket.pk]
    assert shown(at.liaison, q=project().code) == []


@pytest.mark.django_db
def test_low_satisfaction_is_one_choice_away() -> None:
    here = desk()
    tickets = [filed(here) for _ in range(3)]
    for ticket, satisfaction in zip(tickets, (1, 2, 3), strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(satisfaction=satisfaction)
    rows = parse_queue({"satisfaction": "low"}, here.lead).rows()
    assert rows is not None
    assert sorted(rows.values_list("pk", flat=True)) == [tickets[0].pk, tickets[1].pk]


def test_by_deadline_the_soonest_first_and_red_alone(at: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("coordination.workbench.queue.pages.SIZE", 1)
    calm, pressing = filed(at), filed(at, urgency="critical")
    perform(Verb.DECLINE, ticket=filed(at), by=at.liaison, reason="不属受理范围")
    for ticket in (calm, pressing):
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        ticket.refresh_from_db()
    rows = Ticket.objects.all()
    first = page_of(rows, order="due", after=None, before=None)
    second = page_of(rows, order="due", after=pressing.pk, before=None)
    assert (first.tickets, first.has_after) == ([pressing], True)
    assert (second.tickets, second.has_before, second.has_after) == ([calm], True, False)
    assert page_of(rows, order="due", after=None, before=calm.pk).tickets == [pressing]
    assert adjacent_in_queue(rows, calm, order="due") == (pressing.pk, None)
    assert shown(at.liaison, light="red") == []
    with clock_at(now() + timedelta(days=30)):
        assert shown(at.liaison, light="red", order="due") == [calm.pk, pressing.pk]
        assert shown(at.liaison, light="green") == []

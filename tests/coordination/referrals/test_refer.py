"""Asking a department, recalling it, and what a ticket may not do meanwhile."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from coordination.delivery.models import Delivery, Destination, State
from coordination.parties.models import Department, LinkEnd
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral, ReferralLink
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race
from tests.coordination.referrals.scene import (
    HEALTH,
    MAIL,
    SAID,
    TRAFFIC,
    accepted,
    department,
    everything,
    on,
    referred,
)
from tests.factories.coordination import Desk, desk, filed

Inputs = dict[str, Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db: None) -> Desk:
    with clock_at(on(2, 8)):
        return desk()


def test_a_department_is_asked_and_the_ticket_stays(at: Desk) -> None:
    with clock_at(on(2)):  # a Monday
        row = referred(at)
    event = row.event
    assert (row.department.name, row.asked_by, row.asked_at) == (TRAFFIC, at.liaison, on(2))
    assert row.due_at == on(5, 17)  # three working days, by the centre's term
    assert (event.verb, event.to_status) == ("refer", "in_progress")
    assert event.payload == {
        "department": row.department_id,
        "due": on(5, 17).astimezone(UTC).isoformat(),
        "amount": 3,
        "unit": "working_day",
        "provisional": False,
    }
    assert event.text.body == {"matter": "请协调G30洛阳站放行防疫物资车辆"}
    assert event.is_internal
    letter = Delivery.objects.get()
    assert letter.destination is not None
    assert (letter.destination.outside, letter.destination.shown) == (
        f"department:{row.department_id}", MAIL,
    )  # fmt: skip
    title = f"会办：请于 2020-03-05 17:00 前答复（工单 {row.ticket.number}）"
    assert letter.payload["title"] == title
    assert "G30" not in str(letter.payload)  # the words of a matter stay here
    assert list(audit()) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"matter": "  "}, "matter"),
        ({"matter": "长" * 2001}, "matter"),
        ({"matter": "司机电话13800138000"}, "matter"),
        ({"matter": "身份证410305199001010012"}, "matter"),
        ({"matter": "司机+86 138 0013 8000"}, "matter"),
        ({"matter": "身份证４１０３０５ 19900101 123X"}, "matter"),
        ({"matter": "\u200b\u202e\n"}, "matter"),
        ({"due": on(2)}, "due"),
        ({"due": on(2) + timedelta(days=366)}, "due"),
        ({"department": None}, "department"),
    ],
)
def test_what_cannot_be_asked(at: Desk, values: dict[str, Any], field: str) -> None:
    with clock_at(on(2)):
        ticket = accepted(at)
        before = everything(ticket)
        given: Inputs = {"matter": "请放行", "department": department()} | values
        with pytest.raises(Invalid) as refused:
            perform(ReferralVerb.REFER, ticket=ticket, by=at.liaison, **given)
        assert [each.path for each in refused.value.errors] == [(field,)]
        assert everything(ticket) == before


def test_one_department_is_asked_once_at_a_time_and_several_at_once(at: Desk) -> None:
    first = referred(at)
    before = everything(first.ticket)
    with pytest.raises(Invalid) as refused:
        referred(at, first.ticket)
    assert [each.path for each in refused.value.errors] == [("department",)]
    assert everything(first.ticket) == before
    second = referred(at, first.ticket, department(HEALTH))
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=second.pk).update(department=first.department)
    perform(ReferralVerb.ANSWER_REFERRAL, ticket=first.ticket, referral=first, by=at.system, **SAID)
    assert referred(at, first.ticket).pk > second.pk  # once answered, it may be asked again


def test_a_department_out_of_service_is_not_asked_and_none_is_deleted(at: Desk) -> None:
    Department.objects.filter(name=TRAFFIC).update(is_active=False)
    with pytest.raises(Invalid):
        referred(at)
    assert not Referral.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Department.objects.filter(name=HEALTH).delete()


def test_nothing_is_resolved_while_a_department_is_asked(at: Desk) -> None:
    row = referred(at)
    before = everything(row.ticket)
    done: Inputs = {"result": "已放行", "reasons": {1: "改道"}}
    with pytest.raises(Invalid) as refused:
        perform(Verb.RESOLVE, ticket=row.ticket, by=at.liaison, **done)
    (error,) = refused.value.errors
    assert (error.path, error.code) == (("referrals",), "referral-open")
    assert TRAFFIC in str(error.message)
    assert everything(row.ticket) == before
    perform(ReferralVerb.RECALL, ticket=row.ticket, referral=row, reason="已自行协调", by=at.lead)
    ticket = perform(Verb.RESOLVE, ticket=row.ticket, by=at.liaison, **done)
    assert ticket.status == Status.RESOLVED


def test_recalled_it_is_asked_no_more(at: Desk) -> None:
    row = referred(at)
    perform(
        ReferralVerb.RECALL, ticket=row.ticket, referral=row, reason="已自行协调", by=at.liaison
    )
    row.refresh_from_db()
    event = row.ticket.events.get(verb="recall")
    assert row.recalled_at == event.recorded_at
    assert event.payload == {"referral": row.pk, "department": row.department_id}
    assert event.text.body == {"reason": "已自行协调"}
    assert ReferralLink.objects.values_list("ended_because").get() == (LinkEnd.REVOKED,)
    # The letter that still waited is not sent, and its link is kept nowhere.
    assert Delivery.objects.values_list("state", "sealed_link").get() == (State.DEAD, "")
    before = everything(row.ticket)
    again: dict[str, Inputs] = {ReferralVerb.RECALL: {"reason": "再次"}, ReferralVerb.CHASE: {}}
    for verb, inputs in again.items():
        with pytest.raises(NotAllowed):
            perform(verb, ticket=row.ticket, referral=row, by=at.liaison, **inputs)
    assert everything(row.ticket) == before


def test_anothers_referral_is_not_recalled(at: Desk) -> None:
    own, other = referred(at), referred(at)
    before = everything(own.ticket)
    for wrong in (other, None):
        with pytest.raises(Invalid) as refused:
            perform(
                ReferralVerb.RECALL, ticket=own.ticket, referral=wrong, reason="x", by=at.liaison
            )
        assert [each.path for each in refused.value.errors] == [("referral",)]
    assert everything(own.ticket) == before


def withdraw(at: Desk, ticket: Ticket) -> Ticket:
    return perform(Verb.WITHDRAW, ticket=ticket, reason="不需要", by=at.key)


def decline(at: Desk, ticket: Ticket) -> Ticket:
    asked = perform(Verb.ASK, ticket=ticket, question="?", by=at.liaison)
    return perform(Verb.DECLINE, ticket=asked, reason="不属于", by=at.liaison)


def duplicate(at: Desk, ticket: Ticket) -> Ticket:
    other = filed(at)
    return perform(Verb.DUPLICATE, ticket=ticket, number=other.number, reason="重复", by=at.liaison)


@pytest.mark.parametrize("end", [withdraw, decline, duplicate])
def test_a_ticket_that_ends_calls_its_referrals_back(
    at: Desk, end: Callable[[Desk, Ticket], Ticket]
) -> None:
    one = referred(at)
    two = referred(at, one.ticket, department(HEALTH, email=""))
    ticket = end(at, one.ticket)
    ended = ticket.events.last()
    assert ended is not None
    assert ended.payload["recalled"] == [one.pk, two.pk]
    assert set(Referral.objects.values_list("recalled_at")) == {(ended.recorded_at,)}
    assert not ReferralLink.objects.filter(ended_at=None).exists()
    assert Delivery.objects.filter(sealed_link__gt="").count() == 0
    assert list(audit()) == []


def test_passed_on_it_takes_its_referral_along(at: Desk) -> None:
    row = referred(at)
    perform(Verb.PASS_ON, ticket=row.ticket, reason="归属", group=at.other_group, by=at.liaison)
    perform(ReferralVerb.ANSWER_REFERRAL, ticket=row.ticket, referral=row, by=at.system, **SAID)
    row.refresh_from_db()
    assert not row.is_open


def test_a_new_address_is_a_new_way_and_a_closed_one_is_not_used(at: Desk) -> None:
    referred(at)
    moved = department(email="new@example.com")
    referred(at, to=moved)
    assert list(Destination.objects.order_by("pk").values_list("shown", flat=True)) == [
        MAIL, "new@example.com",
    ]  # fmt: skip
    Destination.objects.filter(shown="new@example.com").update(is_active=False)
    row = referred(at, to=moved)
    assert (Delivery.objects.count(), row.links.count()) == (2, 0)  # an officer draws its link


@pytest.mark.django_db(transaction=True)
def test_two_ask_one_department_at_once_and_it_is_asked_once() -> None:
    at = desk()
    ticket = accepted(at)
    outcomes = race(*[lambda: referred(at, ticket)] * 2)
    assert sorted(type(each.error).__name__ for each in outcomes) == ["Invalid", "NoneType"]
    assert (Referral.objects.count(), Delivery.objects.count()) == (1, 1)


STEPS: list[tuple[str, dict[str, Any], str]] = [
    ("refer", {"matter": "请放行"}, "liaison"),
    ("chase", {}, "liaison"),
    ("recall", {"reason": "已协调"}, "liaison"),
    ("answer_referral", SAID, "system"),
]


@pytest.mark.parametrize(("verb", "inputs", "who"), STEPS)
def test_an_event_that_cannot_be_written_leaves_nothing(
    owner_cursor: psycopg.Cursor[Any], verb: str, inputs: dict[str, Any], who: str
) -> None:
    at = desk()
    row = referred(at)
    before = everything(row.ticket)
    what: Inputs = {"department": department(HEALTH)} if verb == "refer" else {"referral": row}
    table = "ALTER TABLE tickets_ticketevent"
    owner_cursor.execute(f"{table} ADD CONSTRAINT no_such CHECK (verb <> '{verb}') NOT VALID")
    try:
        with pytest.raises(IntegrityError):
            perform(verb, ticket=row.ticket, by=getattr(at, who), **what, **inputs)
    finally:
        connection.close()
        owner_cursor.execute(f"{table} DROP CONSTRAINT no_such")
    assert everything(row.ticket) == before
    assert TicketEvent.objects.filter(verb=verb).count() == (1 if verb == "refer" else 0)
    assert now() > row.asked_at

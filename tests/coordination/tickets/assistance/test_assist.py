"""Assisting officers: what they may, as long as they help; urging and supervising."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Assistance, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs, tickets_for, timeline
from coordination.tickets.queries_assistance import assistances, assisting, who_may_assist
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, Missing, NotAllowed, Refusal
from tests.bed.races import race
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def at() -> Desk:
    return desk()


def facts(ticket: Ticket) -> tuple[Any, ...]:
    return (
        Ticket.objects.values().get(pk=ticket.pk),
        TicketEvent.objects.filter(ticket=ticket).count(),
        list(Assistance.objects.filter(ticket=ticket).values()),
    )


def helped(at: Desk) -> Ticket:
    """Accepted, and with the help of another group's officer."""
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    return perform(Verb.ASSIST, ticket=ticket, by=at.liaison, officer=at.helper)


def refused(ticket: Ticket, verb: Verb, by: Any, why: type[Refusal], **inputs: Any) -> None:
    before = facts(ticket)
    with pytest.raises(why):
        perform(verb, ticket=ticket, by=by, **inputs)
    assert facts(ticket) == before


def test_who_assists_sees_and_works_until_released(at: Desk) -> None:
    ticket, unseen = helped(at), filed(at)
    assert list(tickets_for(at.helper)) == [ticket]
    assert unseen not in tickets_for(at.helper)
    assert allowed_verbs(ticket, at.helper) == [
        Verb.FULFIL, Verb.COMMENT, Verb.ATTACH, Verb.DETACH, Verb.RELEASE,
    ]  # fmt: skip
    perform(Verb.COMMENT, ticket=ticket, by=at.helper, text="已联系交警")
    ticket = perform(Verb.FULFIL, ticket=ticket, by=at.helper, line=1, quantity=Decimal(1))
    ticket = perform(Verb.RELEASE, ticket=ticket, by=at.liaison, assistant=at.helper)
    assert list(tickets_for(at.helper)) == []
    assert allowed_verbs(ticket, at.helper) == []
    refused(ticket, Verb.COMMENT, at.helper, NotAllowed, text="还有一事")


def test_the_event_names_the_officer_and_is_internal(at: Desk) -> None:
    ticket = helped(at)
    version = Ticket.objects.get(pk=ticket.pk).version
    event = ticket.events.last()
    assert event is not None
    assert (event.verb, event.officer, event.payload) == (
        "assist", at.liaison, {"officer": at.helper.pk}
    )  # fmt: skip
    assert [each.verb for each in timeline(ticket, at.key)] == ["submit", "accept"]
    perform(Verb.RELEASE, ticket=ticket, by=at.lead, assistant=at.helper)
    assert Ticket.objects.get(pk=ticket.pk).version == version
    row = Assistance.objects.get()
    assert (row.officer, row.until is None) == (at.helper, False)


def test_who_assists_with_one_ticket_has_nothing_to_do_with_another(at: Desk) -> None:
    ticket = helped(at)
    other = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    perform(Verb.ASSIST, ticket=other, by=at.liaison, officer=at.other_lead)
    assert list(tickets_for(at.helper)) == [ticket]
    assert list(tickets_for(at.other_lead)) == [other]
    assert list(tickets_for(at.other_liaison)) == []
    assert allowed_verbs(other, at.helper) == []
    refused(other, Verb.COMMENT, at.helper, NotAllowed, text="已联系交警")
    refused(other, Verb.RELEASE, at.helper, NotAllowed, assistant=at.other_lead)
    for each, who in ((ticket, at.helper), (other, at.other_lead)):
        assert list(assisting(each)) == [who]
        assert [row.officer for row in assistances(each)] == [who]
    perform(Verb.RELEASE, ticket=ticket, by=at.liaison, assistant=at.helper)
    assert list(assistances(ticket)) == []
    assert list(tickets_for(at.other_lead)) == [other]


def test_who_can_be_called_in(at: Desk) -> None:
    """Who works in a group, is in service, and does not help with it or handle it."""
    ticket = helped(at)
    others = [at.lead, at.deputy, at.other_lead, at.other_liaison]
    assert list(who_may_assist(ticket)) == sorted(others, key=lambda each: each.username)
    Officer.objects.filter(pk=at.deputy.pk).update(is_active=False)
    others.remove(at.deputy)
    assert list(who_may_assist(ticket)) == sorted(others, key=lambda each: each.username)
    refused(ticket, Verb.ASSIST, at.liaison, Invalid, officer=at.deputy)


def test_who_is_out_of_service_assists_no_more(at: Desk) -> None:
    ticket = helped(at)
    perform(Verb.ASSIST, ticket=ticket, by=at.liaison, officer=at.other_lead)
    Officer.objects.filter(pk=at.helper.pk).update(is_active=False)
    assert list(assisting(ticket)) == [at.other_lead]


def test_only_while_it_is_open(at: Desk) -> None:
    ticket = perform(Verb.WITHDRAW, ticket=helped(at), by=at.key, reason="已解决")
    assert list(tickets_for(at.helper)) == []
    assert allowed_verbs(ticket, at.helper) == []


def test_nobody_assists_twice_nor_with_his_own(at: Desk) -> None:
    ticket = helped(at)
    for officer in (at.helper, at.liaison, at.duty_desk, at.auditor, None):
        refused(ticket, Verb.ASSIST, at.liaison, Invalid, officer=officer)
    assert list(assisting(ticket)) == [at.helper]


def test_who_assists_lets_only_himself_go(at: Desk) -> None:
    ticket = perform(Verb.ASSIST, ticket=helped(at), by=at.lead, officer=at.other_lead)
    refused(ticket, Verb.RELEASE, at.helper, Invalid, assistant=at.other_lead)
    refused(ticket, Verb.RELEASE, at.liaison, Invalid, assistant=at.deputy)
    refused(ticket, Verb.RELEASE, at.other_liaison, NotAllowed, assistant=at.other_lead)
    ticket = perform(Verb.RELEASE, ticket=ticket, by=at.helper, assistant=at.helper)
    assert list(assisting(ticket)) == [at.other_lead]


@pytest.mark.django_db(transaction=True)
def test_two_call_the_same_officer_in_and_one_does(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)

    def call(by: Officer) -> Any:
        return lambda: perform(Verb.ASSIST, ticket=ticket, by=by, officer=at.helper)

    results = race(call(at.liaison), call(at.lead))
    assert sorted(type(each.error).__name__ for each in results) == ["Invalid", "NoneType"]
    assert Assistance.objects.count() == 1


def test_a_list_asks_as_often_for_three_as_for_one(at: Desk) -> None:
    helped(at)
    client = Client()
    client.force_login(at.helper, backend="coordination.staff.roles.RoleBackend")
    url = reverse("admin:tickets_ticket_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    helped(at)
    helped(at)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_the_page_names_who_assists_and_lets_him_go(at: Desk) -> None:
    ticket = helped(at)
    client = Client(headers={"accept-language": "en"})
    client.force_login(at.liaison, backend="coordination.staff.roles.RoleBackend")
    page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    assert Verb.RELEASE not in [action.verb for action in page.context["acts"].able]
    assert f"<strong>{at.helper}</strong>" in page.content.decode()
    done = client.post(
        reverse("admin:ticket_do", args=[ticket.pk, "release"]),
        {"version": ticket.version, "assistant": at.helper.pk},
    )
    assert done.status_code == 302
    assert list(assisting(ticket)) == []


# Urging and supervising


def test_urged_once_a_day_whoever_urges(at: Desk) -> None:
    monday = datetime(2020, 3, 9, 9, tzinfo=SHANGHAI)
    with clock_at(monday):
        ticket = perform(Verb.URGE, ticket=filed(at), by=at.key, note="车辆仍在卡口")
    with clock_at(monday + timedelta(hours=8)):
        for by in (at.key, at.duty_desk):
            assert Verb.URGE not in allowed_verbs(ticket, by)
            refused(ticket, Verb.URGE, by, NotAllowed)
    with clock_at(monday + timedelta(days=1)):
        ticket = perform(Verb.URGE, ticket=ticket, by=at.duty_desk)
    assert (ticket.urge_count, ticket.urged_at) == (2, monday + timedelta(days=1))
    event = ticket.events.last()
    assert event is not None
    assert (event.verb, event.payload, event.is_internal) == ("urge", {"urge_count": 2}, False)


def test_a_stranger_urges_nothing(at: Desk) -> None:
    ticket = filed(at)
    refused(ticket, Verb.URGE, desk().key, Missing)


def test_supervised_with_what_is_required_and_not_before_the_enterprise(at: Desk) -> None:
    ticket = filed(at)
    refused(ticket, Verb.SUPERVISE, at.director, Invalid, instruction="  ")
    ticket = perform(Verb.SUPERVISE, ticket=ticket, by=at.director, instruction="今日办结")
    ticket = perform(Verb.SUPERVISE, ticket=ticket, by=at.duty_desk, instruction="书面说明")
    assert ticket.supervise_count == 2
    assert [each.verb for each in timeline(ticket, at.key)] == ["submit"]
    assert [each.text.body for each in ticket.events.all() if each.verb == "supervise"] == [
        {"instruction": "今日办结"}, {"instruction": "书面说明"},
    ]  # fmt: skip

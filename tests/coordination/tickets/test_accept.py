"""Who handles a ticket once it is accepted: who accepts it, or whom a lead chooses."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from coordination.delivery.models import Notice
from coordination.groups.serve import take_leave
from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.reader import TicketReader
from coordination.tickets.verbs.handle import who_may_handle
from coordination.tickets.verbs.registry import perform
from coordination.workbench.ticket.admin_timeline import timeline_panel
from projects.record.audit import audit
from projects.record.clock import now
from projects.record.refusals import Invalid
from tests.coordination.workbench.test_ticket_pages import address, as_, do
from tests.factories.coordination import Desk, desk, filed, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def facts(ticket: Ticket) -> tuple[Any, ...]:
    return (
        Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count(),
        Notice.objects.count(),
    )  # fmt: skip


def away(who: Officer, at: Desk) -> None:
    begins = now() - timedelta(minutes=1)
    take_leave(officer=who, start=begins, end=begins + timedelta(days=3), by=at.director)


def test_a_lead_gives_it_to_whom_he_chooses(at: Desk) -> None:
    ticket, before = filed(at), Notice.objects.count()
    row = perform(Verb.ACCEPT, ticket=ticket, handler=at.deputy, by=at.lead)
    assert (row.status, row.handler) == (Status.IN_PROGRESS, at.deputy)
    event = TicketEvent.objects.get(ticket=ticket, verb=Verb.ACCEPT)
    assert (event.officer, event.payload["handler"]) == (at.lead, at.deputy.pk)
    told = Notice.objects.order_by("pk")[before:]
    assert {(each.officer, each.topic) for each in told} == {(at.deputy, "ticket.routed")}
    with override("en"):
        entry = timeline_panel(row, TicketReader.of(row, at.lead))["entries"][0]
    assert (entry.who, entry.words) == (str(at.lead), [f"Handler: {at.deputy}"])
    assert list(audit()) == []


@pytest.mark.parametrize("who", ["liaison", "lead"])
def test_without_a_choice_it_is_his_own_and_nobody_is_told(at: Desk, who: str) -> None:
    him = getattr(at, who)
    ticket, before = filed(at), Notice.objects.count()
    assert perform(Verb.ACCEPT, ticket=ticket, handler=None, by=him).handler == him
    other = filed(at)
    before = Notice.objects.count()
    assert perform(Verb.ACCEPT, ticket=other, handler=him, by=him).handler == him
    assert Notice.objects.count() == before


def test_only_who_can_act_in_the_group_is_chosen_and_only_by_its_lead(at: Desk) -> None:
    ticket = filed(at)
    away(at.deputy, at)
    before = facts(ticket)
    refused = (
        (at.lead, at.deputy),  # on leave
        (at.lead, at.other_liaison),
        (at.lead, at.director),
        (at.liaison, at.lead),  # a liaison accepts for himself
    )
    for by, handler in refused:
        with pytest.raises(Invalid) as error:
            perform(Verb.ACCEPT, ticket=ticket, handler=handler, by=by)
        assert [(each.path, each.code) for each in error.value.errors] == [(("handler",), "choice")]
        assert facts(ticket) == before
    colleague = officer(group=at.group)
    assert who_may_handle(ticket, at.lead) == {at.lead.pk, at.liaison.pk, colleague.pk}
    for him in (at.liaison, at.director, at.duty_desk, at.other_lead):
        assert who_may_handle(ticket, him) == frozenset()


def test_the_form_offers_who_can_act_the_assigned_liaison_first(at: Desk) -> None:
    ticket = filed(at)
    away(at.deputy, at)
    page = as_(at.lead).get(address(ticket))
    (act,) = [each for each in page.context["acts"].first if each.verb == Verb.ACCEPT]
    field = act.form.fields["handler"]
    assert {each.pk for each in field.queryset} == {at.lead.pk, at.liaison.pk}
    assert (field.initial, act.is_at_once) == (at.liaison.pk, False)
    (own,) = [
        each
        for each in as_(at.liaison).get(address(ticket)).context["acts"].first
        if each.verb == Verb.ACCEPT
    ]
    assert own.is_at_once
    before = facts(ticket)
    assert do(at.lead, "accept", ticket, handler=at.other_liaison.pk).status_code == 200
    assert facts(ticket) == before
    do(at.lead, "accept", ticket, handler=at.lead.pk)
    ticket.refresh_from_db()
    assert ticket.handler == at.lead

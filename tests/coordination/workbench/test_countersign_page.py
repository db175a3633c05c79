"""A ticket that was ever overdue, on the staff's pages: signed for, waiting, countersigned."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:tickets_ticket_changelist")


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def red(at: Desk) -> Ticket:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    with clock_at(now() + timedelta(days=30)):
        return perform(
            Verb.RESOLVE, ticket=ticket, by=at.liaison, result="已放行", reasons={1: "改道"}
        )


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def do(who: Officer, verb: str, ticket: Ticket, **typed: str) -> int:
    given = {"version": str(ticket.version)} | typed
    address = reverse("admin:ticket_do", args=[ticket.pk, verb])
    return int(as_(who).post(address, given).status_code)


def offered(who: Officer, ticket: Ticket) -> dict[str, str]:
    actions = as_(who).get(page_of(ticket)).context["acts"].able
    names = {Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO}
    return {str(each.verb): each.tone for each in actions if each.verb in names}


def test_signed_for_and_countersigned(at: Desk) -> None:
    ticket = red(at)
    assert offered(at.lead, ticket) == {"sign_off": "primary", "redo": "default"}
    assert do(at.lead, Verb.SIGN_OFF, ticket, follow_up="回访属实") == 302
    ticket.refresh_from_db()
    assert offered(at.lead, ticket) == {"redo": "default"}
    assert offered(at.duty_desk, ticket) == {"countersign": "primary", "redo": "default"}
    page = as_(at.duty_desk).get(page_of(ticket)).content.decode()
    assert "Awaiting countersignature" in page
    assert str(at.lead) in page
    shown = as_(at.duty_desk).get(f"{QUEUE}?signature=awaited").content.decode()
    assert ticket.number in shown
    assert "Awaiting countersignature" in shown
    assert "Awaiting countersignature <b>1</b>" in (
        as_(at.duty_desk).get(reverse("board")).content.decode()
    )
    assert do(at.duty_desk, Verb.COUNTERSIGN, ticket, note="") == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    page = as_(at.duty_desk).get(page_of(ticket)).content.decode()
    assert "First signature" in page
    assert 'z-label z-warning">Awaiting' not in page


def test_the_signer_is_refused_the_second(at: Desk) -> None:
    ticket = red(at)
    assert do(at.duty_desk, Verb.SIGN_OFF, ticket, follow_up="回访属实") == 302
    ticket.refresh_from_db()
    before = Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()
    assert do(at.duty_desk, Verb.COUNTERSIGN, ticket) == 200
    assert (Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()) == before


def test_sent_back_with_a_reason(at: Desk) -> None:
    ticket = red(at)
    do(at.lead, Verb.SIGN_OFF, ticket, follow_up="回访属实")
    ticket.refresh_from_db()
    assert do(at.director, Verb.REDO, ticket, reason=" ") == 200
    assert do(at.director, Verb.REDO, ticket, reason="企业表示仍受阻") == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.redo_count) == (Status.IN_PROGRESS, 1)


def test_satisfaction_is_shown_where_the_enterprise_confirmed(at: Desk) -> None:
    ticket = perform(Verb.CONFIRM, ticket=red(at), by=at.key, satisfaction=2)
    page = as_(at.director).get(page_of(ticket)).content.decode()
    assert "<dt>Satisfaction</dt><dd>2/5</dd>" in page
    assert "<dt>Was overdue</dt>" in page

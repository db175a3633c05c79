"""Names that amendments replaced are masked on pages, and go with the purge."""

from datetime import datetime, timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from coordination.amendments.flow import AmendmentVerb
from coordination.bulletins.week import SHANGHAI
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, TicketSearch
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.clock import clock_at
from tests.factories.coordination import Desk, desk, filed, vehicle

pytestmark = pytest.mark.django_db
BEGIN: Final = datetime(2020, 3, 2, 9, tzinfo=SHANGHAI)
# Before, between and after the two amendments; each is said somewhere in words that are kept.
NAMES: Final = ("欧阳标记", "司马标记", "诸葛标记")
MOBILES: Final = ("13711112222", "13755556666", "13777778888")


@pytest.fixture
def at() -> Desk:
    with clock_at(BEGIN - timedelta(days=1)):
        return desk()


def test_names_of_before_go_with_the_purge(at: Desk) -> None:
    with clock_at(BEGIN):
        ticket = filed(
            at, title="欧阳标记、司马标记、诸葛标记的车", contact_name=NAMES[0],
            contact_mobile=MOBILES[0], lines=[vehicle(driver_name=NAMES[0])],
        )  # fmt: skip
        perform(
            AmendmentVerb.AMEND, ticket=ticket, by=at.key,
            changes={"contact_name": NAMES[1], "contact_mobile": MOBILES[1]},
            lines=[{"position": 1, "driver_name": NAMES[1]}],
        )  # fmt: skip
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        perform(
            AmendmentVerb.PROPOSE, ticket=ticket, by=at.key, reason="换人",
            changes={"contact_name": NAMES[2], "contact_mobile": MOBILES[2]},
        )  # fmt: skip
        perform(AmendmentVerb.REJECT, ticket=ticket, reason="请核实", by=at.liaison)
        perform(
            Verb.RESOLVE, ticket=ticket, result="已联系", by=at.liaison,
            reasons={1: f"{NAMES[0]}、{NAMES[1]}不在"},
        )  # fmt: skip
        perform(Verb.CONFIRM, ticket=ticket, satisfaction=5, by=at.key)
    with clock_at(BEGIN + KEPT_FOR + timedelta(days=1)):
        assert purge_due() == 1
    ticket.refresh_from_db()
    (line,) = KINDS[ticket.kind].read_lines(ticket.pk)
    assert (ticket.title, line.outcome_reason) == ("欧**、司**、诸**的车", "欧**、司**不在")
    assert not EventText.objects.filter(event__ticket=ticket).exists()
    search = TicketSearch.objects.get(ticket=ticket)
    assert not [name for name in NAMES if name in search.text]
    assert list(audit()) == []


def test_persons_are_masked_on_the_page_and_not_put_into_the_form(at: Desk, client: Client) -> None:
    with clock_at(BEGIN):
        ticket = filed(
            at, contact_name=NAMES[0], contact_mobile=MOBILES[0],
            lines=[vehicle(driver_name=NAMES[0], driver_mobile=MOBILES[0])],
            detail=f"请联系 {MOBILES[2]}",
        )  # fmt: skip
        perform(
            AmendmentVerb.AMEND, ticket=ticket, by=at.key,
            changes={"contact_name": NAMES[1], "contact_mobile": MOBILES[1],
                     "detail": f"改联系 {MOBILES[2]}"},
            lines=[{"position": 1, "driver_name": NAMES[1], "driver_mobile": MOBILES[1]}],
        )  # fmt: skip
        client.force_login(at.auditor)
        page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
        shown = page.content.decode()
        client.force_login(at.other_lead)
        assert client.get(reverse("admin:ticket_amend", args=[ticket.pk])).status_code == 404
        client.force_login(at.lead)
        form = client.get(reverse("admin:ticket_amend", args=[ticket.pk])).content.decode()
    for text in (shown, form):
        assert [each for each in (*NAMES, *MOBILES) if each in text] == []
    assert {"欧**", "司**", "137****2222", "137****6666"} == {
        each for each in ("欧**", "司**", "137****2222", "137****6666") if each in shown
    }

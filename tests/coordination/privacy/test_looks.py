"""Who works on a ticket sees whom he has to ring; each look is on record, in which capacity."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from coordination.groups.serve import take_leave
from coordination.privacy.models import Reveal
from coordination.privacy.queries import REVEALED_FOR, revealed
from coordination.privacy.reveal import look_as_handler, reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from tests.coordination.workbench.test_ticket_pages import address, as_
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
BEGIN: Final = datetime(2020, 3, 3, 9, tzinfo=SHANGHAI)
DAY: Final = timedelta(days=1)
EVERYONE: Final = (
    "liaison", "deputy", "lead", "duty_desk", "director", "auditor", "other_liaison", "other_lead",
    "helper",
)  # fmt: skip


@pytest.fixture
def at() -> Desk:
    with clock_at(BEGIN - DAY):
        return desk()


def who_look(at: Desk, ticket: Ticket) -> dict[str, str]:
    """Those who see the contact without a reason, and as whom."""
    found = {}
    for name in EVERYONE:
        ticket.refresh_from_db()
        who = getattr(at, name)
        if look_as_handler(ticket=ticket, by=who):
            found[name] = Reveal.objects.filter(ticket=ticket, officer=who).latest("pk").capacity
    return found


def test_who_works_on_it_looks_and_nobody_else(at: Desk) -> None:
    with clock_at(BEGIN):
        ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        assert who_look(at, ticket) == {"liaison": "handler"}
        perform(Verb.ASSIST, ticket=ticket, officer=at.helper, by=at.liaison)
        assert who_look(at, ticket) == {"liaison": "handler", "helper": "assistant"}
        take_leave(
            officer=at.liaison, start=BEGIN - timedelta(hours=1), end=BEGIN + DAY, by=at.director
        )
        looks = who_look(at, ticket)
        assert looks == {"liaison": "handler", "deputy": "handler", "helper": "assistant"}
        perform(Verb.RESOLVE, ticket=ticket, by=at.deputy, result="好", reasons={1: "改道"})
        assert who_look(at, ticket) == looks | {"lead": "group_lead"}  # who follows it up
        perform(Verb.WRITE_OFF, ticket=ticket, by=at.lead, follow_up="已回访")
        assert who_look(at, ticket) == {}


def test_the_duty_desk_looks_while_it_acts_for_a_group(at: Desk) -> None:
    with clock_at(BEGIN):
        ticket = filed(at)
        assert "duty_desk" not in who_look(at, ticket)
        for who in (at.liaison, at.deputy, at.lead):
            take_leave(officer=who, start=BEGIN - DAY / 24, end=BEGIN + DAY, by=at.director)
        assert who_look(at, ticket)["duty_desk"] == "duty_desk_acting"


def test_a_row_stands_for_half_an_hour_as_that_of_a_reason_does(at: Desk) -> None:
    with clock_at(BEGIN):
        ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    moments = (timedelta(0), REVEALED_FOR - timedelta(seconds=1), REVEALED_FOR, 3 * REVEALED_FOR)
    for moment in moments:
        with clock_at(BEGIN + moment):
            assert look_as_handler(ticket=ticket, by=at.liaison)
            # What stands for his work opens nothing else, and ends with it.
            assert revealed(ticket, at.liaison) == frozenset()
    rows = Reveal.objects.order_by("pk").values_list("recorded_at", "capacity", "reason")
    assert list(rows) == [
        (BEGIN, "handler", ""), (BEGIN + REVEALED_FOR, "handler", ""),
        (BEGIN + 3 * REVEALED_FOR, "handler", ""),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Reveal.objects.create(ticket=ticket, officer=at.liaison, group="contact", recorded_at=BEGIN)


def seen(who: Officer, ticket: Ticket) -> Any:
    page = as_(who).get(address(ticket)).content.decode()
    return ("王五" in page, 'href="tel:13700137000"' in page, "137 0013 7000" in page)


def test_the_page_shows_the_number_to_ring_and_records_it(at: Desk) -> None:
    with clock_at(BEGIN):
        ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        assert seen(at.liaison, ticket) == (True, True, True)
        assert list(Reveal.objects.values_list("officer", "capacity")) == [
            (at.liaison.pk, "handler")
        ]
        for who in (at.lead, at.duty_desk, at.director, at.auditor):
            assert seen(who, ticket) == (False, False, False)
        assert Reveal.objects.count() == 1
        reveal(ticket=ticket, group="contact", reason="电话核实", by=at.lead)
        assert seen(at.lead, ticket) == (True, True, True)
        with override("en"):
            listed = as_(at.auditor).get("/admin/privacy/reveal/").content.decode()
    assert "电话核实" in listed
    assert "liaison or deputy" in listed

"""What the database itself refuses, whoever writes: a status or an event outside the flow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from coordination.tickets.flow import Status
from coordination.tickets.models import Ticket, TicketEvent
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_status_without_its_event() -> None:
    ticket = filed(desk())
    with transaction.atomic(), connection.cursor() as cursor:
        Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED)
        with pytest.raises(IntegrityError):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.SUBMITTED


def _forged(ticket: Ticket, **values: Any) -> Callable[[], TicketEvent]:
    last = ticket.events.last()
    assert last is not None
    given = {
        "ticket": ticket, "seq": last.seq + 1, "verb": "accept", "from_status": last.to_status,
        "to_status": "in_progress", "by_system": True, "recorded_at": last.recorded_at,
        "previous_hash": last.hash, "hash": "0" * 64,
    }  # fmt: skip
    return lambda: TicketEvent.objects.create(**(given | values))


@pytest.mark.parametrize(
    "values",
    [
        {"to_status": "closed"},
        {"verb": "confirm", "from_status": "resolved", "to_status": "closed"},
        {"seq": 5},
        {"previous_hash": "f" * 64},
        {"seq": 1},
        {
            "seq": 1,
            "verb": "submit",
            "from_status": "",
            "to_status": "submitted",
            "previous_hash": "",
        },
    ],
)
def test_the_database_refuses_an_event_that_the_flow_does_not_have(values: dict[str, Any]) -> None:
    ticket = filed(desk())
    with pytest.raises(IntegrityError), transaction.atomic():
        _forged(ticket, **values)()
    assert ticket.events.count() == 1


def test_the_database_refuses_a_ticket_whose_first_event_says_otherwise() -> None:
    """The first event is not asked about its ticket: its ticket is, which comes with it."""
    at = desk()
    ticket = filed(at)
    other = Ticket.objects.get(pk=ticket.pk)
    other.pk, other.number, other.status = None, "20200309-999999", Status.CLOSED
    with transaction.atomic(), connection.cursor() as cursor:
        other.save(force_insert=True)
        TicketEvent.objects.create(
            ticket=other, seq=1, verb="submit", from_status="", to_status="submitted",
            by_system=True, recorded_at=ticket.filed_at, hash="0" * 64,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="status closed is not what"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    assert list(Ticket.objects.all()) == [ticket]


def test_the_database_refuses_an_event_whose_ticket_stayed_behind() -> None:
    ticket = filed(desk())
    with transaction.atomic(), connection.cursor() as cursor:
        _forged(ticket)()
        with pytest.raises(IntegrityError, match="status submitted is not what"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    assert ticket.events.count() == 1

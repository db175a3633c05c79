"""Where a ticket stood, and when: written by the database with each event, and by nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from coordination.tickets.flow import Verb
from coordination.tickets.models import StateRange, Ticket
from coordination.tickets.queries_history import changed_in, standing_at, status_at
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.register.registration import add_participant
from tests.factories.coordination import Desk, desk, filed, project

BEGIN = datetime(2020, 3, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
type Told = list[tuple[str, int | None, datetime, datetime | None]]


def ranges_of(ticket: Ticket) -> Told:
    rows = StateRange.objects.filter(ticket=ticket).order_by("event_id")
    return list(rows.values_list("status", "group_id", "began_at", "ended_at"))


def worked_on(at: Desk) -> Ticket:
    """Filed, accepted after an hour, commented after two, passed on after three."""
    with clock_at(BEGIN):
        ticket = filed(at)
    with clock_at(BEGIN + HOUR):
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    with clock_at(BEGIN + 2 * HOUR):
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="已联系")
    with clock_at(BEGIN + 3 * HOUR):
        perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, group=at.other_group, reason="不属本组")
    return ticket


@pytest.mark.django_db
def test_each_change_of_status_or_group_begins_a_range() -> None:
    with clock_at(BEGIN):
        at = desk()
    ticket, (own, other) = worked_on(at), (at.group.pk, at.other_group.pk)
    assert ranges_of(ticket) == [
        ("submitted", own, BEGIN, BEGIN + HOUR),
        ("in_progress", own, BEGIN + HOUR, BEGIN + 3 * HOUR),
        ("submitted", other, BEGIN + 3 * HOUR, None),
    ]
    before = StateRange.objects.order_by("event_id").values_list("status_before", "group_before")
    assert list(before) == [("", None), ("submitted", own), ("in_progress", own)]
    with clock_at(BEGIN + 4 * HOUR):
        hand_over(
            project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
            by=at.duty_desk,
        )  # fmt: skip
    assert len(ranges_of(ticket)) == 3  # it was with that group already


@pytest.mark.django_db
def test_two_changes_at_one_instant_leave_a_range_of_no_length() -> None:
    with clock_at(BEGIN):
        at = desk()
        ticket = filed(at)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    own = at.group.pk
    assert ranges_of(ticket) == [
        ("submitted", own, BEGIN, BEGIN), ("in_progress", own, BEGIN, None),
    ]  # fmt: skip
    assert list(standing_at(BEGIN).values_list("status", flat=True)) == ["in_progress"]
    assert changed_in(BEGIN - HOUR, BEGIN).count() == 2


@pytest.mark.django_db
def test_a_ticket_that_nobody_serves_has_no_group_until_it_is_taken_on() -> None:
    with clock_at(BEGIN):
        at, site = desk(), project()
        add_participant(
            project=site, enterprise=at.enterprise, role="owner", start=BEGIN.date(),
            by=at.director,
        )  # fmt: skip
        ticket = filed(at, project=site)
    with clock_at(BEGIN + HOUR):
        take_on(project=site, group=at.group, liaison=at.liaison, by=at.duty_desk)
    assert ranges_of(ticket) == [
        ("submitted", None, BEGIN, BEGIN + HOUR),
        ("submitted", at.group.pk, BEGIN + HOUR, None),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "status"),
    [(-1, None), (0, "submitted"), (0.5, "submitted"), (1, "in_progress"), (2.5, "in_progress"),
     (3, "submitted"), (99, "submitted")],
)  # fmt: skip
def test_where_it_stood(hours: float, status: str | None) -> None:
    with clock_at(BEGIN):
        at = desk()
    ticket, moment = worked_on(at), BEGIN + hours * HOUR
    found: Any = Ticket.objects.filter(pk=ticket.pk).annotate(stood=status_at(moment))
    assert found.get().stood == status
    assert list(standing_at(moment).values_list("status", flat=True)) == (
        [status] if status else []
    )


WRITING = {
    "insert": "INSERT INTO tickets_staterange SELECT * FROM tickets_staterange",
    "update": "UPDATE tickets_staterange SET status = 'closed'",
    "delete": "DELETE FROM tickets_staterange",
    "truncate": "TRUNCATE tickets_staterange",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WRITING)
def test_the_application_may_only_read(
    second_connection: psycopg.Connection[object], name: str
) -> None:
    ticket = filed(desk())
    before = ranges_of(ticket)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        second_connection.execute(WRITING[name].encode())
    second_connection.rollback()
    assert ranges_of(ticket) == before


@pytest.mark.django_db(transaction=True)
def test_the_function_cannot_be_called_otherwise(
    second_connection: psycopg.Connection[object],
) -> None:
    with pytest.raises(psycopg.Error):
        second_connection.execute("SELECT tickets_keep_state_ranges()")


_COLUMNS = "ticket_id, kind, project_id, status, status_before, began_at"
_AGAIN = (
    f"INSERT INTO tickets_staterange (event_id, {_COLUMNS})"  # noqa: S608 - names of our own
    f" SELECT event_id + 1000000, {_COLUMNS} FROM tickets_staterange"
)
OVERLAPPING = {
    "a second that holds": (_AGAIN, psycopg.errors.UniqueViolation),
    "one that ends before it begins": (
        "UPDATE tickets_staterange SET ended_at = began_at - interval '1 second'",
        psycopg.errors.CheckViolation,
    ),
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_not_even_the_owner_makes_them_overlap(
    owner_cursor: psycopg.Cursor[Any], name: str
) -> None:
    ticket = filed(desk())
    before = ranges_of(ticket)
    statement, refused = OVERLAPPING[name]
    with pytest.raises(refused):
        owner_cursor.execute(statement.encode())
    assert ranges_of(ticket) == before


@pytest.mark.django_db
def test_a_moment_is_looked_up_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = standing_at(BEGIN).filter(status__in=["in_progress", "submitted"]).explain()
    # Which one is cheaper depends on how many rows there are.
    assert "state_open_until" in plan or "state_began" in plan

"""Who is looked at by the sweep: found by indexes, however many tickets and steps there were."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.escalation.queries import candidates
from coordination.tickets.models import Ticket
from projects.record.clock import now
from tests.coordination.tickets.search.test_find import scanned
from tests.factories.coordination import desk, filed

_MANY: Final = 40_000
_ENDED: Final = "(n %% 1000 <> 0)"  # all but forty


def _fill(like: Ticket, cursor: Any) -> None:
    """So many tickets, nearly all of them ended, each with five steps of two deadlines."""
    columns = [
        str(field.column) for field in Ticket._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]  # fmt: skip
    given = {
        "number": "'20190101-' || lpad(n::text, 6, '0')",
        "status": f"CASE WHEN {_ENDED} THEN 'closed' ELSE 'submitted' END",
        "clock_run": "2",
    }
    values = ", ".join(given.get(column, f"t.{column}") for column in columns)
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        f"INSERT INTO tickets_ticket ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM tickets_ticket t, generate_series(1, {_MANY}) n WHERE t.id = %s", [like.pk],
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO escalation_escalation"
        " (event_id, ticket_id, run, level, due, recorded_at, annulled_before)"
        " SELECT 1000000 + row_number() OVER (), t.id, run, 'L' || step, t.accept_due, now(), 0"
        " FROM tickets_ticket t, generate_series(1, 2) run, generate_series(0, 4) step"
        " WHERE t.id <> %s AND (run = 1 OR t.status = 'closed')", [like.pk],
    )  # fmt: skip
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("ANALYZE tickets_ticket, escalation_escalation")


@pytest.fixture
def many(transactional_db: None, superuser_cursor: Any) -> Iterator[None]:
    """So many tickets; afterwards their space is given back, so that no later plan is another."""
    _fill(filed(desk()), superuser_cursor)
    yield
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("TRUNCATE tickets_ticket, escalation_escalation CASCADE")
    superuser_cursor.execute("SET session_replication_role = origin")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("many")
def test_what_ended_and_what_was_given_before_is_not_read() -> None:
    at = now() + timedelta(days=60)
    with CaptureQueriesContext(connection) as asked:
        found = list(candidates(at))
    assert len(found) == _MANY // 1000 + 1
    for each in (query for query in asked if "tickets_ticket" in query["sql"]):
        assert scanned(each["sql"]) == set(), each["sql"]

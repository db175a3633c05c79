"""Memory stays flat however long the queue is. ``make bench-export`` runs it with 200,000 tickets.

The tickets are copied by one statement, as no verb could file so many in the time of a test.
"""

# ruff: noqa: S608 - the names are those of our own tables
import os
import subprocess
import sys
import tracemalloc
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict

from config.embedded import PROJECT
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.workbench.export.ask import request_export
from coordination.workbench.export.build import build_waiting
from coordination.workbench.models import ExportJob
from coordination.workbench.queue.filters import parse_queue
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = int(os.environ.get("EXPORT_ROWS", "5000"))
SIZES = (2_000, 8_000) if "EXPORT_ROWS" in os.environ else (1_200, 4_800)
_BUILD = r"""
import re, time
from pathlib import Path
import django
django.setup()
from coordination.workbench.export.build import build_waiting
began = time.monotonic()
assert build_waiting() == 1
# Its own peak: what getrusage says begins with that of whoever started it.
most = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(most, round(time.monotonic() - began, 1))
"""


def multiply(cursor: psycopg.Cursor[Any], ticket: Ticket, to: int) -> None:
    """So many tickets like this one, each with its line; past the triggers, as only a test may."""
    columns = [str(each.column) for each in Ticket._meta.concrete_fields if not each.generated]
    own = {"id": "t.id + n", "number": "'20200309-' || lpad((t.id + n)::text, 8, '0')"}
    line = _line_columns(ticket)
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        f"INSERT INTO tickets_ticket ({', '.join(columns)})"
        f" SELECT {', '.join(own.get(each, f't.{each}') for each in columns)}"
        " FROM tickets_ticket t, generate_series(%s::int, %s) n WHERE t.id = %s",
        [Ticket.objects.count(), to - 1, ticket.pk],
    )
    cursor.execute(
        f"INSERT INTO tickets_vehiclepassline (ticket_id, {', '.join(line)})"
        f" SELECT t.id, {', '.join(f'l.{each}' for each in line)}"
        " FROM tickets_vehiclepassline l, tickets_ticket t"
        " WHERE l.ticket_id = %s AND NOT EXISTS"
        " (SELECT FROM tickets_vehiclepassline o WHERE o.ticket_id = t.id)",
        [ticket.pk],
    )
    cursor.execute("SET session_replication_role = origin")


def _line_columns(ticket: Ticket) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tickets_vehiclepassline LIMIT 0")
        return [each.name for each in cursor.description if each.name not in {"id", "ticket_id"}]


def ask(officer: Officer) -> ExportJob:
    return request_export(queue=parse_queue(QueryDict("").dict(), officer), by=officer)


def test_four_times_the_tickets_take_no_more_memory(superuser_cursor: psycopg.Cursor[Any]) -> None:
    at = desk()
    ticket = filed(at)
    peaks = []
    for rows in SIZES:
        multiply(superuser_cursor, ticket, rows)
        job = ask(at.liaison)
        tracemalloc.start()
        assert build_waiting() == 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        job.refresh_from_db()
        assert (job.state, job.done) == ("done", rows)
    assert peaks[1] < 1.5 * peaks[0], peaks


def test_a_worker_stays_below_300_megabytes(superuser_cursor: psycopg.Cursor[Any]) -> None:
    at = desk()
    multiply(superuser_cursor, filed(at), ROWS)
    job = ask(at.liaison)
    done = subprocess.run(
        [sys.executable, "-c", _BUILD], cwd=PROJECT, capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings",
             "DATABASE_URL": _address("default"), "DATABASE_OWNER_URL": "", "DEPLOYMENT": "test"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    megabytes, seconds = done.stdout.split()
    job.refresh_from_db()
    print(f"{job.done} tickets: {megabytes} MB at most, {seconds} s, {job.size} bytes")  # noqa: T201 - its result
    assert (job.state, job.done) == ("done", ROWS)
    assert int(megabytes) < 300


def _address(alias: str) -> str:
    own = settings.DATABASES[alias]
    return f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"

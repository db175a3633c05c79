"""A record with something in every table that a check looks at, and an intruder in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile

from coordination.amendments.flow import AmendmentVerb
from coordination.bulletins.build import build_missing
from coordination.bulletins.periods import begin_service
from coordination.bulletins.sealing import seal_missing
from coordination.bulletins.week import SHANGHAI
from coordination.intake.feed.sequence import sequence
from coordination.privacy.purge import purge_due
from coordination.privacy.reveal import hold, reveal
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.anchors import anchor_record
from projects.record.clock import clock_at
from projects.register.registration import record_prior_filings, revise_project
from tests.factories.coordination import Desk, desk, filed, vehicle

Cursor = psycopg.Cursor[Any]
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
DAY: Final = timedelta(days=1)
NOW: Final = CUT_OFF + DAY


def record() -> tuple[Desk, Ticket, Ticket]:
    """A desk, a ticket that is worked on, and one that was purged; all sealed but the last day."""
    with clock_at(CUT_OFF - 60 * DAY):
        at = desk()
        purged = filed(at, title="王五的车辆受阻", lines=[vehicle(), vehicle()])
        perform(Verb.ACCEPT, ticket=purged, by=at.liaison)
        perform(Verb.RESOLVE, ticket=purged, by=at.liaison, result="已放行", reasons=_REASONS)
        perform(Verb.CONFIRM, ticket=purged, by=at.key, satisfaction=5)
    with clock_at(CUT_OFF - 6 * DAY):
        assert purge_due() == 1
        record_prior_filings(filings=[_PRIOR], by=at.director)
        report(project=at.project, day=date(2020, 3, 2), resumed=False, problems="无", by=at.key)
        report(project=at.project, day=date(2020, 3, 3), resumed=True, by=at.key)
        revise_project(project=at.project, changes={"phase": "completing"}, by=at.director)
        ticket = filed(at, lines=[vehicle(), vehicle()])
        perform(
            AmendmentVerb.AMEND, ticket=ticket, by=at.key, changes={"title": "两车受阻"},
            lines=[{"position": 2, "plate": "豫C54321"}],
        )  # fmt: skip
        perform(Verb.ADD_LINES, ticket=ticket, by=at.key, lines=[vehicle()])
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        for number in (1, 2):
            paper = SimpleUploadedFile(f"{number}.txt", b"a")
            perform(Verb.ATTACH, ticket=ticket, by=at.key, file=paper)
        perform(Verb.DETACH, ticket=ticket, by=at.key, attachment=2, reason="误传")
        perform(Verb.FULFIL, ticket=ticket, by=at.liaison, line=1, quantity=Decimal(1))
        perform(Verb.REFUSE, ticket=ticket, by=at.liaison, line=2, reason="超限")
        reveal(ticket=ticket, group="contact", reason="联系司机", by=at.liaison)
        hold(ticket=ticket, is_kept=True, reason="监察调取", by=at.director)
    with clock_at(CUT_OFF):
        sequence()
        assert [anchor_record(), anchor_record()] == [1, 0]
    with clock_at(NOW):
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="已联系")
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="内部", internal=True)
        sequence()
        assert anchor_record() == 1
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="又联系")
        perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="再内部", internal=True)
        sequence()
    return at, ticket, purged


def issue(at: Desk) -> None:
    """A bulletin of the week, built from sealed counts."""
    with clock_at(NOW):
        begin_service(on=date(2020, 3, 3), until=date(2020, 3, 10), by=at.director)
        assert seal_missing() == SEALED
        assert len(build_missing()) == 1


SEALED: Final = 4
_REASONS: Final = {1: "王五改道", 2: "王五改道"}
_PRIOR: Final = {
    "year": 2019,
    "name": "示例",
    "total_investment": Decimal(2),
    "annual_investment": Decimal(1),
}


@contextmanager
def altered(cursor: Cursor, statement: str) -> Iterator[None]:
    """Run the statement as the superuser without triggers; put the table back afterwards."""
    words = statement.split()
    table = words[1] if words[0] == "UPDATE" else words[2]
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    (columns,) = cursor.fetchone() or ("",)
    cursor.execute("DROP TABLE IF EXISTS kept")
    cursor.execute(f"CREATE TEMP TABLE kept AS SELECT {columns} FROM public.{table}".encode())  # noqa: S608 - ours
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(statement.encode())
    assert cursor.rowcount == 1, statement
    try:
        yield
    finally:
        cursor.execute(f"DELETE FROM public.{table}".encode())  # noqa: S608 - ours
        back = f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM kept"  # noqa: S608 - ours
        cursor.execute(back.encode())
        cursor.execute("DROP TABLE kept; SET session_replication_role = origin")

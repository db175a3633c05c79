"""A week's bulletin is built once, after its cut-off, and never changes."""

import time
from datetime import date, datetime, timedelta
from threading import Event, Thread

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.celery import app
from coordination.bulletins.build import build, build_missing, preview, recount
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.issues.verbs import draft
from coordination.bulletins.models import Bulletin
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.canonical import canonical
from projects.record.clock import RECORD_LOCK, change, clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race
from tests.bed.stack import LiveStack, wait_for
from tests.factories.coordination import LINES, desk, director, filed, project

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db(transaction=True)


def row_of(bulletin: Bulletin) -> bytes:
    """The row as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT b::text FROM bulletins_bulletin b WHERE id = %s", [bulletin.pk])
        return bytes(cursor.fetchone()[0], "utf-8")


def somebody_waits() -> bool:
    """For the lock between the writers and the builder, which another connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND objid = %s AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [RECORD_LOCK],
        )
        return bool(cursor.fetchone()[0])


def test_it_is_refused_before_the_cut_off_and_at_other_times() -> None:
    with clock_at(CUT_OFF), pytest.raises(NotAllowed):
        build(cut_off=CUT_OFF)
    with pytest.raises(Invalid):
        build(cut_off=CUT_OFF + timedelta(hours=1))
    assert Bulletin.objects.count() == 0


def test_two_builders_make_one_bulletin() -> None:
    first, second = race(lambda: build(cut_off=CUT_OFF), lambda: build(cut_off=CUT_OFF))
    assert (first.error, second.error) == (None, None)
    assert first.result == second.result == Bulletin.objects.get()


def test_it_is_never_altered_and_counts_again_the_same() -> None:
    bulletin = build(cut_off=CUT_OFF)
    before = row_of(bulletin)
    with pytest.raises(ProgrammingError, match="permission denied for table"):
        Bulletin.objects.update(hash="")
    assert row_of(bulletin) == before
    assert recount(bulletin) == bulletin.blocks


def test_its_owner_may_not_alter_it_either(owner_cursor: psycopg.Cursor[object]) -> None:
    bulletin = build(cut_off=CUT_OFF)
    before = row_of(bulletin)
    with pytest.raises(psycopg.errors.RaiseException, match="Cannot update"):
        owner_cursor.execute("UPDATE bulletins_bulletin SET hash = ''")
    assert row_of(bulletin) == before


def test_rows_that_arrive_later_change_no_byte_of_it() -> None:
    with clock_at(CUT_OFF - timedelta(days=2)):
        at = desk()
        ticket = filed(at)
    bulletin = build(cut_off=CUT_OFF)
    before, counted = row_of(bulletin), canonical(recount(bulletin))
    with clock_at(CUT_OFF + timedelta(hours=1)):
        report(project=at.project, day=CUT_OFF.date(), resumed=True, by=at.liaison)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        filed(at, "worker_return")
        project()
        hand_over(
            project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
            by=at.director,
        )  # fmt: skip
    assert build(cut_off=CUT_OFF) == bulletin
    assert row_of(bulletin) == before
    assert canonical(recount(bulletin)) == counted == canonical(bulletin.blocks)


def test_a_worker_builds_it(live_stack: LiveStack) -> None:
    begin_service(on=date(2020, 3, 9), until=date(2020, 3, 10))
    app.send_task("coordination.bulletins.tasks.build_missing_bulletins")
    wait_for(Bulletin.objects.exists)
    bulletin = Bulletin.objects.get()
    assert bulletin.cut_off == CUT_OFF
    assert recount(bulletin) == bulletin.blocks


def queries_to_count() -> int:
    with CaptureQueriesContext(connection) as asked:
        count_blocks(week_to(CUT_OFF))
    return len(asked)


def test_more_projects_cost_no_more_queries() -> None:
    with clock_at(CUT_OFF - timedelta(days=2)):
        filed(desk())
        few = queries_to_count()
        for _more in range(4):
            at = desk()
            for kind in LINES:
                filed(at, kind)
    assert queries_to_count() == few


def test_it_waits_for_a_writer_that_is_open_across_the_cut_off(
    second_connection: psycopg.Connection[object],
) -> None:
    second_connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECORD_LOCK])

    def builder() -> None:
        build(cut_off=CUT_OFF)
        connections.close_all()

    waiting = Thread(target=builder)
    waiting.start()
    wait_for(somebody_waits)
    assert Bulletin.objects.count() == 0
    second_connection.commit()
    waiting.join(60)
    assert Bulletin.objects.count() == 1


def test_a_filing_under_way_at_the_cut_off_is_waited_for_and_counted() -> None:
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = desk()
    recorded, may_commit = Event(), Event()

    def write() -> None:
        with clock_at(CUT_OFF - timedelta(seconds=1)), change():
            filed(at)
            recorded.set()
            may_commit.wait(60)
        connections.close_all()

    def builder() -> None:
        build(cut_off=CUT_OFF)
        connections.close_all()

    writing, waiting = Thread(target=write), Thread(target=builder)
    writing.start()
    assert recorded.wait(20)
    waiting.start()
    wait_for(somebody_waits)
    began = time.monotonic()
    filed(at)  # whoever writes meanwhile is not held up by the builder that waits
    assert time.monotonic() - began < 30
    assert Bulletin.objects.count() == 0
    may_commit.set()
    writing.join(30)
    waiting.join(30)
    figures = Bulletin.objects.get().blocks["tickets"]["figures"]
    assert figures["vehicle_pass"]["filed"] == 1


def changed_at() -> datetime:
    with change() as moment:
        return moment


@pytest.mark.parametrize("is_filing", [False, True])
def test_who_waited_for_the_builder_is_recorded_after_it(
    second_connection: psycopg.Connection[object], *, is_filing: bool
) -> None:
    """A change takes the lock first and reads the clock then.

    The other way round, what was recorded before the cut-off could commit after the bulletin.
    """
    at, recorded = desk(), list[datetime]()

    def write() -> None:
        recorded.append(filed(at).filed_at if is_filing else changed_at())
        connections.close_all()

    second_connection.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])
    writer = Thread(target=write)
    writer.start()
    wait_for(somebody_waits)
    builder_is_done = now()
    second_connection.commit()
    writer.join(30)
    (moment,) = recorded
    assert moment > builder_is_done


def test_a_month_asleep_is_made_up_for() -> None:
    begin_service(on=date(2020, 3, 9), until=date(2020, 9, 7))
    built: list[int] = []
    for week in [*range(10), *range(14, 26)]:
        with clock_at(CUT_OFF + week * WEEK + timedelta(minutes=30)):
            built.append(len(build_missing()))
            assert build_missing() == []
    assert built == [1] * 10 + [5] + [1] * 11
    assert Bulletin.objects.count() == 26


def test_the_pages_open(client: Client) -> None:
    client.force_login(director())
    bulletin = build(cut_off=CUT_OFF)
    page = client.get(reverse("admin:bulletins_issue_change", args=[bulletin.issue.pk]))
    assert page.status_code == 200
    assert f"{bulletin.hash[:8]} {bulletin.hash[8:16]}" in page.content.decode()
    assert client.get(reverse("admin:bulletin_preview")).status_code == 200
    assert set(preview()) == set(bulletin.blocks)


def test_the_list_leaves_the_hash_to_the_page(client: Client) -> None:
    client.force_login(director())
    whole = "0123456789abcdef" * 4
    with change() as at:
        draft(bulletin=Bulletin.objects.create(cut_off=CUT_OFF, blocks={}, hash=whole, built_at=at))
    page = client.get(reverse("admin:bulletins_issue_changelist")).content.decode()
    assert "2020-03-09" in page
    assert "0123456789ab" not in page

"""Every table of facts has its journal, which the application may only read; anchors seal it."""

from datetime import date
from io import StringIO
from typing import Any, Final

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, connections, transaction
from django.db.models import Model
from django.utils import translation

from coordination.tickets.flow import Verb
from coordination.tickets.models import Term, TicketEvent, TicketLink
from coordination.tickets.verbs.registry import perform
from projects.imports.models import Import, ImportEffect
from projects.record.anchors import anchor_record, newest_anchor
from projects.record.audit import audit
from projects.record.facts import Fact, fact_models, journaled_models
from projects.record.findings import Difference, Finding
from projects.record.journal import keep_journal_of
from projects.record.models import Anchor, JournalEntry
from projects.register.models import PriorFiling, ProjectParticipant
from projects.register.registration import end_participation, record_prior_filings
from projects.worktime.models import CalendarOverride, CalendarYear, ServiceHours
from tests.bed.races import race
from tests.coordination.audit.scene import altered
from tests.factories.coordination import desk, director, filed

FILING = {"year": 2019, "name": "示例", "total_investment": 2, "annual_investment": 1}


@pytest.mark.django_db
def test_every_table_of_facts_has_its_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, array_agg(tgname ORDER BY tgname)::text[]"
            " FROM pg_trigger WHERE tgname LIKE 'journal_%' GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    models = journaled_models()
    tables = {model._meta.db_table for model in models}
    assert found == {
        model._meta.db_table: [
            *["journal_delete"] * model.MAY_BE_DELETED, "journal_insert", "journal_update"
        ]
        for model in models
    }  # fmt: skip
    assert tables >= {model._meta.db_table for model in fact_models()}
    assert len(tables) > len(fact_models())  # those whose one change is an end, too


@pytest.mark.django_db
def test_the_application_cannot_write_it() -> None:
    filed(desk())
    for statement in (
        "INSERT INTO record_journal (of_table, key, digest) VALUES ('a', '1', 'b')",
        "UPDATE record_journal SET digest = ''",
        "DELETE FROM record_journal",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert list(audit()) == []


@pytest.mark.django_db
def test_a_row_is_entered_when_it_is_written_and_when_it_is_ended() -> None:
    at = desk()
    row = ProjectParticipant.objects.get(enterprise=at.enterprise)
    entries = JournalEntry.objects.filter(of_table="register_projectparticipant", key=row.pk)
    before = list(entries.values_list("digest", flat=True))
    end_participation(participant=row, on=row.during.lower.replace(year=2030), by=at.director)
    after = list(entries.order_by("id").values_list("digest", flat=True))
    assert len(before) == 1
    assert after[:1] == before
    assert len(set(after)) == len(after) == 2
    assert list(audit()) == []


@pytest.mark.django_db
def test_the_application_deletes_what_a_model_says_alone() -> None:
    with connection.cursor() as cursor:
        for model in journaled_models():
            cursor.execute("SELECT has_table_privilege(%s, 'DELETE')", [model._meta.db_table])
            may = model.MAY_BE_DELETED and not issubclass(model, Fact)
            assert cursor.fetchone() == (may,), model


# What the application may rightly delete: acts aside, which a function of the database forgets.
DELETABLE: Final = {
    "tickets.term": "tickets_term WHERE kind <> ''",
    "worktime.servicehours": "worktime_servicehours WHERE opens = '18:00'",
    "worktime.calendaroverride": "worktime_calendaroverride WHERE reason = '补'",
    "worktime.calendaryear": "worktime_calendaryear WHERE source = '补'",
    "tickets.ticketlink": "tickets_ticketlink",
    "imports.importeffect": "imports_importeffect",
    "register.projectparticipant": "register_projectparticipant",
}


def deletable() -> dict[str, Model]:
    """A row of each of these tables."""
    at = desk()
    one, other = filed(at), filed(at)
    perform(Verb.LINK, ticket=one, number=other.number, by=at.liaison)
    return {
        "tickets.term": Term.objects.create(
            stage="handle", kind="vehicle_pass", urgency="", amount=3, unit="working_day"
        ),
        "worktime.servicehours": ServiceHours.objects.create(opens="18:00", closes="19:00"),
        "worktime.calendaroverride": CalendarOverride.objects.create(
            day=date(2031, 1, 1), is_working=False, reason="补"
        ),
        "worktime.calendaryear": CalendarYear.objects.create(year=2031, source="补"),
        "tickets.ticketlink": TicketLink.objects.get(),
        "imports.importeffect": ImportEffect.objects.create(
            of_import=Import.objects.create(sheet="toys", sha256="0", size=1, by=at.director),
            position=0,
            effect={},
        ),
        "register.projectparticipant": ProjectParticipant.objects.get(),
    }


def test_a_rightful_deletion_is_on_record_and_one_past_the_triggers_is_named(
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    rows = deletable()
    assert {model._meta.label_lower for model in journaled_models() if model.MAY_BE_DELETED} == {
        *rows, "record.act"
    }  # fmt: skip
    assert list(audit()) == []
    for label, row in rows.items():
        key = str(row.pk)
        with altered(superuser_cursor, f"DELETE FROM {DELETABLE[label]}"):  # noqa: S608 - ours
            assert list(audit()) == [Finding(label, key, "deleted")]
        assert list(audit()) == []
        row.delete()
        newest = JournalEntry.objects.filter(of_table=row._meta.db_table, key=key).latest("id")
        assert newest.digest == ""
        assert list(audit()) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrating_waits_for_changes_under_way_and_changes_wait_for_it(
    second_connection: psycopg.Connection[Any],
) -> None:
    with second_connection.transaction():
        second_connection.execute("SELECT pg_advisory_xact_lock_shared(5919811)")
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            call_command("migrate", verbosity=0, interactive=False)
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET lock_timeout = DEFAULT")
    call_command("migrate", verbosity=0, interactive=False)
    with second_connection.transaction():  # and it keeps nobody from changing afterwards
        second_connection.execute("SELECT pg_advisory_xact_lock(5919811)")


@pytest.mark.django_db
def test_an_events_digest_is_its_hash() -> None:
    event = TicketEvent.objects.get(ticket=filed(desk()))
    entry = JournalEntry.objects.get(of_table="tickets_ticketevent")
    assert (entry.key, entry.digest) == (f"{event.ticket_id}/{event.seq}", event.hash)


def test_a_table_that_has_rows_already_is_entered_once(
    owner_cursor: psycopg.Cursor[Any], superuser_cursor: psycopg.Cursor[Any]
) -> None:
    record_prior_filings(filings=[FILING, FILING], by=director())
    superuser_cursor.execute("TRUNCATE record_journal")
    for event in ("insert", "update"):
        owner_cursor.execute(f"DROP TRIGGER journal_{event} ON register_priorfiling".encode())
    keep_journal_of(PriorFiling, owner_cursor)
    keep_journal_of(PriorFiling, owner_cursor)
    record_prior_filings(filings=[FILING], by=director())
    entries = JournalEntry.objects.filter(of_table="register_priorfiling").order_by("id")
    rows = PriorFiling.objects.order_by("pk").values_list("pk", flat=True)
    assert [entry.key for entry in entries] == [str(pk) for pk in rows]
    named = {each.table for each in audit()}
    assert "register.priorfiling" not in named


def test_what_was_added_past_the_triggers_stays_so(
    owner_cursor: psycopg.Cursor[Any], superuser_cursor: psycopg.Cursor[Any]
) -> None:
    statement = (
        "INSERT INTO register_priorfiling (id, year, name, total_investment, annual_investment,"
        " recorded_at) VALUES (7, 2019, 'x', 1, 1, now())"
    )
    with altered(superuser_cursor, statement):
        keep_journal_of(PriorFiling, owner_cursor)
        assert list(audit()) == [Finding("register.priorfiling", "7", "added")]


@pytest.mark.django_db
def test_each_anchor_seals_what_is_new_and_nothing_makes_none() -> None:
    anchor_record()  # what migrations have entered, where it is not sealed yet
    assert anchor_record() == 0
    before = Anchor.objects.count()
    at = desk()
    filed(at)
    assert [anchor_record(), anchor_record()] == [1, 0]
    filed(at)
    assert anchor_record() == 1
    *earlier, first, second = Anchor.objects.order_by("number")
    assert (first.number, second.number) == (before + 1, before + 2)
    assert first.previous_hash == (earlier[-1].hash if earlier else "")
    assert second.previous_hash == first.hash
    assert second.entries == 2  # the anchor before, and the event
    assert list(audit()) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_anchor() -> None:
    filed(desk())
    assert [each.error for each in race(anchor_record, anchor_record)] == [None, None]
    assert Anchor.objects.count() in {1, 2}  # the second may begin after the first has ended
    assert list(audit()) == []


@pytest.mark.django_db(transaction=True)
def test_an_anchor_waits_for_entries_that_are_not_committed(
    second_connection: psycopg.Connection[Any],
) -> None:
    """Whoever has taken a number holds the lock of a change until he commits."""
    director()
    filing = "INSERT INTO register_priorfiling VALUES (DEFAULT, 2019, 'x', 1, 1, now())"
    with second_connection.transaction():
        second_connection.execute(filing)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(5919811)")
            assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_the_command_says_it_in_both_languages(superuser_cursor: psycopg.Cursor[Any]) -> None:
    at = desk()
    number = at.project.revisions.get().pk
    output, errors = StringIO(), StringIO()
    anchor_record()
    anchor = newest_anchor()
    assert anchor is not None
    told = f"{anchor.number}:{anchor.hash}"
    call_command("verify_audit", anchor=[told], stdout=output)
    assert output.getvalue().splitlines() == [f"newest anchor: {told}", "nothing was altered"]
    change = f"UPDATE register_projectrevision SET level = 'provincial' WHERE id = {number}"  # noqa: S608 - ours
    with altered(superuser_cursor, change), pytest.raises(CommandError, match=r"^3 found$"):
        call_command("verify_audit", anchor=["1:abc"], stdout=StringIO(), stderr=errors)
    assert errors.getvalue().splitlines() == [
        " | ".join(each)
        for each in [
            (
                f"register.projectrevision {number}",
                f"项目修订 · 项目 {at.project.name}：被改动",
                f"project revision · project {at.project.name}: it was altered",
            ),
            (
                f"register.project {at.project.pk}",
                f"项目 {at.project.name}：与其最新一次修订的记载不一致",
                f"project {at.project.name}: it is not what the newest of its revisions says",
            ),
            (
                "record.anchor 1", "记录封存点 1：与此前告知的封存点不一致",
                "anchor of the record 1: it is not the anchor that was told",
            ),
        ]
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("noted", ["1", "a:b", "1:", "99999999999:abc"])
def test_an_anchor_that_is_none_is_refused(noted: str) -> None:
    with pytest.raises(CommandError, match="is not NUMBER:HASH"):
        call_command("verify_audit", anchor=[noted])


def test_every_difference_is_said_in_both_languages() -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = [str(each.label) for each in Difference]
    assert all(each.isascii() for each in said["en"])
    assert not [each for each in said["zh-hans"] if each.isascii()]


def test_a_fact_is_journaled_by_its_base_class() -> None:
    assert [model for model in fact_models() if not issubclass(model, Fact)] == []
    assert set(fact_models()) <= set(journaled_models())

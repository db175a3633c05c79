"""What is restored is the same in every row, hash and right; whatever is wrong is refused."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from config.embedded import PROJECT
from config.postgres_programs import program_for
from config.stack import Unusable
from coordination.bulletins.models import Bulletin, Face
from coordination.tickets.attachments.queries import attachments_of, content_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from projects.record.anchors import newest_anchor
from projects.record.audit import audit
from projects.record.backups import load, unfinished
from projects.record.backups.archive import Refused, opened
from projects.record.clock import RECORD_LOCK
from projects.record.management.commands.migrate import grant_rights
from tests.bed.database import addresses_of, connected_to
from tests.bed.stack import wait_for
from tests.factories.coordination import filed
from tests.projects.record.backups.bed import (
    as_superuser,
    empty_database,
    flipped,
    manage,
    place_in,
    rewritten,
    rows_of,
    shape_of,
)
from tests.projects.record.backups.scene import CONTENT, Source, backed_up, changed, is_empty

TRIGGER_FUNCTIONS: Final = (
    "record_journal_deletions", "record_journal_hashes", "record_journal_rows",
    "tickets_keep_state_ranges",
)  # fmt: skip
PARTS: Final = ("database.dump", "keys.json", "manifest.json")


@pytest.fixture(scope="module")
def source(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Source]:
    with django_db_blocker.unblock(), backed_up(tmp_path_factory.mktemp("backups")) as made:
        yield made


@pytest.fixture(scope="module")
def empty(source: Source) -> Iterator[str]:
    """An empty database for what is refused: it stays empty."""
    with empty_database("empty") as name:
        yield name


def test_the_archive_lists_what_the_database_holds(source: Source) -> None:
    manifest, rows = source.manifest, rows_of(source.database)
    assert {name: each["rows"] for name, each in manifest["tables"].items()} == {
        name: len(each) for name, each in rows.items()
    }
    (bulletin,) = Bulletin.objects.all()
    assert manifest["hashes"] == {
        "bulletins": {bulletin.journal_name: bulletin.hash},
        "supplements": {},
        "briefs": {},
        "published files": {f"{face.issue_id}/{face.key}": face.sha256 for face in _faces()},
    }
    anchor = newest_anchor()
    assert anchor is not None
    assert manifest["anchor"] == f"{anchor.number}:{anchor.hash}"
    assert stat.S_IMODE(source.archive.stat().st_mode) == 0o600
    assert sorted(each.name for each in source.archive.parent.iterdir()) == [
        "desk.zip", "passphrase",
    ]  # fmt: skip
    number = sum(len(each) for each in rows.values())
    assert f"{len(rows)} tables with {number} rows" in source.said
    assert settings.SECRET_KEY.encode() not in source.archive.read_bytes()


def _faces() -> list[Face]:
    faces = list(Face.objects.order_by("pk"))
    assert len(faces) == 16
    return faces


def test_what_was_restored_is_what_was_backed_up(source: Source) -> None:
    faces, (bulletin,) = [bytes(face.content) for face in _faces()], Bulletin.objects.all()
    with empty_database("target") as target:
        done = manage(target, "restore", str(source.archive))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert done.stdout.rstrip().endswith("nothing was altered")
        assert rows_of(target) == rows_of(source.database)
        assert shape_of(target) == shape_of(source.database)
        with connected_to(target):
            assert [bytes(face.content) for face in _faces()] == faces
            assert Bulletin.objects.get().hash == bulletin.hash
            _still_works(source)
            _still_protected()


def _still_works(source: Source) -> None:
    ticket = Ticket.objects.get(pk=source.ticket.pk)
    assert (ticket.contact_name, ticket.contact_mobile) == (
        source.ticket.contact_name, source.ticket.contact_mobile,
    )  # fmt: skip
    (attachment,) = attachments_of(ticket, source.at.key)
    assert b"".join(content_of(attachment)) == CONTENT
    newest = Ticket.objects.order_by("-number").first()
    assert newest is not None
    assert filed(source.at).number > newest.number
    assert list(audit()) == []


def _still_protected() -> None:
    for alias, reason in (("default", "permission denied"), ("owner", "Cannot update")):
        with pytest.raises(DatabaseError, match=reason), transaction.atomic(using=alias):
            connections[alias].cursor().execute("UPDATE tickets_ticketevent SET verb = 'accept'")
    assert TicketEvent.objects.filter(verb=Verb.ACCEPT).count() == 0
    assert called_by_triggers() == dict.fromkeys(TRIGGER_FUNCTIONS, False)


def unsaid(_progress: str) -> None:
    """Nobody looks at the progress."""


def called_by_triggers() -> dict[str, bool]:
    """The functions that have their owner's rights, and whether the application may call them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, has_function_privilege(oid, 'EXECUTE') FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND prorettype = 'trigger'::regtype"
        )
        return dict(cursor.fetchall())


def test_a_function_that_all_may_call_again_is_a_difference(source: Source) -> None:
    assert called_by_triggers() == dict.fromkeys(TRIGGER_FUNCTIONS, False)
    with opened(source.archive) as archive:
        load.require_same_contents(archive, unsaid)
        with as_superuser(source.database) as own:
            own.execute("GRANT EXECUTE ON FUNCTION record_journal_rows() TO PUBLIC")
        try:
            with pytest.raises(Refused, match=r"function record_journal_rows\(\)"):
                load.require_same_contents(archive, unsaid)
        finally:
            grant_rights()
        load.require_same_contents(archive, unsaid)


def refused(database: str, archive: Path, **options: Any) -> str:
    """What the restoration says when it is refused; it changes nothing."""
    with connected_to(database), pytest.raises(CommandError) as raised:
        call_command("restore", str(archive), stdout=StringIO(), **options)
    assert is_empty(database)
    return str(raised.value)


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_is_named(source: Source, empty: str, tmp_path: Path, part: str) -> None:
    damaged = flipped(source.archive, tmp_path / "damaged.zip", place_in(source.archive, part))
    assert refused(empty, damaged) == f"The archive is damaged: {_cannot_be_read(part)}"


def _cannot_be_read(part: str) -> str:
    return f"its {part} cannot be read." if part == "manifest.json" else f"{part} cannot be read."


def test_an_archive_that_is_not_whole_is_refused(
    source: Source, empty: str, tmp_path: Path
) -> None:
    whole = source.archive.read_bytes()
    short, text = tmp_path / "short.zip", tmp_path / "text.zip"
    short.write_bytes(whole[: len(whole) * 9 // 10])
    text.write_text("not an archive")
    for path in (short, text):
        assert refused(empty, path).endswith("the list of its parts is not there.")
    assert refused(empty, tmp_path / "nowhere.zip").endswith("is not a file.")
    without = rewritten(source.archive, tmp_path / "without.zip", keys_json=None)
    assert refused(empty, without).endswith("not those that its manifest names.")
    other = rewritten(source.archive, tmp_path / "other.zip", database_dump=b"another dump")
    assert refused(empty, other).endswith("database.dump is not what its SHA-256 says.")


def test_an_archive_of_other_code_is_refused(source: Source, empty: str, tmp_path: Path) -> None:
    def later(manifest: dict[str, Any]) -> None:
        manifest["migrations"] = [*manifest["migrations"][1:], "tickets.0099_later"]

    said = refused(empty, changed(source, tmp_path / "later.zip", later))
    first = source.manifest["migrations"][0]
    assert f"(in the archive alone: tickets.0099_later, in this code alone: {first})" in said

    def edited(manifest: dict[str, Any]) -> None:
        manifest["columns"]["tickets_ticket"].append("colour text")

    said = refused(empty, changed(source, tmp_path / "edited.zip", edited))
    assert said.endswith("(tickets_ticket).")

    def newer(manifest: dict[str, Any]) -> None:
        manifest["format"] = 2

    said = refused(empty, changed(source, tmp_path / "newer.zip", newer))
    assert said == "The archive has format 2; this code reads format 1."


def test_a_database_that_is_not_empty_is_refused(source: Source) -> None:
    before = rows_of(source.database)
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(source.archive), stdout=StringIO())
    assert rows_of(source.database) == before


def test_another_key_is_refused(
    source: Source, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECRET_KEY", "another" * 10)
    assert refused(empty, source.archive).startswith("SECRET_KEY: is another than that")


def test_the_archives_keys_are_given_for_the_passphrase_alone(
    source: Source, empty: str, tmp_path: Path
) -> None:
    wrong, kept = tmp_path / "wrong", tmp_path / "kept"
    wrong.write_text("another passphrase")
    said = refused(empty, source.archive, keys_to=str(kept), passphrase_file=str(wrong))
    assert (said, kept.exists()) == ("The passphrase does not open the archive's keys.", False)
    given = {"keys_to": str(kept), "passphrase_file": str(source.passphrase)}
    call_command("restore", str(source.archive), stdout=StringIO(), **given)
    assert kept.read_text() == f"SECRET_KEY={settings.SECRET_KEY}\nSECRET_KEY_FALLBACKS=\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert refused(empty, source.archive, **given).endswith("File exists.")


def test_without_the_owners_role_nothing_is_restored(
    source: Source, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(settings.DATABASES, "owner")
    assert refused(empty, source.archive).startswith("DATABASE_OWNER_URL: is missing")


def test_nothing_starts_on_what_a_restoration_left_that_was_cut_off(source: Source) -> None:
    """It is killed after pg_restore has committed, while it waits for changes to end."""
    with empty_database("cut_off") as target:
        with as_superuser(target) as own:
            own.execute("SELECT pg_advisory_lock(%s)", [RECORD_LOCK])
            restoring = subprocess.Popen(
                [sys.executable, "manage.py", "restore", str(source.archive)],
                env={**os.environ, **addresses_of(target)}, cwd=PROJECT, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                wait_for(lambda: _waits_for_the_record(own))
            finally:
                os.killpg(restoring.pid, signal.SIGKILL)
                restoring.wait()
        assert len(rows_of(target)) == len(rows_of(source.database))
        before = shape_of(target)
        for command in (["migrate"], ["check", "--database", "owner"]):
            refused_by = manage(target, *command)
            assert refused_by.returncode == 1
            assert unfinished.WHAT_TO_DO in refused_by.stderr
        assert shape_of(target) == before
        done = manage(target, "restore", str(source.archive))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert "has not ended: beginning anew" in done.stdout
        assert (rows_of(target), shape_of(target)) == (
            rows_of(source.database), shape_of(source.database)
        )  # fmt: skip
        again = manage(target, "migrate")
        assert again.returncode == 0, again.stderr


def _waits_for_the_record(own: psycopg.Connection[Any]) -> bool:
    found = own.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone()
    return found == (1,)


def test_a_restoration_that_fails_leaves_nothing(source: Source, tmp_path: Path) -> None:
    with empty_database("failing") as name:
        with as_superuser(name) as own:
            own.execute("DROP EXTENSION pg_trgm")
        assert refused(name, source.archive).startswith("The database lacks the extensions pg_trgm")
        with as_superuser(name) as own:  # of that name, and somebody else's
            own.execute("CREATE EXTENSION pg_trgm; CREATE FUNCTION record_digest(jsonb) RETURNS"
                        " text LANGUAGE sql AS $$ SELECT 'x' $$")  # fmt: skip
        assert "record_digest" in refused(name, source.archive)


def test_a_backup_that_is_refused_leaves_no_file(source: Source, tmp_path: Path) -> None:
    def said(**options: Any) -> str:
        with pytest.raises(CommandError) as raised:
            call_command("backup", stdout=StringIO(), **options)
        return str(raised.value)

    before = source.archive.read_bytes()
    assert said(to=str(source.archive), without_keys=True).endswith("replaces no other file.")
    assert source.archive.read_bytes() == before
    short = tmp_path / "short"
    short.write_text("short")
    to = str(tmp_path / "new.zip")
    assert said(to=to, passphrase_file=str(short)) == "The passphrase needs 12 characters or more."
    assert said(to=to, passphrase_file=str(tmp_path / "nowhere")).startswith(str(tmp_path))
    assert said(to=str(tmp_path / "no" / "new.zip"), without_keys=True).endswith("directory.")
    with connected_to("nowhere"):
        assert 'database "nowhere" does not exist' in said(to=to, without_keys=True)
    with as_superuser(source.database) as own:  # a table that the application may not read
        own.execute("CREATE TABLE secret (id int)")
        try:
            assert "permission denied for table secret" in said(to=to, without_keys=True)
        finally:
            own.execute("DROP TABLE secret")
    assert sorted(tmp_path.iterdir()) == [short]


def test_programs_that_are_too_old_are_named() -> None:
    assert program_for("pg_dump", 180_000).name == "pg_dump"
    with pytest.raises(Unusable, match="pg_restore of PostgreSQL 99 or newer is missing"):
        program_for("pg_restore", 990_000)

"""Restoring a backup into an empty database, and comparing the two."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.db import connections, transaction
from psycopg import sql

from projects.record.backups import contents, unfinished
from projects.record.backups.archive import DATABASE, KEYS, Archive, Refused
from projects.record.backups.connecting import address_of
from projects.record.backups.keys import unlocked
from projects.record.sealing import opens

OWNER: Final = "owner"
_OPTIONS: Final = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
_MOST_NAMED: Final = 5
_THINGS: Final = """
    SELECT count(*) FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""
_DROPS: Final = """
    SELECT 'DROP TABLE IF EXISTS ' || pg_class.oid::regclass || ' CASCADE' FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       AND relowner = current_user::regrole
    UNION ALL
    SELECT 'DROP SEQUENCE IF EXISTS ' || pg_class.oid::regclass FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
       AND relowner = current_user::regrole
    UNION ALL
    SELECT 'DROP ROUTINE IF EXISTS ' || pg_proc.oid::regprocedure || ' CASCADE' FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
"""


def require_whole(archive: Archive, say: Callable[[str], None]) -> None:
    """Read every part to its end. Raises Refused, which names the part that is damaged."""
    for name in archive.names:
        done = 0
        for piece in archive.pieces(name):
            done += len(piece)
            say(f"reading {name}: {_percent(done, archive.size(name))}")


def require_same_code(archive: Archive) -> None:
    """Raise Refused if the archive's tables are not those of this code."""
    theirs, ours = archive.manifest["migrations"], contents.migrations_of_code()
    theirs_alone, ours_alone = sorted({*theirs} - {*ours}), sorted({*ours} - {*theirs})
    made_by = f"It was made by version {archive.manifest['version']}"
    if theirs_alone or ours_alone:
        only = [
            *(f"in the archive alone: {each}" for each in theirs_alone),
            *(f"in this code alone: {each}" for each in ours_alone),
        ]
        raise Refused(
            f"The archive has other migrations than this code. {made_by}; restore it with that, "
            f"and migrate afterwards ({_some(only)})."
        )
    differing = _differing(archive.manifest["columns"], contents.columns_of_code())
    if differing:
        raise Refused(
            f"The archive has other columns than this code, though their migrations have the same "
            f"names. {made_by} ({_some(differing)})."
        )


def require_empty() -> None:
    """Raise Refused if the database has anything of its own, or lacks what roles.sql makes."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_THINGS)
        (many,) = cursor.fetchone() or (0,)
    if many:
        name = connections[OWNER].settings_dict["NAME"]
        raise Refused(
            f"The database {name} is not empty, and a restoration replaces nothing. Restore into "
            "an empty database, made by config/roles.sql and not migrated."
        )


def require_extensions(archive: Archive) -> None:
    """Raise Refused if an extension is missing, which only an administrator may install."""
    missing = sorted({*archive.manifest["extensions"]} - {*contents.extensions()})
    if missing:
        raise Refused(
            f"The database lacks the extensions {', '.join(missing)}: run config/roles.sql first."
        )


def keys_needed(archive: Archive) -> bool:
    """Whether something was sealed with a key that is not known here."""
    return not all(opens(each) for each in archive.manifest["probes"])


def keys_in(archive: Archive, passphrase: str) -> dict[str, Any]:
    """The archive's keys. Raises Refused if it has none, or if the passphrase is another."""
    if KEYS not in archive.names:
        raise Refused("The archive was made without keys.")
    return unlocked(archive.read(KEYS), passphrase)


def load(archive: Archive, *, pg_restore: Path, say: Callable[[str], None]) -> None:
    """Restore tables, functions and triggers in one transaction, by the role that will own them.

    Raises Refused; the database is empty then.
    """
    dsn, environment = address_of(connections[OWNER])
    command = [str(pg_restore), *_OPTIONS, f"--dbname={dsn}"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=complaints, stderr=complaints
        ) as restoring,
    ):
        _feed(restoring, archive, say)
        restoring.wait()
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
    if restoring.returncode != 0:
        raise Refused(f"The database could not be restored: {said or 'pg_restore failed'}")


def _feed(restoring: subprocess.Popen[bytes], archive: Archive, say: Callable[[str], None]) -> None:
    assert restoring.stdin is not None  # noqa: S101 - it is a pipe
    done = 0
    try:
        for piece in archive.pieces(DATABASE):
            restoring.stdin.write(piece)
            done += len(piece)
            say(f"restoring: {_percent(done, archive.size(DATABASE))}")
        restoring.stdin.close()
    except BrokenPipeError:
        return  # it has ended, and says why
    except BaseException:
        restoring.kill()
        raise


def require_same_contents(archive: Archive, say: Callable[[str], None]) -> None:
    """Compare everything that the manifest lists. Raises Refused, which names what differs."""
    with contents.snapshot():
        found, running = contents.contents(say), contents.sequences()
    theirs, ours = _comparable(archive.manifest), _comparable(found)
    wrong = [
        f"{what} {each}" for what in theirs for each in _differing(theirs[what], ours[what])
    ]  # fmt: skip
    wrong += [
        f"sequence {name}" for name, value in archive.manifest["sequences"].items()
        if running.get(name, -1) < value
    ]  # fmt: skip
    if wrong:
        raise Refused(f"What was restored is not what the archive lists ({_some(wrong)}).")


def empty_again() -> None:
    """Drop what was restored, by its owner; what the database's administrator made stays.

    Last of all the mark of the restoration, so that one that is cut off is found again.
    """
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(_DROPS)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        unfinished.unmark(OWNER)


def analyse() -> None:
    """Let PostgreSQL count the rows that it plans by; a dump does not bring its statistics."""
    with connections[OWNER].cursor() as cursor:
        for table in contents.tables():
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def _comparable(listed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a manifest lists, each thing by its name."""
    hashes = {
        f"{name} {key}": one for name, each in listed["hashes"].items() for key, one in each.items()
    }
    named = {what: dict.fromkeys(listed[f"{what}s"]) for what in ("trigger", "function", "right")}
    return {"table": listed["tables"], "hash": hashes, **named}


def _differing(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    return [
        each for each in sorted({*theirs, *ours})
        if each not in theirs or each not in ours or theirs[each] != ours[each]
    ]  # fmt: skip


def _some(named: list[str]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f", and {more} more" if more > 0 else "")


def _percent(done: int, whole: int) -> str:
    return f"{100 * done // max(whole, 1)}%"


def summary(manifest: dict[str, Any]) -> Iterator[str]:
    """What a backup holds, in a few lines."""
    tables = manifest["tables"].values()
    yield f"{len(tables)} tables with {sum(each['rows'] for each in tables)} rows"
    for name, hashes in manifest["hashes"].items():
        yield f"{name}: {len(hashes)}"
    yield f"newest anchor: {manifest['anchor'] or 'none yet'}"

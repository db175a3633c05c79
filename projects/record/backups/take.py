"""Taking a backup, while the desk runs."""

import subprocess
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection

from projects.record.backups import contents
from projects.record.backups.archive import DATABASE, KEYS, PIECE, Draft, Refused, drafted
from projects.record.backups.connecting import address_of, server_version
from projects.record.backups.keys import locked, present_keys
from projects.record.clock import machine_now
from projects.record.sealing import probes

_OPTIONS: Final = ("--format=custom", "--no-owner", "--no-privileges", "--exclude-extension=*")


def back_up(
    path: Path, *, pg_dump: Path, passphrase: str | None, version: str, say: Callable[[str], None]
) -> dict[str, Any]:
    """Write the archive, and return its manifest. Without a passphrase the keys are left out.

    Everything in it is of one moment. Raises Refused, and leaves no file then.
    """
    keys = None if passphrase is None else locked(present_keys(), passphrase)
    with drafted(path) as draft:
        running = contents.sequences()
        with contents.snapshot() as snapshot:
            at = machine_now()
            _dump(draft, pg_dump, snapshot, say)
            manifest = _manifest(at, version, running, say)
        if keys is not None:
            with draft.part(KEYS) as part:
                part.write(keys)
        draft.finish(manifest)
    return manifest


def _manifest(
    at: datetime, version: str, running: dict[str, int], say: Callable[[str], None]
) -> dict[str, Any]:
    return {
        "made_at": at.isoformat(timespec="seconds"),
        "version": version,
        "server": server_version(connection),
        "extensions": contents.extensions(),
        "migrations": contents.applied_migrations(),
        "columns": contents.columns_of_code(),
        "probes": probes(),
        "anchor": contents.noted_anchor(),
        "sequences": running,
        **contents.contents(say),
    }


def _dump(draft: Draft, pg_dump: Path, snapshot: str, say: Callable[[str], None]) -> None:
    """Write what pg_dump says of the snapshot, as it comes."""
    dsn, environment = address_of(connection)
    others = [f"--exclude-schema={name}" for name in contents.other_schemas()]
    command = [str(pg_dump), *_OPTIONS, *others, f"--snapshot={snapshot}", f"--dbname={dsn}"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=complaints
        ) as dumping,
        draft.part(DATABASE) as part,
    ):  # fmt: skip
        assert dumping.stdout is not None  # noqa: S101 - it is a pipe
        try:
            while piece := dumping.stdout.read(PIECE):
                part.write(piece)
                say(f"{DATABASE}: {part.size // 1_000_000} MB")
        except BaseException:
            dumping.kill()
            raise
        dumping.wait()
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
    if dumping.returncode != 0:
        raise Refused(f"The database could not be read: {said or 'pg_dump failed'}")

"""A desk to back up: tickets with persons and a file, a published issue, an anchor."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from django.core.management import call_command

from coordination.bulletins.week import SHANGHAI
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.anchors import anchor_record
from projects.record.clock import clock_at
from tests.bed.database import TEMPLATE, connected_to
from tests.coordination.tickets.attachments.corpus import sent
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import Desk, desk, filed
from tests.projects.record.backups.bed import as_superuser, migrated_database, rewritten, rows_of

PASSPHRASE: Final = "correct horse battery staple"
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
CONTENT: Final = "附件内容，逐字节相同".encode()


@dataclass
class Source:
    """The database that was backed up, and the archive."""

    database: str
    at: Desk
    ticket: Ticket
    archive: Path
    passphrase: Path
    said: str

    @property
    def manifest(self) -> dict[str, Any]:
        with ZipFile(self.archive) as opened:
            manifest: dict[str, Any] = json.loads(opened.read("manifest.json"))
        return manifest


def some_days() -> tuple[Desk, Ticket]:
    """Tickets with persons and a file, a published issue, and an anchor."""
    with clock_at(CUT_OFF - timedelta(days=2)):
        at = desk()
        ticket = filed(at)
        perform(Verb.ATTACH, ticket=ticket, by=at.key, file=sent("证明.txt", CONTENT))
        filed(at, "worker_return")
    with clock_at(CUT_OFF + timedelta(hours=1)):
        signed(draft_of(CUT_OFF))
        anchor_record()
    return at, ticket


@contextmanager
def backed_up(folder: Path) -> Iterator[Source]:
    """A database with some days in it, its archive in the folder; Django looks at it meanwhile."""
    passphrase, archive, said = folder / "passphrase", folder / "desk.zip", StringIO()
    passphrase.write_text(f"{PASSPHRASE}\n")
    with migrated_database("source", of=TEMPLATE) as name, connected_to(name):
        at, ticket = some_days()
        call_command("backup", to=str(archive), passphrase_file=str(passphrase), stdout=said)
        yield Source(name, at, ticket, archive, passphrase, said.getvalue())


def changed(source: Source, to: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The archive with a changed manifest."""
    manifest = source.manifest
    change(manifest)
    return rewritten(source.archive, to, manifest_json=json.dumps(manifest).encode())


def is_empty(database: str) -> bool:
    """Whether there is nothing but what config/roles.sql made."""
    with as_superuser(database) as own:
        found = own.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone()
    return rows_of(database) == {} and found == (0,)

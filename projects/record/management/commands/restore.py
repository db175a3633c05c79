"""Restore a backup into an empty database, and compare everything in it with the archive."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.utils import DatabaseError

from config.embedded import PROJECT, default_home, keep_secret_key
from config.postgres_programs import database_running, program_for
from config.stack import Unusable, is_external
from projects.record.backups import load, unfinished
from projects.record.backups.archive import Archive, Refused, opened
from projects.record.backups.connecting import server_version
from projects.record.management.commands._backups import (
    ABOUT_THE_FILE,
    Progress,
    passphrase_from,
)


class Command(BaseCommand):
    """`manage.py restore`, which is what `make restore` calls."""

    help = "Restore a backup into an empty database; refuses, and changes nothing, otherwise."
    requires_system_checks = []  # the database may not be running, and is empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the archive")
        parser.add_argument("--passphrase-file", metavar="FILE", help=ABOUT_THE_FILE)
        parser.add_argument(
            "--keys-to", metavar="FILE",
            help="write the archive's keys into a new file, as settings, and restore nothing",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, compare and check, or say why not."""
        self.say = Progress(self.stdout.write)
        try:
            with opened(Path(options["file"])) as archive:
                load.require_whole(archive, self.say)
                if options["keys_to"]:
                    self._write_keys(archive, Path(options["keys_to"]), options["passphrase_file"])
                    return
                load.require_same_code(archive)
                if load.OWNER not in settings.DATABASES:
                    raise Refused(
                        "DATABASE_OWNER_URL: is missing. Restoring needs the role that owns the "
                        "tables; DATABASE_URL names the application's."
                    )
                with database_running():
                    self._restore(archive, options["passphrase_file"])
                    self._check(archive.manifest)
        except (Refused, Unusable, DatabaseError) as error:
            raise CommandError(str(error).strip()) from error

    def _write_keys(self, archive: Archive, path: Path, passphrase_file: str | None) -> None:
        keys = load.keys_in(archive, passphrase_from(passphrase_file, again=False))
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Refused(f"{path} cannot be written: {error.strerror}.") from error
        with os.fdopen(descriptor, "w") as file:
            file.write(f"SECRET_KEY={keys['secret_key']}\n")
            file.write(f"SECRET_KEY_FALLBACKS={','.join(keys['secret_key_fallbacks'])}\n")
        self.stdout.write(f"{path}: the keys of the archive, to be set in the environment")

    def _restore(self, archive: Archive, passphrase_file: str | None) -> None:
        """Load and compare; whatever fails leaves the database empty.

        The database is marked meanwhile, and the archive's key is that of the desk before anything
        is loaded: where the machine fails in between, nothing starts on what was not compared, and
        the command begins anew.
        """
        if unfinished.is_marked(load.OWNER):
            self.stdout.write("a restoration into this database has not ended: beginning anew")
            load.empty_again()
        load.require_empty()
        load.require_extensions(archive)
        keys = self._keys_to_adopt(archive, passphrase_file)
        pg_restore = program_for("pg_restore", server_version(connections[load.OWNER]))
        unfinished.mark(load.OWNER)
        try:
            if keys is not None:
                keep_secret_key(default_home(), keys["secret_key"])
            load.load(archive, pg_restore=pg_restore, say=self.say)
        except BaseException:
            self._left_as_it_was(keys)
            raise
        try:
            # the rights of the application's role, as every start gives them; its checks would
            # refuse the mark
            self._run("migrate", "--no-input", "--verbosity", "0", "--skip-checks")
            load.require_same_contents(archive, self.say)
        except BaseException:
            load.empty_again()
            self._left_as_it_was(keys)
            raise
        load.analyse()
        self.stdout.write("restored, each table, hash, trigger and right as the archive lists it:")
        for line in load.summary(archive.manifest):
            self.stdout.write(f"  {line}")
        if keys is not None:
            self.stdout.write("the archive's SECRET_KEY is that of this desk now")

    def _left_as_it_was(self, keys: dict[str, Any] | None) -> None:
        if keys is not None:
            keep_secret_key(default_home(), settings.SECRET_KEY)
        unfinished.unmark(load.OWNER)

    def _keys_to_adopt(
        self, archive: Archive, passphrase_file: str | None
    ) -> dict[str, Any] | None:
        """The archive's keys if they are needed and can be kept here; None if ours open it."""
        if not load.keys_needed(archive):
            return None
        if settings.PRODUCTION or is_external("SECRET_KEY"):
            raise Refused(
                "SECRET_KEY: is another than that of the archive, whose personal data could not be "
                "opened. Set SECRET_KEY and SECRET_KEY_FALLBACKS to those of the desk that was "
                "backed up; --keys-to FILE writes them, if the archive has them."
            )
        keys = load.keys_in(archive, passphrase_from(passphrase_file, again=False))
        if keys["secret_key_fallbacks"] != list(settings.SECRET_KEY_FALLBACKS):
            raise Refused(
                "SECRET_KEY_FALLBACKS: is another than that of the archive; --keys-to FILE "
                "writes it."
            )
        return keys

    def _check(self, manifest: dict[str, Any]) -> None:
        """Open every sealed value, and check the whole record; in processes that have the keys.

        The restoration has ended then, whatever they find.
        """
        connection.close()
        anchor = ["--anchor", manifest["anchor"]] if manifest["anchor"] else []
        self.stdout.write("opening every sealed value, and checking the whole record:")
        try:
            self._run("reseal", "--check")
            self._run("verify_audit", *anchor)
        except Refused as error:
            unfinished.unmark(load.OWNER)
            raise CommandError(
                "The database is restored as it was backed up, but it had been altered before, or "
                f"cannot be opened: {error}"
            ) from error
        unfinished.unmark(load.OWNER)

    def _run(self, *arguments: str) -> None:
        """Run a command of manage.py. Raises Refused with its last line if it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = (done.stdout + done.stderr).strip().splitlines()
        for line in said:
            self.stdout.write(f"  {line}")
        if done.returncode != 0:
            raise Refused(said[-1] if said else f"{arguments[0]} failed")

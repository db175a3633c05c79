"""Write the database and the keys into one archive, while the desk runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.utils import DatabaseError

from config.postgres_programs import database_running, program_for
from config.stack import Unusable
from projects.record.backups.archive import Refused
from projects.record.backups.connecting import server_version
from projects.record.backups.load import summary
from projects.record.backups.take import back_up
from projects.record.management.commands._backups import (
    ABOUT_THE_FILE,
    Progress,
    passphrase_from,
    version_of_code,
)


class Command(BaseCommand):
    """`manage.py backup`, which is what `make backup` calls."""

    help = "Write the database and the keys into one archive; the desk may run meanwhile."
    requires_system_checks = []  # the database may not be running yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="FILE", help="the archive, a new file")
        parser.add_argument("--passphrase-file", metavar="FILE", help=ABOUT_THE_FILE)
        parser.add_argument(
            "--without-keys", action="store_true",
            help="leave SECRET_KEY out; without a copy kept elsewhere, personal data is lost",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the archive, or say why there is none."""
        path = Path(options["to"]).absolute()
        try:
            passphrase = (
                None if options["without_keys"]
                else passphrase_from(options["passphrase_file"], again=True)
            )  # fmt: skip
            with database_running():
                manifest = back_up(
                    path, passphrase=passphrase, version=version_of_code(),
                    pg_dump=program_for("pg_dump", server_version(connection)),
                    say=Progress(self.stdout.write),
                )  # fmt: skip
        except (Refused, Unusable, DatabaseError) as error:
            raise CommandError(str(error).strip()) from error
        size = path.stat().st_size / 1_000_000
        self.stdout.write(f"{path}: {size:.1f} MB")
        for line in summary(manifest):
            self.stdout.write(f"  {line}")
        if passphrase is None:
            self.stdout.write("  without keys: keep SECRET_KEY and its fallbacks elsewhere")

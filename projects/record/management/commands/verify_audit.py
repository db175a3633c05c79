"""Check the whole record, from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from projects.record.anchors import newest_anchor, told_otherwise
from projects.record.audit import audit
from projects.record.findings import Finding
from projects.record.naming import sentence


def _both(finding: Finding) -> str:
    """The sentence in Chinese and in English."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(sentence(finding))
    return f"{finding.table} {finding.row} | {' | '.join(said)}"


class Command(BaseCommand):
    help = "Names every row of the record that was altered; exits with 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="NUMBER:HASH",
            help="an anchor that was noted down earlier, to be compared; may be repeated",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each finding; then the newest anchor, to be noted down."""
        told = [_told(each) for each in options["anchor"]]
        many = 0
        for finding in audit():
            many += 1
            self.stderr.write(_both(finding))
        for number, sealed in told:
            for finding in told_otherwise(number, sealed):
                many += 1
                self.stderr.write(_both(finding))
        anchor = newest_anchor()
        if anchor is not None:
            self.stdout.write(f"newest anchor: {anchor.number}:{anchor.hash}")
        if many:
            raise CommandError(f"{many} found")
        self.stdout.write("nothing was altered")


def _told(noted: str) -> tuple[int, str]:
    """The number and the hash. Raises CommandError for anything else."""
    number, _colon, sealed = noted.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10 and sealed):  # noqa: PLR2004 - what fits the column
        raise CommandError(f"--anchor: {noted!r} is not NUMBER:HASH")
    return int(number), sealed

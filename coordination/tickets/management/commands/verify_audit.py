from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination.tickets.anchors import audit


class Command(BaseCommand):
    """Check every event's hash, every chain and sealed day, and what is kept beside the events."""

    help = "Names every event, text and sealed day that was altered; exits with 1 if there is one."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print what was altered, a line each."""
        found = list(audit())
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} altered")
        self.stdout.write("nothing was altered")

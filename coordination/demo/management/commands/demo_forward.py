"""Move the demonstration's clock forward, playing everything in between."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from coordination.demo.forward import advance, ask_forward, standing
from projects.record.refusals import Refusal


class Command(BaseCommand):
    """`manage.py demo_forward 1d`; refused outside a demonstration."""

    help = "Move the running demonstration on: by 1d, 2h, or to monday (17:35)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the argument: how far to move."""
        parser.add_argument("by", help="1d, 2h, or monday")

    def handle(self, *_args: Any, by: str, **_options: Any) -> None:
        """Request the move, and play it unless the worker does."""
        try:
            target = ask_forward(by)
            self._say("Moving on to", target)
            advance(wait=True, say=lambda at: self._say("Now it is", at))
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError("; ".join(refusal.reasons)) from refusal
        found = standing()
        if found is not None:
            self._say("Now it is", found.at)

    def _say(self, words: str, at: datetime) -> None:
        self.stdout.write(f"{words} {timezone.localtime(at):%A %d %B %Y %H:%M}.")

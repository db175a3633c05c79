"""Resume the clock of a demonstration at the time at which it was stopped."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from projects.record.demo_clock import resume_clock


class Command(BaseCommand):
    """`manage.py resume_clock`, which `up` and `demo` call before they start the processes."""

    help = "Let a demonstration's clock go on from its last tick; does nothing anywhere else."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Resume the clock; must run before any other process starts."""
        if settings.DEMONSTRATION:
            resume_clock()

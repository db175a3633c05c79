"""Let the clock of a demonstration that was stopped go on from where it stood."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from projects.record.demo_clock import resume_clock


class Command(BaseCommand):
    """`manage.py resume_clock`, which `up` and `demo` call before they start the processes."""

    help = "Let a demonstration's clock go on from its last tick; does nothing anywhere else."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Once, while nothing else runs."""
        if settings.DEMONSTRATION:
            resume_clock()

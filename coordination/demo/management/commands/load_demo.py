"""Load the Luoyang data set of 9 March 2020, unless it is there."""

import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from config.embedded import default_home
from coordination.demo.issues import build_briefs, enter_recipients, sign_issues
from coordination.demo.keys import keep_token
from coordination.demo.load import load
from coordination.demo.schedule import OPENING
from projects.record.demo_clock import open_clock


class Command(BaseCommand):
    """`manage.py load_demo`; refused in production."""

    help = "Load the Luoyang data set of 9 March 2020 through the desk's own verbs, once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load, start the clock, and ensure that the stored key is valid."""
        begun = time.monotonic()
        try:
            loaded = load()
            sign_issues()
            build_briefs()
            enter_recipients()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if settings.DEMONSTRATION:
            open_clock(OPENING)
        keep_token(default_home())
        if loaded:
            took = time.monotonic() - begun
            self.stdout.write(f"The Luoyang data set of 9 March 2020 is loaded ({took:.0f} s).")

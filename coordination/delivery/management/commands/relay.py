"""`manage.py relay`: sends what the outbox holds, until it is told to stop."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.delivery.relay import LEASE, SHARE, THREADS, Relay
from projects.house.rooms import before_relay


class Command(BaseCommand):
    help = "Send what waits in the outbox: mail, robots, webhooks. Any number may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much at once, and for how long a message is ours."""
        parser.add_argument("--threads", type=int, default=THREADS)
        parser.add_argument("--share", type=int, default=SHARE, help="at once to one receiver")
        parser.add_argument("--lease", type=float, default=LEASE, help="seconds")

    def handle(self, *_args: Any, threads: int, share: int, lease: float, **_options: Any) -> None:
        """Until SIGTERM or Ctrl-C; what is under way is finished and recorded first."""
        try:
            relay = Relay(threads=threads, share=share, lease=lease, fill=before_relay())
        except ValueError as error:
            raise CommandError(str(error)) from error

        def stop(_number: int, _frame: FrameType | None) -> None:
            relay.stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        relay.run()

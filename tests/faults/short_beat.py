"""Beat as it runs anywhere, but that it asks for missing bulletins every second.

At work it asks on Mondays and every hour, in a demonstration every minute: too long to wait for.
"""

from typing import Final

from celery import Celery

from config.celery import app

__all__ = ["app"]
SHORTENED: Final = ("weekly-bulletin", "weekly-bulletin-catch-up")


@app.on_after_finalize.connect
def shorten(sender: Celery, **_: object) -> None:
    """After the timetable was read."""
    for name in SHORTENED:
        sender.conf.beat_schedule[name]["schedule"] = 1.0

"""The workers: queues, timetable, limits.

Work to be done is recorded in the database; the broker only triggers workers. A message may be lost
or delivered twice, so each task takes ids, or looks up what is missing and does it.
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init
from django.conf import settings
from kombu import Queue

from config.processes import die_with_parent
from projects.house.rooms import rooms

TASK_LIMIT = 600  # seconds
# Seconds after which Redis redelivers an unacknowledged message: far above twice the limit. The
# check of the record may take longer; asked again meanwhile, it finds itself under way.
VISIBILITY_TIMEOUT = 3600

app = Celery("zhitongche")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "zhitongche:",
    },
    result_backend=None,
    task_ignore_result=True,
    accept_content=["json"],
    task_serializer="json",
    task_default_queue="default",
    task_queues=[Queue("default"), Queue("bulletins")],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=TASK_LIMIT,
    task_soft_time_limit=TASK_LIMIT - 60,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=10,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    timezone="UTC",
    enable_utc=True,
    beat_schedule_filename=settings.BEAT_SCHEDULE,
)
app.autodiscover_tasks()


def timetable() -> dict[str, dict[str, Any]]:
    """What beat sends, and when, as each room says it in its ``room.py``.

    The times are in UTC, as beat reckons best; China has no summer time, so the hours never shift.
    A demonstration's days are not the machine's: there each task is asked every minute, and does
    what is due by the record's clock.
    """
    found: dict[str, dict[str, Any]] = {}
    for room in rooms():
        for each in room.timetable:
            schedule, expires = each.schedule, each.expires
            if settings.DEMONSTRATION and isinstance(schedule, crontab):
                schedule, expires = 60.0, 50
            options: dict[str, Any] = {"queue": each.queue}
            if expires is not None:
                options["expires"] = expires
            found[each.name] = {
                "task": each.task,
                "schedule": schedule,
                "options": options,
            }
    return found


@app.on_after_finalize.connect
def read_the_timetable(sender: Celery, **_: object) -> None:
    """Once all tasks are known."""
    sender.conf.beat_schedule.update(timetable())


@worker_process_init.connect
def follow_the_worker(**_: object) -> None:
    """End a pool process with its parent; otherwise it would wait for work forever."""
    die_with_parent()

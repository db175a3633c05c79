"""The workers: queues, timetable, limits.

The database is the queue of record and the broker only wakes the workers: a message may be lost or
come twice, so every task here takes ids, and builds whatever is missing.
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

TASK_LIMIT = 600  # seconds
# After this Redis hands an unacknowledged message out again: far above twice the limit.
VISIBILITY_TIMEOUT = 3600

# In UTC, as beat reckons best; China has no summer time, so the hours never shift.
TIMETABLE: dict[str, Any] = {
    "weekly-bulletin": {  # Monday 17:30 in Shanghai
        "task": "coordination.tasks.build_missing_bulletins",
        "schedule": crontab(minute=30, hour=9, day_of_week="mon"),
    },
    "weekly-bulletin-catch-up": {  # after any night that nobody watched
        "task": "coordination.tasks.build_missing_bulletins",
        "schedule": crontab(minute=45),
        "options": {"expires": 3000},
    },
    "exports": {  # a row waits for it; nothing was sent
        "task": "coordination.tasks.build_exports",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "anchor-events": {  # 00:10 in Shanghai
        "task": "coordination.tasks.anchor_events",
        "schedule": crontab(minute=10, hour=16),
    },
    "purge-personal-data": {  # 02:20 in Shanghai; whatever was missed goes the next time
        "task": "coordination.tasks.purge_personal_data",
        "schedule": crontab(minute=20, hour=18),
    },
    "escalate-tickets": {
        "task": "coordination.tasks.escalate_tickets",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "chase-departments": {  # from the hour at which the desk opens
        "task": "coordination.tasks.chase_departments",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 840},
    },
    "lapse-questions": {  # a term for an answer ends at the close of service
        "task": "coordination.tasks.lapse_questions",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
}

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
    task_routes={"coordination.tasks.build_missing_bulletins": {"queue": "bulletins"}},
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
    beat_schedule=TIMETABLE,
    beat_schedule_filename=settings.BEAT_SCHEDULE,
)
app.autodiscover_tasks()


@worker_process_init.connect
def follow_the_worker(**_: object) -> None:
    """A pool process whose master is killed hard would wait for work for ever."""
    die_with_parent()

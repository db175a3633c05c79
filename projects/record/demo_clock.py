"""The demonstration's clock: started once, resumed after each stop, and only moved forward."""

import math
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.models import Max

from projects.record.clock import RECORD_LOCK, machine_now, now
from projects.record.models import ClockOffset


def require_demonstration() -> None:
    """Raise ImproperlyConfigured if no demonstration may run: in production and in tests."""
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured("the clock has an offset only where DEMONSTRATION is on")


def open_clock(at: datetime) -> None:
    """Start the clock at ``at``; does nothing if it was started before.

    Raises ImproperlyConfigured outside a demonstration.
    """
    require_demonstration()
    ClockOffset.objects.get_or_create(pk=1, defaults={"seconds": _seconds_to(at), "ticked_at": at})


def resume_clock() -> datetime | None:
    """Resume a stopped clock and return its time; None if it was never started.

    It resumes at its last tick or at the newest recorded time, whichever is later: the time for
    which the demonstration was stopped does not count. Called before any process starts. Raises
    ImproperlyConfigured outside a demonstration.
    """
    require_demonstration()
    with transaction.atomic():
        row = ClockOffset.objects.select_for_update().first()
        if row is None:
            return None
        at = max([row.ticked_at, *_newest_recorded()])
        row.seconds, row.ticked_at = _seconds_to(at), at
        row.save()
    return at


def tick() -> None:
    """Store the present time, at which the clock resumes after a stop.

    Raises ImproperlyConfigured outside a demonstration.
    """
    require_demonstration()
    at = now()
    ClockOffset.objects.filter(ticked_at__lt=at).update(ticked_at=at)


def move_clock(to: datetime) -> None:
    """Move the clock forward to a time; does nothing if that is past or it was never started.

    While no change is under way, so that none records a time of before the move after it. Raises
    ImproperlyConfigured outside a demonstration.
    """
    require_demonstration()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])
        row = ClockOffset.objects.select_for_update().first()
        if row is not None and to > now():
            row.seconds, row.ticked_at = _seconds_to(to), to
            row.save()


def _seconds_to(at: datetime) -> int:
    """Whole seconds, rounded up: never earlier than ``at``."""
    return math.ceil((at - machine_now()).total_seconds())


def _newest_recorded() -> list[datetime]:
    """The latest time in each table that records one."""
    newest = [_newest_in(model) for model in apps.get_models() if _records(model)]
    return [each for each in newest if each is not None]


def _records(model: type[models.Model]) -> bool:
    return any(field.name == "recorded_at" for field in model._meta.concrete_fields)


def _newest_in(model: type[models.Model]) -> Any:
    every = model._default_manager.all()
    return every.aggregate(newest=Max("recorded_at"))["newest"]

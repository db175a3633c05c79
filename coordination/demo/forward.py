"""Moving the demonstration's clock forward; everything in between is played in order."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.demo.models import DemoProgress
from coordination.demo.play import Player, moments
from coordination.demo.timetable import do_duties, next_duty
from projects.record.clock import now
from projects.record.demo_clock import move_clock, require_demonstration, tick
from projects.record.refusals import FieldError, Invalid, NotAllowed

MONDAY: Final = "monday"
MOST: Final = timedelta(days=31)
_AFTER_THE_BULLETIN: Final = time(17, 35)
_SPAN: Final = re.compile(r"(\d{1,3})([dh])", re.ASCII)
PLAYER_LOCK: Final = 0x5A5444  # the lock of the one process that plays


@dataclass(frozen=True)
class Standing:
    """The demonstration's time, and the time to which it is being moved, if any."""

    at: datetime
    forward_to: datetime | None


def standing() -> Standing | None:
    """The state of the demonstration's clock; None outside one, or before it is loaded."""
    progress = DemoProgress.objects.first()
    return None if progress is None else Standing(now(), progress.forward_to)


def ask_forward(by: str) -> datetime:
    """Request a move by ``1d`` or ``2h``, or to ``monday`` (17:35); returns the target time.

    A request during a move is added to it: two requests move the clock twice, one after the
    other. Raises Invalid for anything else or more than 31 days, NotAllowed if no
    demonstration is loaded, ImproperlyConfigured outside one.
    """
    require_demonstration()
    with transaction.atomic():
        row = DemoProgress.objects.select_for_update().first()
        if row is None:
            raise NotAllowed(_("No demonstration is loaded."))
        row.forward_to = target_of(by, max(now(), row.forward_to or now()))
        row.save()
    return row.forward_to


def target_of(by: str, start: datetime) -> datetime:
    """The target time of a move from ``start``. Raises Invalid if ``by`` cannot be parsed."""
    if by == MONDAY:
        return _next_monday(start)
    found = _SPAN.fullmatch(by)
    hours = int(found[1]) * (24 if found[2] == "d" else 1) if found else 0
    if not timedelta(0) < timedelta(hours=hours) <= MOST:
        message = _("Say how far: such as 1d or 2h, at most 31 days, or monday.")
        raise Invalid([FieldError(("by",), message, "invalid")])
    return start + timedelta(hours=hours)


def _next_monday(start: datetime) -> datetime:
    local = timezone.localtime(start)
    day = local.date() + timedelta(days=-local.weekday() % 7)
    found = timezone.make_aware(datetime.combine(day, _AFTER_THE_BULLETIN))
    return found if found > start else found + timedelta(days=7)


def advance(*, wait: bool = False, say: Callable[[datetime], object] | None = None) -> bool:
    """Play what is due, up to the requested time; returns whether this process played.

    Only one process plays at a time; another returns at once, or waits with ``wait``. ``say`` is
    called with each new day. After a kill, the next call continues from there. Raises
    ImproperlyConfigured outside a demonstration.
    """
    require_demonstration()
    with _alone(wait=wait) as is_alone:
        if not is_alone:
            return False
        tick()
        player = Player()
        player.play_due()
        while (target := _target()) is not None:
            before = now()
            stop = _go_to_next_stop(target, player)
            if say is not None and timezone.localdate(before) != timezone.localdate(stop):
                say(stop)
    return True


def _target() -> datetime | None:
    """The time to which the clock is to be moved; cleared once it is reached."""
    DemoProgress.objects.filter(forward_to__lte=now()).update(forward_to=None)
    return DemoProgress.objects.values_list("forward_to", flat=True).first()


def _go_to_next_stop(target: datetime, player: Player) -> datetime:
    before = now()
    duty = next_duty(before)
    stop = min(target, duty, _next_action(before) or target)
    move_clock(stop)
    player.play_due()
    if stop in (duty, target):
        do_duties()
    return stop


def _next_action(after: datetime) -> datetime | None:
    place = bisect_right(moments(), after)
    return moments()[place] if place < len(moments()) else None


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Hold the player's lock on this connection; the server releases it if we die."""
    lock = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [PLAYER_LOCK])
        is_held = wait or bool(cursor.fetchone()[0])
    try:
        yield is_held
    finally:
        if is_held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PLAYER_LOCK])

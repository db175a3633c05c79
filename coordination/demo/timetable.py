"""The scheduled tasks, run while the demonstration's clock is moved."""

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from projects.house.rooms import duties

_HALF_HOUR: Final = timedelta(minutes=30)
_NIGHT: Final = time(0, 10)  # yesterday's anchor is written, and a new working day has begun
_FROM, _TO = time(8), time(18)  # the hours between which terms end, from Monday to Friday
_SATURDAY: Final = 5


def next_duty(after: datetime) -> datetime:
    """The next time at which the scheduled tasks are run.

    Every half-hour of a day from Monday to Friday, and once every night.
    """
    local = timezone.localtime(after)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    night = datetime.combine(local.date(), _NIGHT, local.tzinfo)
    if local < night:
        return night
    slots = (local - midnight) // _HALF_HOUR + 1
    following = midnight + slots * _HALF_HOUR
    if following.date() > local.date() or following.time() > _TO or local.weekday() >= _SATURDAY:
        return night + timedelta(days=1)
    return max(following, datetime.combine(local.date(), _FROM, local.tzinfo))


def do_duties() -> None:
    """Run every task that is due, once."""
    for duty in duties():
        duty()

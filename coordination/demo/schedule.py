"""A schedule: actions are added with their times, then run in order with the clock set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from coordination.demo.catalogue import OPENS_ON
from projects.record.clock import clock_at

OPENING: Final = timezone.make_aware(datetime.combine(OPENS_ON, time(9)))
OPENS, CLOSES = time(8, 30), time(17, 30)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day at the desk, in Shanghai."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def later(start: datetime, hours: float) -> datetime:
    """The time some hours later; outside the desk's hours, when it next opens."""
    local = timezone.localtime(start + timedelta(hours=hours))
    if local.time() > CLOSES:
        return moment(local.date() + timedelta(days=1), 8, 31 + local.minute % 25)
    return moment(local.date(), 8, 31 + local.minute % 25) if local.time() < OPENS else local


@dataclass
class Schedule:
    """Actions, each with the time at which it runs."""

    entries: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def add(self, at: datetime, action: Callable[[], object]) -> None:
        """Add an action to run with the clock set to ``at``."""
        self.entries.append((at, len(self.entries), action))

    def ordered(self) -> list[tuple[datetime, Callable[[], object]]]:
        """Every action with its time, in order of time; at equal times in the order added."""
        return [(at, action) for at, _, action in sorted(self.entries, key=lambda entry: entry[:2])]

    def run(self, *, until: datetime) -> None:
        """Run all actions up to a time, each with the clock set to its own time."""
        for at, action in self.ordered():
            if at <= until:
                with clock_at(at):
                    action()

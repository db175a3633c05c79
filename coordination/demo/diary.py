"""What happened when: deeds are noted with their moment, then done in order on the set clock."""

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
    """So many hours on; what falls after the desk has closed happens the next morning."""
    local = timezone.localtime(start + timedelta(hours=hours))
    if local.time() > CLOSES:
        return moment(local.date() + timedelta(days=1), 8, 31 + local.minute % 25)
    return moment(local.date(), 8, 31 + local.minute % 25) if local.time() < OPENS else local


@dataclass
class Diary:
    """Deeds to be done, each at its moment."""

    entries: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def note(self, at: datetime, deed: Callable[[], object]) -> None:
        """Do ``deed`` when the clock stands at ``at``."""
        self.entries.append((at, len(self.entries), deed))

    def ordered(self) -> list[tuple[datetime, Callable[[], object]]]:
        """Every deed with its moment, in the order of time; of one moment, in the order noted."""
        return [(at, deed) for at, _, deed in sorted(self.entries, key=lambda entry: entry[:2])]

    def live_through(self, *, until: datetime) -> None:
        """Do everything up to a moment, each deed with the clock set to its own."""
        for at, deed in self.ordered():
            if at <= until:
                with clock_at(at):
                    deed()

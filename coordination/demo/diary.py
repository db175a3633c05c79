"""What happened when: deeds are noted with their moment, then done in order on the set clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from projects.record.clock import clock_at

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

    def live_through(self) -> None:
        """Do everything, in the order of time; of one moment, in the order noted."""
        for at, _, deed in sorted(self.entries, key=lambda entry: entry[:2]):
            with clock_at(at):
                deed()

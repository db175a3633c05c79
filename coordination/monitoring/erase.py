"""Erasing reporters who have ended, with the addresses that delivery knows of them."""

from coordination.delivery.outside import forget
from coordination.monitoring.letters import name_of
from projects.progress.models import Reporter
from projects.progress.reporters import erase_reporters, reporters_to_erase
from projects.record.clock import change


def erase_ended() -> int:
    """Erase those who ended thirty days ago; return their number. Safe to repeat."""
    with change() as at:
        due = reporters_to_erase(at)
        addresses = set(due.exclude(email="").values_list("email", flat=True))
        number = erase_reporters(at)
        kept = set(Reporter.objects.filter(email__in=addresses).values_list("email", flat=True))
        forget([name_of(each) for each in addresses - kept], at)
        return number

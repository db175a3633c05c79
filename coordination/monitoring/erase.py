"""Ending and erasing reporters, with the addresses that delivery knows of them."""

from coordination.delivery.models import Destination
from coordination.delivery.outside import forget
from coordination.monitoring.letters import OF_REPORTERS, name_of
from projects.progress.models import Reporter
from projects.progress.reporters import end_departed, erase_reporters
from projects.record.clock import change


def erase_ended() -> int:
    """Erase those who ended thirty days ago; return their number. Safe to repeat.

    Before that, who has departed is ended. Delivery forgets each address that no reporter has any
    more: of those erased, and the former one where it was corrected.
    """
    with change() as at:
        end_departed()
        number = erase_reporters(at)
        present = Reporter.objects.exclude(email="").values_list("email", flat=True)
        kept = {name_of(each) for each in present}
        known = Destination.objects.filter(outside__startswith=OF_REPORTERS).exclude(sealed="")
        forget(set(known.values_list("outside", flat=True)) - kept, at)
        return number

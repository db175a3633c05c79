"""Which bulletins there are."""

from datetime import datetime

from coordination.bulletins.models import Bulletin, Series


def newest_edition(cut_off: datetime) -> Bulletin | None:
    """What a bulletin's address answers."""
    return Bulletin.objects.filter(series=Series.WEEKLY, cut_off=cut_off).first()

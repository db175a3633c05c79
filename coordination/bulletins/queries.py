"""Queries of bulletins."""

from datetime import datetime

from coordination.bulletins.models import Bulletin, Series


def newest_edition(cut_off: datetime) -> Bulletin | None:
    """The latest edition of the bulletin of a cut-off."""
    return Bulletin.objects.filter(series=Series.WEEKLY, cut_off=cut_off).first()

"""Queries of bulletins."""

from datetime import datetime

from coordination.bulletins.models import Bulletin, Series, Status


def newest_edition(cut_off: datetime) -> Bulletin | None:
    """The latest edition of the bulletin of a cut-off that was not discarded."""
    of_week = Bulletin.objects.filter(series=Series.WEEKLY, cut_off=cut_off)
    return of_week.exclude(issue__status=Status.DISCARDED).first()

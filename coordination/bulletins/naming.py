"""What people call a bulletin or a brief that a check names."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.bulletins.models import Brief, Bulletin, Issue, Series
from projects.house.rooms import Named
from projects.record.naming import row_of


def name_of_bulletin(key: str) -> Named | None:
    """The day of its cut-off, in Shanghai, and which edition it is after the first."""
    series, moment, edition = key.split("/")
    day = timezone.localtime(datetime.fromisoformat(moment)).date().isoformat()
    if series == Series.EXTRA:
        day = _("extra issue of %(day)s") % {"day": day}
    found = row_of(Bulletin, key)
    issue = Issue.objects.filter(bulletin=found.pk).first() if found is not None else None
    return Named(day if edition == "1" else f"{day} ({edition})", issue)


def name_of_brief(key: str) -> Named | None:
    """The brief's day."""
    return Named(key, row_of(Brief, key))

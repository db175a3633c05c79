"""What enterprises were called at a time: the name and the code of a day, by their revisions."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from projects.register.models import Enterprise, EnterpriseRevision


class Called(NamedTuple):
    """An enterprise's name and code at a time."""

    name: str
    uscc: str

    def __str__(self) -> str:
        return self.name


class Names:
    """The names of some enterprises at any time; one query where any of them was revised."""

    def __init__(self, enterprises: Iterable[Enterprise]) -> None:
        self._revisions = defaultdict[int, list[EnterpriseRevision]](list)
        revised = {each.pk for each in enterprises if each.revision > 1}
        if revised:
            rows = EnterpriseRevision.objects.filter(enterprise__in=revised)
            for row in rows.order_by("pk"):
                self._revisions[row.enterprise_id].append(row)

    def at(self, enterprise: Enterprise, moment: datetime) -> Called:
        """What it was called on the day of that moment."""
        day = timezone.localdate(moment)
        then = [
            each for each in self._revisions[enterprise.pk]
            if each.since is None or each.since <= day
        ]  # fmt: skip
        row = then[-1] if then else enterprise
        return Called(row.name, row.uscc)


def called(enterprise: Enterprise, moment: datetime) -> Called:
    """What one enterprise was called at that moment."""
    return Names([enterprise]).at(enterprise, moment)

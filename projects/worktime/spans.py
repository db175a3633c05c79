"""Lengths of terms, and their units. Uses no database."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """The unit in which a term runs and in which pauses are added."""

    SERVICE_HOUR = "service_hour", _("service hours")
    WORKING_DAY = "working_day", _("working days")
    NATURAL_DAY = "natural_day", _("natural days")
    SAME_DAY = "same_day", _("the same day, until 24:00")


@dataclass(frozen=True)
class Span:
    """The length of a term; with SAME_DAY ``amount`` is the number of days added, at first 0."""

    amount: int
    unit: str

    def extended(self, amount: int) -> "Span":
        """Return the length extended by this amount."""
        return Span(self.amount + amount, self.unit)

    @property
    def most_extension(self) -> int:
        """The longest extension: as long as the term itself; one day for a same-day term."""
        return max(self.amount, 1)


LONGEST: Final = 365  # the upper limit for any unit

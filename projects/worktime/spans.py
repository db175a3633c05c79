"""What a term is measured in. No database in here."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """In which measure a term runs, and in which a pause is given back."""

    SERVICE_HOUR = "service_hour", _("service hours")
    WORKING_DAY = "working_day", _("working days")
    NATURAL_DAY = "natural_day", _("natural days")
    SAME_DAY = "same_day", _("the same day, until 24:00")


@dataclass(frozen=True)
class Span:
    """So many of a unit; for the same day it is how many days more, which is none at first."""

    amount: int
    unit: str

    def extended(self, amount: int) -> "Span":
        """The same, longer."""
        return Span(self.amount + amount, self.unit)

    @property
    def most_extension(self) -> int:
        """An extension is at most the original term; that of a day is a day."""
        return max(self.amount, 1)


LONGEST: Final = 365  # of any unit: a term is no era

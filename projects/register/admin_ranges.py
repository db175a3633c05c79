"""The days of a row's range, as lists have them."""

from datetime import date

from django.contrib import admin
from django.utils.translation import gettext_lazy

from projects.register.models import ProjectParticipant


@admin.display(description=gettext_lazy("from day"))
def since(row: ProjectParticipant) -> date | None:
    """The first day of the row's range."""
    first: date | None = row.during.lower
    return first


@admin.display(description=gettext_lazy("no longer from day"))
def until(row: ProjectParticipant) -> date | None:
    """The first day after the row's range; None while it is open."""
    end: date | None = row.during.upper
    return end

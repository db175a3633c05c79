"""How far the demonstration has been played; empty everywhere else."""

from typing import ClassVar

from django.db import models

from coordination.tickets.models import Ticket


class DemoProgress(models.Model):
    """The one row of a demonstration: how far it was played, and a requested move.

    Everything dated up to ``played_until`` has happened. ``forward_to`` is the moment to which
    the clock is to be moved; null if no move was requested.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    played_until = models.DateTimeField()
    forward_to = models.DateTimeField(null=True)

    class Meta:
        db_table = "demo_progress"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_demo_progress"),
        ]

    def __str__(self) -> str:
        return f"played until {self.played_until}"


class DemoCase(models.Model):
    """A ticket of the data set whose scenario has not ended, with the number of steps taken."""

    number = models.PositiveIntegerField(primary_key=True)
    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    steps = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "demo_case"

    def __str__(self) -> str:
        return f"{self.number}: {self.steps}"

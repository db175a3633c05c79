"""The one row by which a demonstration's clock differs from the machine's."""

from typing import ClassVar

from django.db import models


class ClockOffset(models.Model):
    """The demonstration's clock: the machine's time plus ``seconds``. Empty everywhere else.

    ``ticked_at`` is the last time that it is known to have shown.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    seconds = models.BigIntegerField()
    ticked_at = models.DateTimeField()

    class Meta:
        db_table = "record_clock_offset"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_clock_offset"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"

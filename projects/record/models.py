"""The demonstration's clock, the journal of rows, and its anchors."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Fact, Reference


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


class JournalEntry(Reference):
    """The digest that one row of a table had when it was written; a row's newest entry counts.

    Triggers write it, with the owner's rights.
    """

    of_table = models.CharField(_("table"), max_length=63)
    key = models.CharField(_("row"), max_length=80)
    digest = models.CharField(_("digest of the row"), max_length=64)

    class Meta:
        db_table = "record_journal"
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")

    def __str__(self) -> str:
        return f"{self.of_table} {self.key}"


class Anchor(Fact):
    """All entries of the journal after the anchor before, under one hash, chained to it."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    last_entry = models.BigIntegerField(_("last entry"))
    entries = models.PositiveIntegerField(_("entries"))
    previous_hash = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("anchor of the record")
        verbose_name_plural = _("anchors of the record")
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return str(self.number)

"""The daily brief: the figures of one day, frozen when they are built."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Fact


class Brief(Fact):
    """The brief of one day, its figures in blocks, each with schema and hash. Nobody signs it."""

    day = models.DateField(_("day"), unique=True)
    cut_off = models.DateTimeField(_("cut-off"))
    blocks = models.JSONField(_("blocks"))
    hash = models.CharField(_("hash"), max_length=64)
    built_at = models.DateTimeField(_("built at"))

    class Meta(Fact.Meta):
        verbose_name = _("daily brief")
        verbose_name_plural = _("daily briefs")
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}"

    @classmethod
    def journal_key(cls) -> tuple[str, ...]:
        """The day, so that one that was deleted is known by it."""
        return ("day",)

    @property
    def journal_name(self) -> str:
        """How the journal names the row."""
        return self.day.isoformat()

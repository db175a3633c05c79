"""Checks of the record: who asked for one, and what each found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Fact
from projects.record.findings import Finding


class CheckRequest(Fact):
    """An officer asks for a check besides the nightly one; the next that begins answers him."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))

    class Meta(Fact.Meta):
        verbose_name = _("request for a check")
        verbose_name_plural = _("requests for checks")

    def __str__(self) -> str:
        return str(self.asked_at)


class RecordCheck(Fact):
    """One check of the whole record. Of very many findings, the first are kept."""

    began_at = models.DateTimeField(_("began at"))
    recorded_at = models.DateTimeField(_("ended at"))
    rows = models.PositiveBigIntegerField(_("rows in the journal"))
    found = models.PositiveIntegerField(_("findings"))
    findings = models.JSONField(_("findings"))
    anchor_number = models.PositiveIntegerField(_("newest anchor"))
    anchor_hash = models.CharField(_("hash of the newest anchor"), max_length=64, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("check of the record")
        verbose_name_plural = _("checks of the record")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["-began_at"], name="check_began")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def named(self) -> list[Finding]:
        """The findings that are kept."""
        return [Finding(*each) for each in self.findings]

"""Checks of the record: who asked for one, and what each found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class CheckBegin(Fact):
    """A check begins. ``parts`` are the names of what it compares, in their order.

    One that is whole compares everything; another what is due every night.
    """

    began_at = models.DateTimeField(_("began at"))
    is_whole = models.BooleanField(_("of everything"))
    parts = models.JSONField(_("parts"))

    class Meta(Fact.Meta):
        verbose_name = _("begin of a check")
        verbose_name_plural = _("begins of checks")
        indexes: ClassVar = [models.Index(fields=["-began_at"], name="check_began")]

    def __str__(self) -> str:
        return str(self.began_at)


class CheckedPart(Fact):
    """One part of a check is done. Of very many findings, the first are kept."""

    begin = models.ForeignKey(
        CheckBegin, models.PROTECT, verbose_name=_("check"), related_name="done"
    )
    part = models.CharField(pgettext_lazy("of a check", "part"), max_length=120)
    found = models.PositiveIntegerField(_("findings"))
    findings = models.JSONField(_("findings"))
    recorded_at = models.DateTimeField(_("ended at"))

    class Meta(Fact.Meta):
        verbose_name = _("part of a check")
        verbose_name_plural = _("parts of checks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["begin", "part"], name="each_part_once")
        ]

    def __str__(self) -> str:
        return self.part


class RecordCheck(Fact):
    """A check has ended: what all of its parts found. Of very many, the first are kept."""

    begin = models.OneToOneField(
        CheckBegin, models.PROTECT, verbose_name=_("check"), related_name="result"
    )
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

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def named(self) -> list[Finding]:
        """The findings that are kept."""
        return [Finding(*each) for each in self.findings]

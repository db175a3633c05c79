"""The figures of bulletins, the periods for which they are due, and what they are counted from."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.week import week_to
from projects.house.blocks import Period
from projects.record.facts import Fact, Journaled


class Series(models.TextChoices):
    WEEKLY = "weekly", _("Weekly bulletin")
    EXTRA = "extra", _("Extra issue")


class ServicePeriod(Journaled):
    """A period of service: a bulletin is due for every week that ends within it."""

    during = DateRangeField(_("during"))

    class Meta:
        verbose_name = _("service period")
        verbose_name_plural = _("service periods")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="service_periods_apart", expressions=[("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Service periods may not overlap."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.during.lower} – {self.during.upper or ''}"


class Bulletin(Fact):
    """The figures of one edition of a bulletin, frozen in blocks, each with schema and hash.

    What is made of them, from draft to published issue, is an ``Issue``. An extra issue has a
    ``start``; a weekly one has none, and is of the seven days to its cut-off.
    """

    series = models.CharField(_("series"), max_length=10, choices=Series, default=Series.WEEKLY)
    start = models.DateTimeField(_("start"), null=True)
    cut_off = models.DateTimeField(_("cut-off"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    blocks = models.JSONField(_("blocks"))
    hash = models.CharField(_("hash"), max_length=64)
    built_at = models.DateTimeField(_("built at"))

    class Meta(Fact.Meta):
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering: ClassVar = ["-cut_off", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "cut_off", "edition"], name="one_bulletin_per_cut_off"
            ),
            models.CheckConstraint(
                name="extra_issue_has_a_start",
                condition=models.Q(series=Series.WEEKLY, start=None)
                | models.Q(series=Series.EXTRA, start__isnull=False, start__lt=models.F("cut_off")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_series_display()} {timezone.localdate(self.cut_off)}"

    @property
    def period(self) -> Period:
        """What it covers: from its start, or the seven days, to its cut-off."""
        return week_to(self.cut_off) if self.start is None else Period(self.start, self.cut_off)

    @classmethod
    def journal_key(cls) -> tuple[str, ...]:
        """The week and the edition, so that one that was deleted is known by its week."""
        return "series", "cut_off", "edition"

    @property
    def journal_name(self) -> str:
        """How the journal names the row."""
        return f"{self.series}/{self.cut_off.isoformat()}/{self.edition}"


class SealedCount(Fact):
    """The totals of one block over everything recorded up to a moment that has passed.

    ``totals`` are numbers as text, by name. A later count begins from here and not from nothing.
    """

    block = models.CharField(_("block"), max_length=40)
    schema = models.PositiveSmallIntegerField(_("schema"))
    moment = models.DateTimeField(_("up to"))
    totals = models.JSONField(_("totals"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("sealed count")
        verbose_name_plural = _("sealed counts")
        ordering: ClassVar = ["block", "schema", "moment"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["block", "schema", "moment"], name="one_sealed_count_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.block} {self.schema} {self.moment:%Y-%m-%d %H:%M}"

    @classmethod
    def journal_key(cls) -> tuple[str, ...]:
        return "block", "schema", "moment"

    @property
    def journal_name(self) -> str:
        """How the journal names the row."""
        return f"{self.block}/{self.schema}/{self.moment.isoformat()}"

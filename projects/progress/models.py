"""Daily reports of the projects (每日监测调度)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.record.facts import Fact, Journaled
from projects.record.text_fields import ProseField
from projects.register.models import Project


class DailyReport(Fact):
    """One revision of a project's report for one day. An amendment is a new revision.

    A day without a row is "not reported", never zero. Empty numbers mean "not stated".
    """

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="daily_reports"
    )
    day = models.DateField(_("day"))
    revision = models.PositiveSmallIntegerField(_("revision"))
    resumed = models.BooleanField(_("work resumed or started"))
    workers_required = models.PositiveIntegerField(_("workers required"), null=True, blank=True)
    workers_on_site = models.PositiveIntegerField(_("workers on site"), null=True, blank=True)
    month_investment = models.DecimalField(
        _("investment of the month so far (万元)"),
        max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded at"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("entered by"),
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("filed with key")
    )

    class Meta(Fact.Meta):
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        ordering: ClassVar = ["-day", "project", "-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "day", "revision"], name="one_report_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(officer__isnull=True) ^ models.Q(api_key__isnull=True),
                name="report_by_officer_or_key",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day", "project"], name="report_day_project"),
            # Rows are added in the order of their time, so a few pages hold those of some days.
            BrinIndex(fields=["recorded_at"], name="report_recorded", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.day}"


class ReportNarrative(Journaled):
    """The report's texts, beside the figures that a bulletin counts; kept as long as these."""

    report = models.OneToOneField(
        DailyReport, models.PROTECT, primary_key=True, related_name="narrative",
        verbose_name=_("daily report"),
    )  # fmt: skip
    progress = ProseField(_("visible progress"), max_length=2000, blank=True)
    problems = ProseField(_("problems"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("report's text")
        verbose_name_plural = _("reports' texts")

    def __str__(self) -> str:
        return self.progress

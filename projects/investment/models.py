"""Investment: plans by quarter and month, their issue, months' ends and statistical status (投资).

The year's plan is the project's ``annual_investment``, kept by the register with its revisions.
Plans are in 亿元 as that is; a month's actual is in 万元 as daily reports have it.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.access.models import ApiKey
from projects.investment.choices import (
    MONTHS,
    Entry,
    Finding,
    FlagCode,
    LightRule,
    Span,
    TimeProgress,
)
from projects.record.facts import Fact, Journaled
from projects.record.text_fields import LineField, ProseField
from projects.register.models import Project


class PlanRevision(Fact):
    """What a project is planned to invest in one quarter or month; the last revision holds.

    Without an amount it is no longer planned.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="plan_revisions", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    span = models.CharField(pgettext_lazy("span", "span"), max_length=8, choices=Span)
    number = models.PositiveSmallIntegerField(
        pgettext_lazy("span", "number"),
        validators=[MinValueValidator(1), MaxValueValidator(MONTHS)],
    )
    amount = models.DecimalField(
        _("planned investment (亿元)"), max_digits=12, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    revision = models.PositiveSmallIntegerField(_("revision"))
    reason = LineField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta(Fact.Meta):
        verbose_name = _("plan of a quarter or month")
        verbose_name_plural = _("plans of quarters and months")
        ordering: ClassVar = ["project", "year", "span", "number", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "year", "span", "number", "revision"], name="one_plan_revision"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["year", "project", "span", "number", "-revision"], name="plan_of_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year} {self.span} {self.number}"


class PlanIssue(Fact):
    """A project's plan of a year as it was issued to its owner (下发): that of this moment.

    ``digest`` is of the annual plan and the plans of quarters and months; another one means that
    the plan was changed since.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="plan_issues", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    digest = models.CharField(_("digest"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta(Fact.Meta):
        verbose_name = _("issue of a plan")
        verbose_name_plural = _("issues of plans")
        ordering: ClassVar = ["project", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["year", "project", "-id"], name="plan_issue_of_year")
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class PlanAcknowledgement(Fact):
    """That the owner has received an issued plan (签收), or an officer on its behalf."""

    issue = models.OneToOneField(
        PlanIssue, models.PROTECT, related_name="acknowledgement", verbose_name=_("issue of a plan")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("entered by"),
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("filed with key")
    )

    class Meta(Fact.Meta):
        verbose_name = _("acknowledgement of a plan")
        verbose_name_plural = _("acknowledgements of plans")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(officer__isnull=True) ^ models.Q(api_key__isnull=True),
                name="acknowledged_by_officer_or_key",
            )
        ]

    def __str__(self) -> str:
        return str(self.issue)


class MonthEnd(Fact):
    """A month's investment as stated after its end; it holds over the month's daily reports.

    Without an amount the statement is taken back, and the daily reports hold again.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="month_ends", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        pgettext_lazy("span", "month"),
        validators=[MinValueValidator(1), MaxValueValidator(MONTHS)],
    )
    amount = models.DecimalField(
        _("investment of the month (万元)"), max_digits=14, decimal_places=2, null=True,
        blank=True, validators=[MinValueValidator(0)],
    )  # fmt: skip
    paid = models.DecimalField(
        _("paid in the month (万元)"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    revision = models.PositiveSmallIntegerField(_("revision"))
    reason = LineField(_("reason"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("entered by"),
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("filed with key")
    )

    class Meta(Fact.Meta):
        verbose_name = _("month's end")
        verbose_name_plural = _("months' ends")
        ordering: ClassVar = ["project", "year", "month", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "year", "month", "revision"], name="one_month_end_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(officer__isnull=True) ^ models.Q(api_key__isnull=True),
                name="month_end_by_officer_or_key",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["year", "project", "month", "-revision"], name="month_end_of_year")
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}-{self.month:02d}"


class MonthEndNarrative(Journaled):
    """What can be seen of a month's work (形象进度), beside the figure; kept as long as that."""

    month_end = models.OneToOneField(
        MonthEnd, models.PROTECT, primary_key=True, related_name="narrative",
        verbose_name=_("month's end"),
    )  # fmt: skip
    evidence = ProseField(_("visible progress"), max_length=2000)

    class Meta:
        verbose_name = _("evidence of a month")
        verbose_name_plural = _("evidence of months")

    def __str__(self) -> str:
        return self.evidence


class StatisticalStatus(Fact):
    """Whether the project is entered in the statistics office's base (纳统, 入库).

    The row that was recorded last holds.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="statistical_statuses", verbose_name=_("project")
    )
    status = models.CharField(_("status"), max_length=14, choices=Entry)
    since = models.DateField(_("from day"))
    document = LineField(_("document number"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta(Fact.Meta):
        verbose_name = _("statistical status")
        verbose_name_plural = _("statistical statuses")
        ordering: ClassVar = ["project", "pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.get_status_display()}"


class IndicatorRule(Fact):
    """How time progress and lights are reckoned from this moment on; the last row holds.

    Rows and not settings of the machine: a bulletin is counted again by the rule of its time.
    """

    time_progress = models.CharField(_("time progress"), max_length=8, choices=TimeProgress)
    lights = models.CharField(_("lights"), max_length=8, choices=LightRule)
    reason = LineField(_("reason"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta(Fact.Meta):
        verbose_name = _("rule of time progress and lights")
        verbose_name_plural = _("rules of time progress and lights")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.time_progress} {self.lights}"


class FlagSettlement(Fact):
    """An officer's finding about a figure that is out of the ordinary.

    It holds while the figure is ``stated`` as it was, ``beside`` the same one; otherwise the
    question is asked anew. Those of a month are in 万元, those of the year in 亿元.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="flag_settlements", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(
        pgettext_lazy("span", "month"), help_text=_("0 where it is about the year.")
    )
    flag = models.CharField(
        pgettext_lazy("flag", "to be looked at"), max_length=12, choices=FlagCode
    )
    stated = models.DecimalField(pgettext_lazy("flag", "stated"), max_digits=22, decimal_places=6)
    beside = models.DecimalField(
        pgettext_lazy("flag", "beside"), max_digits=22, decimal_places=6, null=True
    )
    outcome = models.CharField(_("finding"), max_length=8, choices=Finding)
    note = LineField(_("note"), max_length=200)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("settled by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("settlement of a figure of investment")
        verbose_name_plural = _("settlements of figures of investment")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["year", "project", "flag", "month", "-id"], name="flag_settled_of_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_flag_display()} {self.get_outcome_display()}"

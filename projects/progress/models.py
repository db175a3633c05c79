"""Daily reports of the projects (每日监测调度), who files them, and what is asked about them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.access.models import ApiKey
from projects.record.facts import Fact, Journaled
from projects.record.text_fields import LineField, ProseField, SealedLineField
from projects.register.identifiers import SealedPhoneField, validate_phone
from projects.register.models import Enterprise, Project

LONGEST_NAME = 40
LONGEST_PHONE = 24
LONGEST_WHY = 200

_ONE_OF_THREE = (
    models.Q(officer__isnull=False, api_key__isnull=True, reporter__isnull=True)
    | models.Q(officer__isnull=True, api_key__isnull=False, reporter__isnull=True)
    | models.Q(officer__isnull=True, api_key__isnull=True, reporter__isnull=False)
)


class Halt(models.TextChoices):
    """Why a project that was at work is not."""

    HOLIDAY = "holiday", _("public holiday")
    WEATHER = "weather", _("weather")
    AIR = "air", _("control of air pollution")
    FUNDS = "funds", _("funds")
    LABOUR = "labour", _("labour")
    MATERIAL = "material", _("materials")
    PERMIT = "permit", _("formalities")
    EPIDEMIC = "epidemic", _("epidemic")
    OTHER = "other", pgettext_lazy("why work stopped", "other")


class FlagRule(models.TextChoices):
    """What makes a figure of a report doubtful."""

    ON_SITE = "on_site", _("people on site, ten times as many or as few")
    REQUIRED = "required", _("people required, ten times as many or as few")
    BACK = "back", _("stopped and resumed within three days")
    FALLING = "falling", _("investment of the month lower than before")
    ABOVE_PLAN = "above_plan", _("investment of the month above the year's plan")


class Outcome(models.TextChoices):
    """How a doubt about a figure was settled."""

    EXPLAINED = "explained", _("it is right")
    CORRECTED = "corrected", _("it is corrected")


class Reporter(Journaled):
    """A person whom a participant names to report on a project, and who has no account.

    Name and telephone are encrypted; all three are erased some time after the person has ended.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="reporters"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="reporters"
    )
    name = SealedLineField(pgettext_lazy("person", "name"), max_length=LONGEST_NAME)
    mobile = SealedPhoneField(
        _("phone"), max_length=LONGEST_PHONE, blank=True, validators=[validate_phone]
    )
    email = models.EmailField(
        _("e-mail"), blank=True,
        help_text=_("The daily link goes there. Empty: an officer hands it over."),
    )  # fmt: skip
    named_at = models.DateTimeField(_("named at"))
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("named by"),
    )  # fmt: skip
    named_by_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("named with key")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("daily report", "reporter")
        verbose_name_plural = pgettext_lazy("daily report", "reporters")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(named_by__isnull=True) ^ models.Q(named_by_key__isnull=True),
                name="reporter_by_officer_or_key",
            ),
            models.UniqueConstraint(
                fields=["project", "email"], name="one_reporter_an_address",
                condition=models.Q(ended_at=None) & ~models.Q(email=""),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["email"], name="reporter_email", condition=models.Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.project}"


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
    halt = models.CharField(_("why not at work"), max_length=8, choices=Halt, blank=True)
    halted_until = models.DateField(_("at work again on"), null=True, blank=True)
    is_unchanged = models.BooleanField(_("reported as unchanged"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("entered by"),
    )  # fmt: skip
    api_key = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("filed with key")
    )
    reporter = models.ForeignKey(
        Reporter, models.PROTECT, null=True, related_name="+",
        verbose_name=pgettext_lazy("daily report", "reporter"),
    )  # fmt: skip

    class Meta(Fact.Meta):
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        ordering: ClassVar = ["-day", "project", "-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "day", "revision"], name="one_report_revision"
            ),
            models.CheckConstraint(condition=_ONE_OF_THREE, name="report_has_one_author"),
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
    halt_words = LineField(_("what stopped work"), max_length=LONGEST_WHY, blank=True)
    reason = LineField(_("why it is amended"), max_length=LONGEST_WHY, blank=True)

    class Meta:
        verbose_name = _("report's text")
        verbose_name_plural = _("reports' texts")

    def __str__(self) -> str:
        return self.progress


class ReportFlag(Fact):
    """A figure of a report that is doubtful beside the reports before it: a question to be settled.

    It asks nothing of a report that was amended since.
    """

    report = models.ForeignKey(
        DailyReport, models.PROTECT, related_name="flags", verbose_name=_("daily report")
    )
    rule = models.CharField(_("what is doubtful"), max_length=10, choices=FlagRule)
    earlier = models.ForeignKey(
        DailyReport, models.PROTECT, null=True, related_name="+", verbose_name=_("beside")
    )
    before = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True)
    after = models.DecimalField(_("reported"), max_digits=14, decimal_places=2, null=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("figure to be verified")
        verbose_name_plural = _("figures to be verified")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "rule"], name="one_flag_a_rule")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.get_rule_display()}"


class FlagSettlement(Fact):
    """An officer's finding about a doubtful figure."""

    flag = models.OneToOneField(
        ReportFlag, models.PROTECT, primary_key=True, related_name="settlement",
        verbose_name=_("figure to be verified"),
    )  # fmt: skip
    outcome = models.CharField(_("finding"), max_length=10, choices=Outcome)
    note = LineField(_("note"), max_length=LONGEST_WHY)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("settled by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("settlement of a figure")
        verbose_name_plural = _("settlements of figures")

    def __str__(self) -> str:
        return f"{self.flag} {self.get_outcome_display()}"

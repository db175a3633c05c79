"""Districts, enterprises, projects and participants."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.facts import Fact, Journaled
from projects.record.revisions import Revised, keeps_revisions
from projects.record.text_fields import FoldedField, LineField
from projects.register.identifiers import (
    CodeField,
    NationalCodeField,
    UsccField,
    validate_national_code,
)


class DistrictKind(models.TextChoices):
    DISTRICT = "district", pgettext_lazy("administrative unit", "District")
    COUNTY = "county", _("County")
    CITY = "city", _("County-level city")
    ZONE = "zone", _("Functional zone")


class District(models.Model):
    """A county-level unit by GB/T 2260, or a functional zone, which has no code of its own there.

    Codes change with mergers (Luoyang: March 2021), so a unit is valid for a time.
    """

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=DistrictKind)
    geographic_code = models.CharField(
        _("geographic code"), max_length=6, blank=True,
        help_text=_("The statistical code of a zone that GB/T 2260 does not list."),
    )  # fmt: skip
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = pgettext_lazy("administrative unit", "district")
        verbose_name_plural = pgettext_lazy("administrative unit", "districts")
        ordering: ClassVar = ["code"]
        # Unchanged, so that a recounted bulletin gives the same names.
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="stays_what_it_is", fields=["code", "name", "kind"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name


class CountyClass(models.TextChoices):
    """A class of districts and counties that are compared with each other alone."""

    FIRST = "first", _("Class 1")
    SECOND = "second", _("Class 2")
    THIRD = "third", _("Class 3")
    FOURTH = "fourth", _("Class 4")


class DistrictClass(Fact):
    """In which class a district is from a day on, until the day of its next such row.

    Of two with the same day the later one holds, which corrects the other.
    """

    district = models.ForeignKey(
        District, models.PROTECT, related_name="classes",
        verbose_name=pgettext_lazy("administrative unit", "district"),
    )  # fmt: skip
    assigned = models.CharField(
        pgettext_lazy("districts", "class"), max_length=8, choices=CountyClass, blank=True,
        help_text=_("Empty: in no class from that day on."),
    )  # fmt: skip
    since = models.DateField(_("from day"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = LineField(_("reason"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("class of a district")
        verbose_name_plural = _("classes of districts")
        ordering: ClassVar = ["district", "pk"]

    def __str__(self) -> str:
        return f"{self.district} {self.get_assigned_display()}".strip()


class Enterprise(Revised):
    """An owner, contractor or supplier, known by its unified social credit code (GB 32100).

    Name and code are those of now; the revisions have those of before.
    """

    uscc = UsccField(_("unified social credit code"), max_length=18, unique=True)
    uscc_note = LineField(
        _("why an unusual code is right"), max_length=200, blank=True,
        help_text=_("Some genuine early codes fail the check digit; say what it was checked with."),
    )  # fmt: skip
    name = LineField(_("name"), max_length=120)
    folded = FoldedField()
    since = models.DateField(
        _("from day"), null=True, editable=False,
        help_text=_("The first day of this name and code; empty: since it was registered."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        ordering: ClassVar = ["uscc"]
        triggers: ClassVar = [
            keeps_revisions(
                table="register_enterpriserevision", owner="enterprise_id",
                columns=("uscc", "name", "folded", "since"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class EnterpriseRevision(Fact):
    """An enterprise's name and code from ``since`` on, until the next revision's day.

    The database writes it with every insert and change of the enterprise's row. Of two with the
    same day the later one holds, which corrects the other.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="revisions"
    )
    uscc = models.CharField(_("unified social credit code"), max_length=18)
    name = models.CharField(_("name"), max_length=120)
    folded = models.TextField(editable=False)
    since = models.DateField(_("from day"), null=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("enterprise revision")
        verbose_name_plural = _("enterprise revisions")
        ordering: ClassVar = ["enterprise", "pk"]
        indexes: ClassVar = [
            GinIndex(fields=["folded"], name="enterprise_name_trgm", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["uscc"], name="enterprise_code_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A list of key projects as it was issued: the year's first batch, second batch, and so on."""

    year = models.PositiveSmallIntegerField(_("year"))
    ordinal = models.PositiveSmallIntegerField(_("batch"))
    name = LineField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("batch of projects")
        verbose_name_plural = _("batches of projects")
        ordering: ClassVar = ["-year", "ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "ordinal"], name="one_batch_per_ordinal")
        ]
        # Bulletins count the projects of a year's batches, so a batch's year never changes.
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="stays_in_its_year", fields=["year", "ordinal"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name


class PriorFiling(Fact):
    """A project filed for an earlier year's list by the same date; the list to compare with."""

    year = models.PositiveSmallIntegerField(_("year"))
    name = LineField(_("name"), max_length=120)
    total_investment = models.DecimalField(
        _("total investment (亿元)"), max_digits=12, decimal_places=4
    )
    annual_investment = models.DecimalField(
        _("planned investment of the year (亿元)"), max_digits=12, decimal_places=4
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("filing of an earlier year")
        verbose_name_plural = _("filings of earlier years")
        indexes: ClassVar = [models.Index(fields=["year", "recorded_at"], name="prior_filing_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class Level(models.TextChoices):
    PROVINCIAL = "provincial", _("Provincial key project")
    MUNICIPAL = "municipal", _("Municipal key project")


class Phase(models.TextChoices):
    PRELIMINARY = "preliminary", _("Preliminary")
    NEW_START = "new_start", _("New start")
    CONTINUING = "continuing", _("Continuing")
    COMPLETING = "completing", _("Completing")


class Sector(models.TextChoices):
    INDUSTRY = "industry", _("Industry")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    URBAN = "urban", _("Urban construction")
    INNOVATION = "innovation", _("Innovation")
    ECOLOGY = "ecology", _("Ecology and environment")
    LIVELIHOOD = "livelihood", _("People's livelihood")


class Counted(models.Model):
    """What is revised, shared by Project (now) and ProjectRevision (history).

    All that a bulletin counts, and the national code, which none counts.
    """

    name = LineField(_("name"), max_length=120)
    national_code = NationalCodeField(
        _("national project code"), max_length=24, blank=True, default="",
        validators=[validate_national_code],
        help_text=_("The code of the national platform for investment projects; empty if unknown."),
    )  # fmt: skip
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="+")
    level = models.CharField(_("level"), max_length=12, choices=Level)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase)
    sector = models.CharField(_("sector"), max_length=16, choices=Sector)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="+",
        verbose_name=pgettext_lazy("administrative unit", "district"),
    )  # fmt: skip
    total_investment = models.DecimalField(
        _("total investment (亿元)"), max_digits=12, decimal_places=4,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    annual_investment = models.DecimalField(
        _("planned investment of the year (亿元)"), max_digits=12, decimal_places=4,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    planned_resumption = models.DateField(
        _("planned resumption or start"), null=True, blank=True,
        help_text=_("Empty where the project is not planned to resume or start."),
    )  # fmt: skip

    class Meta:
        abstract = True


COUNTED_FIELDS = tuple(field.name for field in Counted._meta.local_fields)


class Project(Counted):
    """A key construction project of the city."""

    code = CodeField(_("project code"), max_length=20, unique=True)
    folded = FoldedField()
    is_example = models.BooleanField(
        _("example"), default=False, help_text=_("A made-up project of the demonstration.")
    )
    resumed_on = models.DateField(
        _("resumed on"), null=True, blank=True, editable=False,
        help_text=_("Follows from the daily reports."),
    )  # fmt: skip
    left_at = models.DateTimeField(
        _("left the register"), null=True, blank=True, editable=False,
        help_text=_("Follows from its exits: empty while it is in the register."),
    )  # fmt: skip
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(annual_investment__lte=models.F("total_investment")),
                name="annual_within_total",
            ),
            models.UniqueConstraint(
                fields=["national_code"], name="one_national_code",
                condition=models.Q(left_at__isnull=True) & ~models.Q(national_code=""),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            GinIndex(fields=["folded"], name="project_name_trgm", opclasses=["gin_trgm_ops"])
        ]

    def __str__(self) -> str:
        return self.name


class ProjectRevision(Counted, Fact):
    """The counted fields of a project from one recorded moment on, until the next revision."""

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="revisions"
    )
    number = models.PositiveIntegerField(_("revision"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = LineField(_("reason"), max_length=200, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("project revision")
        verbose_name_plural = _("project revisions")
        ordering: ClassVar = ["project", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="one_project_revision")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class ParticipantRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    CONTRACTOR = "contractor", _("Contractor")
    SUPPLIER = "supplier", _("Supplier")


class ProjectParticipant(Journaled):
    """An enterprise takes part in a project for a time; this decides what it may see and file.

    One that was recorded in error is deleted, as long as nothing was filed by it.
    """

    MAY_BE_DELETED = True

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="participants"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="participations"
    )
    role = models.CharField(_("role"), max_length=12, choices=ParticipantRole)
    during = DateRangeField(_("during"))
    taken_over_by = models.ForeignKey(
        "register.ProjectExit", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("exit of a project"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_participation_at_a_time",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("enterprise", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This enterprise already takes part in the project in this role at that time."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.project}"

"""How projects leave the register, why, and in which projects they go on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.facts import Fact
from projects.record.text_fields import LineField
from projects.register.models.register import Project


class ExitKind(models.TextChoices):
    ERROR = "registered_in_error", _("Registered in error")
    MERGED = "merged", _("Merged as a duplicate")
    BUNDLED = "bundled", _("Bundled into another")
    SPLIT = "split", _("Split into others")
    COMPLETED = "completed", _("Left as completed")


class ProjectExit(Fact):
    """A project left the register; it stays readable, and is counted no more from then on.

    ``on`` is the day that the decision names. What is counted follows ``recorded_at``, so a figure
    that was counted before stays as it was.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name=_("project"), related_name="exits"
    )
    kind = models.CharField(_("how it left"), max_length=20, choices=ExitKind)
    on = models.DateField(_("from day"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = LineField(_("reason"), max_length=200)

    class Meta(Fact.Meta):
        verbose_name = _("exit of a project")
        verbose_name_plural = _("exits of projects")
        ordering: ClassVar = ["project", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["recorded_at", "project"], name="project_exit_recorded")
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.get_kind_display()}"


class ProjectReturn(Fact):
    """The exit was undone: the project is counted again from then on."""

    exit = models.OneToOneField(
        ProjectExit, models.PROTECT, related_name="returned", verbose_name=_("exit of a project")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = LineField(_("reason"), max_length=200)

    class Meta(Fact.Meta):
        verbose_name = _("return of a project")
        verbose_name_plural = _("returns of projects")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.exit.project)


class Succession(Fact):
    """A project that left goes on in this one: one of a merge or a bundle, several of a split."""

    exit = models.ForeignKey(
        ProjectExit, models.PROTECT, related_name="successions",
        verbose_name=_("exit of a project"),
    )  # fmt: skip
    successor = models.ForeignKey(
        Project, models.PROTECT, related_name="predecessions", verbose_name=_("successor")
    )

    class Meta(Fact.Meta):
        verbose_name = _("succession of a project")
        verbose_name_plural = _("successions of projects")
        ordering: ClassVar = ["exit", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exit", "successor"], name="one_succession")
        ]

    def __str__(self) -> str:
        return f"{self.exit.project} → {self.successor}"


class NotDuplicate(Fact):
    """Two projects that look alike and are not one: they are proposed as duplicates no more."""

    first = models.ForeignKey(
        Project, models.PROTECT, related_name="+", verbose_name=_("project"),
    )  # fmt: skip
    second = models.ForeignKey(
        Project, models.PROTECT, related_name="+", verbose_name=_("other project")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = LineField(_("reason"), max_length=200)

    class Meta(Fact.Meta):
        verbose_name = _("pair of different projects")
        verbose_name_plural = _("pairs of different projects")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="one_not_duplicate"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="not_duplicate_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"

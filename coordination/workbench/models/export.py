"""Exports that officers requested: the row is the request and also refers to the file.

The file is stored in the database in parts, so that any worker can build it, any web process can
send it, and no directory must be shared.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class ExportJob(models.Model):
    """One queue to be written to Excel, with the query of its address when it was requested."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("officer")
    )
    query = models.CharField(_("filters"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.WAITING
    )
    total = models.PositiveIntegerField(_("tickets in all"), null=True)
    done = models.PositiveIntegerField(_("tickets written"), default=0)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("what went wrong"), max_length=100, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    seen_alive_at = models.DateTimeField(_("last seen working"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "id"], name="export_to_do",
                condition=models.Q(state__in=["waiting", "running", "done"]),
            ),
            models.Index(fields=["officer", "-id"], name="export_officer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is pending or being built."""
        return self.state in {ExportState.WAITING, ExportState.RUNNING}

    @property
    def percent(self) -> int:
        """Its progress in percent."""
        if self.state == ExportState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class ExportPart(models.Model):
    """One part of the file's bytes; parts are in order."""

    job = models.ForeignKey(
        ExportJob, models.CASCADE, related_name="parts", verbose_name=_("export")
    )
    number = models.PositiveIntegerField(_("part"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an export")
        verbose_name_plural = _("parts of exports")
        ordering: ClassVar = ["job", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "number"], name="one_export_part_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"

"""Where an enterprise's own software wants to hear what happens to its tickets."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.sealed_fields import SealedJSONField
from projects.register.models import Enterprise


class Because(models.TextChoices):
    """Why nothing is sent; a code that a program can go by."""

    ENTERPRISE = "enterprise", _("the enterprise disabled it")
    DESK = "desk", _("the centre disabled it")
    GONE = "gone", _("the receiver said that it is gone (410)")
    FAILING = "failing", _("nothing arrived for five days")


class WebhookEndpoint(models.Model):
    """An address of an enterprise, and the secrets that what goes there is signed with.

    ``kept`` holds both, ``{"url": …, "secrets": [{"secret": …, "until": …}]}``, the newest first
    and that one without an end; ``host`` is all of the address that a page of ours shows. One
    that was deleted stays as what its deliveries went to.
    """

    endpoint_id = models.CharField(_("webhook"), max_length=16, unique=True, editable=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="webhooks"
    )
    description = models.CharField(_("what it is for"), max_length=120, blank=True)
    host = models.CharField(_("host"), max_length=253, editable=False)
    kept = SealedJSONField(_("address and secrets"), editable=False)
    topics = ArrayField(
        models.CharField(max_length=40), verbose_name=_("topics"), default=list, blank=True
    )
    is_enabled = models.BooleanField(_("in use"), default=True)
    disabled_because = models.CharField(
        _("not in use because"), max_length=10, choices=Because, blank=True
    )
    disabled_note = models.CharField(_("reason"), max_length=200, blank=True)
    disabled_at = models.DateTimeField(_("disabled at"), null=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    created_at = models.DateTimeField(pgettext_lazy("channel", "added at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("webhook of an enterprise")
        verbose_name_plural = _("webhooks of enterprises")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["enterprise", "-id"], name="webhook_enterprise",
                condition=Q(deleted_at__isnull=True),
            )
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_enabled=True, disabled_because="", disabled_at__isnull=True)
                | (Q(is_enabled=False, disabled_at__isnull=False) & ~Q(disabled_because="")),
                name="webhook_says_why_it_is_disabled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.host}"

    @property
    def lane(self) -> str:
        """Each at its own speed: one that hangs holds up nobody else."""
        return f"hook:{self.pk}"

    def wants(self, topic: str) -> bool:
        """All topics go where none was chosen."""
        return not self.topics or topic in self.topics

"""Webhooks: addresses at which an enterprise's software is told what happens to its tickets."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.sealed_fields import SealedJSONField
from projects.record.text_fields import LineField
from projects.register.models import Enterprise


class Because(models.TextChoices):
    """Why an endpoint is disabled: a code for programs."""

    ENTERPRISE = "enterprise", _("the enterprise disabled it")
    DESK = "desk", _("the centre disabled it")
    GONE = "gone", _("the receiver said that it is gone (410)")
    FAILING = "failing", _("nothing arrived for five days")


class WebhookEndpoint(models.Model):
    """An address of an enterprise, and the secrets that sign the messages to it.

    ``kept`` holds both, encrypted: ``{"url": …, "secrets": [{"secret": …, "until": …}]}``, the
    newest secret first, which has no end; ``host`` is the only part of the address that pages
    show. A deleted endpoint stays as a row, because its deliveries refer to it.
    """

    endpoint_id = models.CharField(_("webhook"), max_length=16, unique=True, editable=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="webhooks"
    )
    description = LineField(_("what it is for"), max_length=120, blank=True)
    host = models.CharField(_("host"), max_length=253, editable=False)
    kept = SealedJSONField(_("address and secrets"), editable=False)
    topics = ArrayField(
        models.CharField(max_length=40), verbose_name=_("topics"), default=list, blank=True
    )
    is_enabled = models.BooleanField(_("in use"), default=True)
    disabled_because = models.CharField(
        _("not in use because"), max_length=10, choices=Because, blank=True
    )
    disabled_note = LineField(_("reason"), max_length=200, blank=True)
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
        """A lane of its own, so that a hanging receiver delays no other."""
        return f"hook:{self.pk}"

    def wants(self, topic: str) -> bool:
        """Whether the endpoint takes the topic; without chosen topics it takes all."""
        return not self.topics or topic in self.topics

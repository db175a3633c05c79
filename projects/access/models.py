"""The API's keys, their refusals, and the stored answers of POSTs."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.days import UntilField
from projects.record.text_fields import LineField
from projects.register.models import Enterprise


class Scope(models.TextChoices):
    """What a key may be used for."""

    READ = "read", _("Read")
    READ_MASKED = "read_masked", _("Read, with personal data masked")
    FILE = "file", _("File tickets")
    ACT = "act", _("Act on tickets, report progress")
    KEYS = "keys", _("Manage the enterprise's keys")
    WEBHOOKS = "webhooks", _("Manage webhooks")


def usual_scopes() -> list[str]:
    """The default scopes of a new key: not those that manage keys and webhooks."""
    return [Scope.READ.value, Scope.FILE.value, Scope.ACT.value]


class ApiKey(models.Model):
    """An enterprise's key, found by its id; only the SHA-256 of the secret is stored.

    The secret is 256 random bits, so a fast hash is secure, and costs little per request.
    """

    key_id = models.CharField(_("key id"), max_length=16, unique=True)
    secret_hash = models.CharField(_("SHA-256 of the secret"), max_length=64, editable=False)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="api_keys"
    )
    name = LineField(
        _("name"), max_length=60, help_text=_("What uses this key, for example a system's name.")
    )
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope), default=usual_scopes,
        verbose_name=_("may be used to"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("issued at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("issued by"),
    )  # fmt: skip
    created_by_key = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("issued with the key")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    expires_at = UntilField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    per_minute = models.PositiveIntegerField(
        _("requests a minute"), null=True, blank=True,
        help_text=_("Empty: as for every key. 0: without a limit."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering: ClassVar = ["-created_at"]

    # Attributes that Django and DRF read from ``request.user``.
    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.name}"

    @property
    def sees_masked(self) -> bool:
        """Whether it is shown personal data masked."""
        return Scope.READ_MASKED in self.scopes and Scope.READ not in self.scopes

    def covers(self, scope: str) -> bool:
        """Whether the key may do what the scope is for; whoever reads all may read masked.

        Who reads masked has no webhooks, since what they are sent is not masked.
        """
        if scope == Scope.WEBHOOKS and self.sees_masked:
            return False
        return scope in self.scopes or (scope == Scope.READ_MASKED and Scope.READ in self.scopes)


class KeyRefusal(models.Model):
    """How often a known key was refused on one day, and why: one row, however often."""

    class Reason(models.TextChoices):
        SECRET = "secret", _("Wrong secret")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")
        SCOPE = "scope", _("Not in its scope")

    key = models.ForeignKey(
        ApiKey, models.CASCADE, related_name="refusals", verbose_name=_("API key")
    )
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("refused use of a key")
        verbose_name_plural = _("refused uses of keys")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "day", "reason"], name="one_row_per_refusal")
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.day} {self.reason}"


class IdempotentRequest(models.Model):
    """A POST that was carried out, and its answer, stored for retries.

    Written in the POST's own transaction, so that neither exists without the other.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, verbose_name=_("enterprise"), related_name="+", db_index=False
    )
    operation = models.CharField(_("operation"), max_length=120)
    key = models.CharField(_("idempotency key"), max_length=255)
    fingerprint = models.CharField(_("SHA-256 of the request"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.JSONField(_("body"), null=True)

    class Meta:
        verbose_name = _("idempotent request")
        verbose_name_plural = _("idempotent requests")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "operation", "key"], name="one_answer_per_idempotency_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"

"""Parties outside the centre that have no account: departments, and links for single use."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery
from projects.record.text_fields import FoldedField, LineField
from projects.register.identifiers import PhoneField

LONGEST_PHONE = 30

_NEVER_DELETED = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


class Department(models.Model):
    """A department to which tickets can be referred. Never deleted: referrals refer to it."""

    ordinal = models.PositiveSmallIntegerField(_("order"), default=100)
    name = LineField(_("name"), max_length=60, unique=True)
    folded = FoldedField()
    email = models.EmailField(
        _("e-mail"), blank=True,
        help_text=_("Links go there. Empty: the officer hands each link over himself."),
    )  # fmt: skip
    phone = PhoneField(_("contact's phone"), max_length=LONGEST_PHONE, blank=True)
    is_active = models.BooleanField(_("may be asked"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering: ClassVar = ["ordinal", "pk"]
        triggers: ClassVar = [_NEVER_DELETED]

    def __str__(self) -> str:
        return self.name


class LinkEnd(models.TextChoices):
    """Why a one-time link can no longer be used."""

    USED = "used", _("used")
    REPLACED = "replaced", _("a newer link was made")
    REVOKED = "revoked", _("revoked")


class OneTimeLink(models.Model):
    """A link that whoever has it may use once, without an account. Never deleted.

    Of its token only the SHA-256 is stored. A room derives its own model, adds a foreign key to
    what the link is for, and a constraint that of one such thing at most one link is open
    (``ended_at`` is null). Made, found and ended by ``one_time_links.py``.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("officer"),
        related_name="+",
    )  # fmt: skip
    expires_at = models.DateTimeField(_("expires at"))
    delivery = models.OneToOneField(
        Delivery, models.PROTECT, null=True, verbose_name=_("delivery"), related_name="+"
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_because = models.CharField(_("because"), max_length=8, choices=LinkEnd, blank=True)

    class Meta:
        abstract = True
        triggers: ClassVar = [_NEVER_DELETED]

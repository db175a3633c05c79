"""Parties outside the centre that have no account: departments, and links."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery
from projects.record.sealed_fields import SealedCharField
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
    """Why a link can no longer be used."""

    USED = "used", _("used")
    REPLACED = "replaced", _("a newer link was made")
    REVOKED = "revoked", _("revoked")


class Link(models.Model):
    """A link that whoever has it may use without an account. Never deleted.

    It is found by the SHA-256 of its token. A room derives its own model and adds a foreign key to
    what the link is for.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("officer"),
        related_name="+",
    )  # fmt: skip
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_because = models.CharField(_("because"), max_length=8, choices=LinkEnd, blank=True)

    class Meta:
        abstract = True
        triggers: ClassVar = [_NEVER_DELETED]


class OneTimeLink(Link):
    """A link that may be used once. Of its token nothing but the SHA-256 is stored.

    A room adds a constraint that of what the link is for at most one is open (``ended_at`` is
    null). Made and ended by ``one_time_links.py``.
    """

    delivery = models.OneToOneField(
        Delivery, models.PROTECT, null=True, verbose_name=_("delivery"), related_name="+"
    )

    class Meta(Link.Meta):
        abstract = True


class LastingLink(Link):
    """A link that may be used as often as needed until it expires.

    Its token is kept encrypted, so that the same address can be sent again. A room adds a
    constraint that what the link is for has one. Made by ``lasting_links.py``.
    """

    token = SealedCharField(max_length=64, editable=False)

    class Meta(Link.Meta):
        abstract = True

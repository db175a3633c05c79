"""Departments to which tickets can be referred; they have no account here."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_PHONE = 30


class Department(models.Model):
    """A department to which tickets can be referred. Never deleted: referrals refer to it."""

    ordinal = models.PositiveSmallIntegerField(_("order"), default=100)
    name = models.CharField(_("name"), max_length=60, unique=True)
    email = models.EmailField(
        _("e-mail"), blank=True,
        help_text=_("Links go there. Empty: the officer hands each link over himself."),
    )  # fmt: skip
    phone = models.CharField(_("contact's phone"), max_length=LONGEST_PHONE, blank=True)
    is_active = models.BooleanField(_("may be asked"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering: ClassVar = ["ordinal", "pk"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

"""Links by which a screen on a wall shows the board without an account."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.text_fields import LineField


class DisplayLink(models.Model):
    """A link that shows the board's aggregates to whoever has it, until it is revoked.

    Of its token only the SHA-256 is stored. Never deleted: the record of acts refers to it.
    """

    name = LineField(
        _("name"), max_length=40, help_text=_("Where the screen hangs, for example 值班室大屏.")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"),
        editable=False,
    )  # fmt: skip
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("taken down at"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("taken down by"), editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("display link")
        verbose_name_plural = _("display links")
        ordering: ClassVar = ["-pk"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

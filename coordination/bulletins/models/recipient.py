"""Who is sent the bulletin by e-mail without having an account here."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.bulletins.models.issue import Format
from coordination.bulletins.models.letterhead import Language
from projects.house.blocks import Audience
from projects.record.facts import Journaled
from projects.record.text_fields import LineField

ENCLOSED_FORMATS = [
    (str(each), each.label) for each in (Format.PDF, Format.WORD, Format.WORKBOOK)
]  # fmt: skip
AUDIENCES = [
    (str(Audience.ALL), pgettext_lazy("bulletin", "for everybody")),
    (str(Audience.STAFF), pgettext_lazy("bulletin", "the staff's own")),
]


def _outside_name(pk: int, audience: str) -> str:
    return f"bulletin/{audience}/{pk}"


class Recipient(Journaled):
    """An address to which every issue is sent, in one language and some formats.

    The staff's own edition goes to addresses of the centre's own domains alone.
    """

    name = LineField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    formats = ArrayField(
        models.CharField(max_length=4, choices=ENCLOSED_FORMATS), verbose_name=_("formats")
    )
    audience = models.CharField(
        pgettext_lazy("bulletin", "edition"),
        max_length=5,
        choices=AUDIENCES,
        default=str(Audience.ALL),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("recipient of the bulletin")
        verbose_name_plural = _("recipients of the bulletin")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), "language", name="one_recipient_per_address_and_language"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_name(self) -> str:
        """The name by which the outbox knows the recipient: another one for each edition."""
        return _outside_name(self.pk, self.audience)

    @property
    def outside_names(self) -> list[str]:
        """Those by which it may have known the recipient before."""
        return [_outside_name(self.pk, audience) for audience, _label in AUDIENCES]

"""What every issue says of the office that prints it, once in each language."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.record.text_fields import LineField


class Language(models.TextChoices):
    CHINESE = "zh-hans", pgettext_lazy("issue", "Chinese")
    ENGLISH = "en", pgettext_lazy("issue", "English")


class Letterhead(models.Model):
    """The names printed at the head and the foot of an issue, in one language.

    An issue keeps what was printed on it, so a change here touches later issues only.
    """

    language = models.CharField(_("language"), max_length=10, choices=Language, unique=True)
    office = LineField(_("office"), max_length=100)
    heading = LineField(_("heading in red"), max_length=80)
    name = LineField(_("name of the bulletin"), max_length=60)
    title = LineField(_("title of an issue"), max_length=120)
    addressees = LineField(_("addressees"), max_length=200)
    reported_to = LineField(pgettext_lazy("bulletin", "reported to"), max_length=200, blank=True)
    sent_to = LineField(pgettext_lazy("bulletin", "sent to"), max_length=200, blank=True)
    issued_to = LineField(pgettext_lazy("bulletin", "issued to"), max_length=200, blank=True)
    shows_ranks = models.BooleanField(
        _("prints ranks"), default=False,
        help_text=_("Ranks of districts are printed only where this is switched on."),
    )  # fmt: skip
    copies = models.PositiveSmallIntegerField(
        _("printed copies"),
        null=True,
        blank=True,
        help_text=_("Left out where nothing is printed."),
    )

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        ordering: ClassVar = ["-language"]

    def __str__(self) -> str:
        return str(self.get_language_display())

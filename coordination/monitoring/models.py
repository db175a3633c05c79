"""The personal links of the day, and what reporters were sent and when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.delivery.models import Delivery
from coordination.parties.models import LastingLink
from projects.progress.models import Reporter
from projects.record.facts import Fact


class AskingKind(models.TextChoices):
    """Why a reporter was sent the day's link."""

    ASKED = "asked", pgettext_lazy("daily report", "asked")
    CHASED = "chased", pgettext_lazy("daily report", "chased")
    BY_HAND = "by_hand", _("sent again by an officer")
    SHOWN = "shown", _("shown to an officer, who hands it over")


class DailyLink(LastingLink):
    """The link by which one reporter reports on one project for one day, until the next noon."""

    reporter = models.ForeignKey(
        Reporter, models.PROTECT, related_name="daily_links",
        verbose_name=pgettext_lazy("daily report", "reporter"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    made_for = models.CharField(max_length=40, editable=False)  # what delivery calls the person

    class Meta(LastingLink.Meta):
        verbose_name = _("reporter's link")
        verbose_name_plural = _("reporters' links")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reporter", "day"],
                name="one_link_a_reporters_day",
                condition=models.Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reporter_id} {self.day}"


class Asking(Fact):
    """A reporter was sent the link of a day: of each kind once. Several may share one mail."""

    reporter = models.ForeignKey(
        Reporter, models.PROTECT, related_name="askings",
        verbose_name=pgettext_lazy("daily report", "reporter"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=AskingKind)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("officer"),
    )  # fmt: skip
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, related_name="+", verbose_name=_("delivery")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("request for a report")
        verbose_name_plural = _("requests for reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reporter", "day", "kind"], name="asked_once_of_each_kind"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="asking_day")]

    def __str__(self) -> str:
        return f"{self.reporter_id} {self.day} {self.kind}"

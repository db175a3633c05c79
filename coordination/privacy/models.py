"""Records of looks at personal data, of purges and of legal holds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import Capacity
from coordination.tickets.models import Ticket
from coordination.tickets.personal import group_choices
from projects.record.facts import Fact
from projects.record.open_choices import OpenChoiceField
from projects.record.text_fields import LineField


class Reveal(Fact):
    """One officer saw one group of one ticket's personal data.

    Either for a reason that he gave, or in the capacity in which he works on the ticket.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="reveals"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+"
    )
    group = OpenChoiceField(_("personal data"), max_length=10, choices=group_choices)
    reason = LineField(_("reason"), max_length=200, blank=True)
    capacity = models.CharField(_("looked as"), max_length=20, choices=Capacity, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(reason="", capacity=""), name="privacy_look_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.group}"


class Purge(Fact):
    """A ticket's personal data was erased; ``erased`` holds the number of rows by eraser.

    ``before`` is the moment until which recorded texts were erased. ``left`` has the digests of
    what is left of the ticket and its lines, since their events' texts no longer say it.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="purges"
    )
    erased = models.JSONField(_("erased"))
    before = models.DateTimeField(_("of what was recorded until"))
    left = models.JSONField(_("digests of what is left"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return str(self.ticket_id)


class LegalHold(Fact):
    """The director holds a ticket from the purge or releases it; a ticket's last row counts."""

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="legal_holds"
    )
    is_held = models.BooleanField(_("held"))
    reason = LineField(_("reason"), max_length=200)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return str(self.ticket_id)

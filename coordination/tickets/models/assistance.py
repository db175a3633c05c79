"""Officers who assist with a ticket of which others are in charge."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models.ticket import Ticket


class Assistance(models.Model):
    """An officer of any group assists with one ticket for a time.

    The events record who asked for him and who released him; this row lets him see the ticket.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="assistances"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("assisting officer"),
        related_name="assistances",
    )  # fmt: skip
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("assistance")
        verbose_name_plural = _("assistances")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "officer"], condition=models.Q(until=None),
                name="assists_once_at_a_time",
            )
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["officer"], condition=models.Q(until=None), name="assistance_in_force"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} · {self.officer}"

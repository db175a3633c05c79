"""An officer's saved views, and his read marks of tickets."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models import Ticket
from projects.record.text_fields import LineField


class SavedView(models.Model):
    """A named filter of the queue."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views",
        verbose_name=_("officer"),
    )  # fmt: skip
    name = LineField(_("name"), max_length=20)
    query = models.CharField(_("filters"), max_length=500, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "name"], name="one_view_of_a_name"),
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(is_default=True), name="one_view_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TicketSeen(models.Model):
    """The last version of a ticket that an officer has seen; later changes are unread."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("officer")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="+", verbose_name=_("ticket"), db_index=False
    )
    changed_at = models.DateTimeField(_("last changed at"))

    class Meta:
        verbose_name = _("seen ticket")
        verbose_name_plural = _("seen tickets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "officer"], name="seen_once")
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} · {self.ticket_id}"

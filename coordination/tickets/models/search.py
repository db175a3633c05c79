"""The search row of a ticket."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models.ticket import Ticket


class TicketSearch(models.Model):
    """Title, plates and materials of one ticket as the index needs them; erased with them."""

    ticket = models.OneToOneField(
        Ticket, models.PROTECT, primary_key=True, related_name="search", verbose_name=_("ticket"),
        db_constraint=False,
    )  # fmt: skip
    text = models.TextField(editable=False, blank=True)
    tokens = ArrayField(models.TextField(), editable=False)

    class Meta:
        verbose_name = _("search row")
        verbose_name_plural = _("search rows")
        indexes: ClassVar = [GinIndex(fields=["tokens"], name="ticket_search_tokens")]

    def __str__(self) -> str:
        return str(self.ticket_id)

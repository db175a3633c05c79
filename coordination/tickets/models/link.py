"""Links between tickets. The rows hold the present state, the events its history."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models.ticket import Ticket
from projects.record.facts import Journaled


class Relation(models.TextChoices):
    RELATED = "related", _("related")
    DUPLICATE_OF = "duplicate_of", _("duplicate of")
    OPENED_FOR = "opened_for", _("opened for")


class TicketLink(Journaled):
    """``source`` is a duplicate of ``target``, was opened for it, or is related to it."""

    MAY_BE_DELETED = True

    source = models.ForeignKey(
        Ticket, models.PROTECT, related_name="links_from", verbose_name=_("ticket")
    )
    target = models.ForeignKey(
        Ticket, models.PROTECT, related_name="links_to", verbose_name=_("the other ticket")
    )
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("link of tickets")
        verbose_name_plural = _("links of tickets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Least("source", "target"),
                Greatest("source", "target"), name="two_tickets_one_link",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(relation="duplicate_of"),
                name="duplicate_of_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="never_linked_to_itself"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"

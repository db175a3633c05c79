"""Refusals of lines: facts, like fulfilments, so that sums are right at any moment."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.models.ticket import Ticket, TicketEvent
from projects.record.facts import Fact
from projects.record.open_choices import OpenChoiceField


class LineRefusal(Fact):
    """A quantity of one line that was refused; negative if it is worked on again.

    The reason is in the event's text, where it can be erased.
    """

    event = models.ForeignKey(
        TicketEvent, models.PROTECT, verbose_name=_("ticket event"), related_name="line_refusals"
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="line_refusals"
    )
    kind = OpenChoiceField(_("kind"), max_length=20, choices=kind_choices)
    line = models.PositiveSmallIntegerField(_("line"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("line's refusal")
        verbose_name_plural = _("lines' refusals")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "line"], name="one_refusal_per_event_and_line")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "recorded_at"], include=["quantity"], name="line_refusal_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.line} {self.quantity}"

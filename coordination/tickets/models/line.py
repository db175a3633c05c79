"""Refusals and amendments of lines: facts, so that sums are right at any moment."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.kinds.units import LONGEST_UNIT
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


class LineRevision(Fact):
    """What one line asked for until an event amended it; the line has what it asks for since."""

    event = models.ForeignKey(
        TicketEvent, models.PROTECT, verbose_name=_("ticket event"), related_name="line_revisions"
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="line_revisions"
    )
    kind = OpenChoiceField(_("kind"), max_length=20, choices=kind_choices)
    line = models.PositiveSmallIntegerField(_("line"))
    asked = models.DecimalField(_("asked"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=LONGEST_UNIT)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("line's revision")
        verbose_name_plural = _("lines' revisions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "line"], name="one_revision_per_event_and_line"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "recorded_at"], name="line_revision_kind")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.line} {self.asked} {self.unit}"

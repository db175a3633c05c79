"""The escalation steps that were given."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.escalation.ladder import Level
from coordination.tickets.models import Ticket, TicketEvent
from projects.record.facts import Fact


class Escalation(Fact):
    """One step, given once for one deadline: two sweeps at one moment cannot both give it."""

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="escalation",
        verbose_name=_("ticket event"),
    )  # fmt: skip
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, verbose_name=_("ticket"), related_name="escalations"
    )
    run = models.PositiveSmallIntegerField(_("deadline's number"))
    level = models.CharField(_("level"), max_length=2, choices=Level)
    # How many steps of this level were annulled before it was given.
    annulled_before = models.PositiveSmallIntegerField(default=0, editable=False)
    due = models.DateTimeField(_("deadline"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering: ClassVar = ["ticket", "run", "level"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "run", "level", "annulled_before"],
                name="each_level_once_for_a_deadline",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["level", "recorded_at"], name="escalation_level"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.run} {self.level}"


class Annulment(Fact):
    """A step that the true deadline would not have given: its deadline was provisional."""

    escalation = models.OneToOneField(
        Escalation, models.PROTECT, primary_key=True, related_name="annulment",
        verbose_name=_("escalation"),
    )  # fmt: skip
    event = models.ForeignKey(
        TicketEvent, models.PROTECT, related_name="annulments", verbose_name=_("ticket event")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(Fact.Meta):
        verbose_name = _("annulment of a step")
        verbose_name_plural = _("annulments of steps")
        ordering: ClassVar = ["escalation"]

    def __str__(self) -> str:
        return str(self.escalation_id)

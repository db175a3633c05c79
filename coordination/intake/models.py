"""The event feed: the positions that events get after their commit, so no reader skips one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.tickets.models import TicketEvent
from projects.record.facts import Fact
from projects.register.models import Enterprise


class FeedPending(models.Model):
    """An event that has no position yet, written by a trigger together with the event.

    Its foreign keys have no constraints, since neither the event nor the enterprise can be deleted.
    """

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="+", db_constraint=False,
        verbose_name=_("ticket event"),
    )  # fmt: skip
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("enterprise"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("event without a position")
        verbose_name_plural = _("events without a position")

    def __str__(self) -> str:
        return str(self.event_id)


class FeedEntry(Fact):
    """An event's position in the feed: whoever sees an entry could see all entries before it.

    Positions follow the order of commit, unlike ids and recorded times, and have no gaps.
    Internal events have none.
    """

    position = models.BigIntegerField(_("position"), primary_key=True)
    event = models.OneToOneField(
        TicketEvent, models.PROTECT, related_name="feed_entry", verbose_name=_("ticket event")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="+", db_index=False, verbose_name=_("enterprise")
    )

    class Meta(Fact.Meta):
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [
            models.Index(fields=["enterprise", "position"], name="feed_enterprise")
        ]

    def __str__(self) -> str:
        return str(self.position)

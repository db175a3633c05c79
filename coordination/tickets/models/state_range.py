"""In which status and group each ticket stood, and from when to when."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.tickets.flow import OPEN, Status
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.models.ticket import Ticket, TicketEvent
from projects.record.facts import Reference
from projects.record.open_choices import OpenChoiceField
from projects.register.models import Project

_HOLDS: Final = Q(ended_at__isnull=True)
_IS_OPEN: Final = Q(status__in=sorted(OPEN))

# One expression for the end of a range, null or not: an index of it serves "held at a moment", and
# its statistics tell PostgreSQL how few ranges that are.
UNTIL: Final = Func(
    F("ended_at"), template="COALESCE(%(expressions)s, 'infinity'::timestamptz)",
    output_field=models.DateTimeField(),
)  # fmt: skip


class StateRange(Reference):
    """A ticket had this status and this group from ``began_at`` to before ``ended_at``.

    One row for each event that changed either; ``ended_at`` is null while it holds. Two changes at
    one instant leave a range of no length. Written by a trigger on the ticket's events alone
    (migration 0005): the application may only read. Kind and project never change; they are here
    so that counting needs no join. Every change of a ticket pays for every index and foreign key:
    what a trigger copies from an event and its ticket needs no constraint of its own.
    """

    event = models.OneToOneField(
        TicketEvent, models.PROTECT, primary_key=True, related_name="state_range",
        verbose_name=_("ticket event"), db_constraint=False,
    )  # fmt: skip
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="state_ranges", verbose_name=_("ticket"),
        db_constraint=False, db_index=False,
    )  # fmt: skip
    kind = OpenChoiceField(_("kind"), max_length=20, choices=kind_choices)
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="+", verbose_name=_("project"),
        db_constraint=False, db_index=False,
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=12, choices=Status)
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, null=True, related_name="+", verbose_name=_("service group"),
        db_constraint=False, db_index=False,
    )  # fmt: skip
    # Of the range before; empty and null where the event filed the ticket.
    status_before = models.CharField(max_length=12, blank=True)
    group_before = models.ForeignKey(
        ServiceGroup, models.PROTECT, null=True, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    began_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("range of a ticket's state")
        verbose_name_plural = _("ranges of tickets' states")
        constraints: ClassVar = [
            # The trigger ends the range that holds at the instant at which the next begins, so
            # with these two no ranges of a ticket overlap.
            models.UniqueConstraint(fields=["ticket"], condition=_HOLDS, name="one_state_holds"),
            models.CheckConstraint(
                condition=_HOLDS | Q(ended_at__gte=F("began_at")), name="state_ends_after_it_began"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "began_at"], name="state_ticket_began"),
            # With every column that a ledger reads, so that it need not look at the table.
            models.Index(
                fields=["began_at"],
                name="state_began",
                include=[
                    "kind",
                    "project",
                    "status",
                    "group",
                    "status_before",
                    "group_before",
                ],
            ),
            # Open at a moment: of the open ones that began by then, those that had not ended.
            models.Index(UNTIL, condition=_IS_OPEN, name="state_open_until"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.status} {self.began_at:%Y-%m-%d %H:%M}"

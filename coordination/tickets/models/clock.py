"""The columns of a ticket's clock."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import RUNNING, Status
from projects.worktime.spans import Span, Unit

_RUNNING = models.Q(status__in=sorted(RUNNING))
_HAS_CLOCK = models.Q(clock_due__isnull=False)


class Clocked(models.Model):
    """A ticket's clock: the acceptance clock until it is accepted, the handling clock after.

    What the running clock is reckoned from is kept beside its deadline, so that a row of terms
    edited later moves nothing that runs. Written by ``keep`` alone, within the verbs.

    ``clock_run`` numbers the deadlines of one ticket: 1 for acceptance, and one more whenever
    another deadline is set. Warnings and steps of the ladder count within one run.
    """

    accept_due = models.DateTimeField(_("to be accepted by"), null=True, editable=False)
    due_at = models.DateTimeField(_("to be resolved by"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, editable=False)
    clock_run = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    clock_from = models.DateTimeField(null=True, editable=False)
    term_amount = models.PositiveSmallIntegerField(default=0, editable=False)
    term_unit = models.CharField(max_length=12, choices=Unit, blank=True, editable=False)
    extension = models.PositiveSmallIntegerField(default=0, editable=False)
    extension_asked = models.PositiveSmallIntegerField(default=0, editable=False)
    extension_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        db_index=False,
    )  # fmt: skip
    # In which the running clock stood: for an answer, and from a resolution to its redo.
    pauses = ArrayField(DateTimeRangeField(), default=list, editable=False)
    resolved_periods = ArrayField(DateTimeRangeField(), default=list, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    answer_due = models.DateTimeField(_("to be answered by"), null=True, editable=False)
    # The last question lapsed, and no answer has come since.
    question_lapsed = models.BooleanField(default=False, db_default=False, editable=False)
    warn_at = models.DateTimeField(null=True, editable=False)
    due_is_provisional = models.BooleanField(_("provisional"), default=False, editable=False)
    answer_is_provisional = models.BooleanField(default=False, editable=False)
    # Something of the ticket is to be reckoned again when this year is entered: the running
    # deadline, an earlier one, the term of a question or of a referral.
    awaits_year = models.PositiveSmallIntegerField(null=True, editable=False)
    warned_count = models.PositiveSmallIntegerField(default=0, editable=False)
    ever_red = models.BooleanField(_("was overdue"), default=False, editable=False)
    # Overdue by a deadline that was not provisional; ``ever_red`` counts every deadline.
    was_surely_red = models.BooleanField(default=False, editable=False)
    # The deadline of the clock that runs or stands; none once it is resolved or has ended.
    clock_due = models.GeneratedField(
        expression=models.Case(
            models.When(_RUNNING, then=Coalesce("due_at", "accept_due")), default=None
        ),
        output_field=models.DateTimeField(_("due"), null=True),
        db_persist=True,
    )

    INDEXES: ClassVar = [
        models.Index(fields=["clock_due", "id"], condition=_HAS_CLOCK, name="ticket_due"),
        models.Index(
            fields=["group", "clock_due", "id"], condition=_HAS_CLOCK, name="ticket_group_due"
        ),
        models.Index(
            fields=["handler", "clock_due", "id"], condition=_HAS_CLOCK, name="ticket_handler_due"
        ),
        models.Index(
            fields=["answer_due"],
            condition=models.Q(answer_due__isnull=False),
            name="ticket_answer_due",
        ),
        models.Index(
            fields=["awaits_year", "id"],
            condition=models.Q(awaits_year__isnull=False),
            name="ticket_awaits_year",
        ),
    ]
    CONSTRAINTS: ClassVar = [
        models.CheckConstraint(
            condition=models.Q(status=Status.NEED_INFO, paused_at__isnull=False)
            | (~models.Q(status=Status.NEED_INFO) & models.Q(paused_at__isnull=True)),
            name="clock_stands_while_asked",
        )
    ]

    class Meta:
        abstract = True

    @property
    def term(self) -> Span:
        """The running clock's term as it was set."""
        return Span(self.term_amount, self.term_unit)

    @property
    def span(self) -> Span:
        """The same, with what was added to it."""
        return self.term.extended(self.extension)

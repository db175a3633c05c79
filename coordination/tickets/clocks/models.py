"""The centre's terms and calendar, as rows that its staff edit; and a ticket's clock."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.tickets.clocks.calendar import is_announced
from coordination.tickets.clocks.sentence import say_amount
from coordination.tickets.clocks.spans import LONGEST, Span, Stage, Unit
from coordination.tickets.flow import RUNNING, Status
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.urgency import Urgency

_IS_SAME_DAY = models.Q(unit=Unit.SAME_DAY)
_MATTER = ("stage", "kind", "urgency")
_WAS_GENERAL = pgtrigger.Q(old__kind="")
_IS_OF_ANOTHER = (
    pgtrigger.Q(old__stage__df=pgtrigger.F("new__stage"))
    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
    | pgtrigger.Q(old__urgency__df=pgtrigger.F("new__urgency"))
)


class Term(models.Model):
    """How long a stage may take, for a kind and an urgency, or for every one of them.

    The row for the kind holds before the row for every kind; of those, the one for the urgency
    before the one for every urgency.
    """

    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    kind = models.CharField(
        _("kind"), max_length=20, choices=kind_choices, blank=True,
        help_text=_("Empty for every kind that has no row of its own."),
    )  # fmt: skip
    urgency = models.CharField(
        _("urgency"), max_length=10, choices=Urgency, blank=True,
        help_text=_("Empty for every urgency that has no row of its own."),
    )  # fmt: skip
    amount = models.PositiveSmallIntegerField(
        _("amount"), validators=[MaxValueValidator(LONGEST)],
        help_text=_("0 for the same day, otherwise at least 1."),
    )  # fmt: skip
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering: ClassVar = ["stage", "kind", "urgency"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stage", "kind", "urgency"], name="one_term_for_each",
                violation_error_message=_("There is a term for these already."),
            ),
            models.CheckConstraint(
                condition=(_IS_SAME_DAY & models.Q(amount=0))
                | (~_IS_SAME_DAY & models.Q(amount__range=(1, LONGEST))),
                name="term_has_its_amount",
                violation_error_message=_(
                    "Enter 0 for the same day, and 1 to 365 for every other unit."
                ),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="general_term_stays", operation=pgtrigger.Delete, condition=_WAS_GENERAL
            ),
            pgtrigger.Protect(
                name="general_term_stays_general",
                operation=pgtrigger.UpdateOf(*_MATTER),  # type: ignore[no-untyped-call]  # pgtrigger has no types there
                condition=_WAS_GENERAL & _IS_OF_ANOTHER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {say_amount(self.amount, self.unit)}"

    def clean(self) -> None:
        """Each mistake by its field; the constraints say the same of whoever does not ask."""
        errors: dict[str, Promise] = {}
        if self.stage == Stage.ANSWER and self.urgency:
            errors["urgency"] = _("The term for an answer is the same for every urgency.")
        elif self._is_taken():
            errors["urgency"] = _("There is a term for these already.")
        if not self._has_its_amount():
            errors["amount"] = _("Enter 0 for the same day, and 1 to 365 for every other unit.")
        if errors:
            raise ValidationError(dict(errors))

    def _is_taken(self) -> bool:
        same = Term.objects.filter(stage=self.stage, kind=self.kind, urgency=self.urgency)
        return same.exclude(pk=self.pk).exists()

    def _has_its_amount(self) -> bool:
        if None in {"amount": self.amount, "unit": self.unit or None}.values():
            return True  # the field of its own says so
        return self.amount == 0 if self.unit == Unit.SAME_DAY else 1 <= self.amount <= LONGEST

    @property
    def is_general(self) -> bool:
        """It holds where no other does, so it is edited and never removed."""
        return not self.kind


class CalendarOverride(models.Model):
    """A day that is worked, or not, against the official notice or for want of one."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("worked"))
    reason = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("calendar override")
        verbose_name_plural = _("calendar overrides")
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class CalendarYear(models.Model):
    """A year without an official notice here, whose days off the staff have entered whole."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_(
            "Enter the year's holidays and makeup days as overrides first; every other day is "
            "then worked from Monday to Friday."
        ),
    )  # fmt: skip
    source = models.CharField(_("by which notice"), max_length=100)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        """A year that the official notices settle needs no row; one without days off is a slip."""
        if self.year is None:
            return
        if is_announced(self.year):
            raise ValidationError({"year": _("The official notice of this year is known already.")})
        if not CalendarOverride.objects.filter(day__year=self.year, is_working=False).exists():
            raise ValidationError({"year": _("Enter the year's days off as overrides first.")})


class ServiceHours(models.Model):
    """A period of a working day in which the desk serves; in Shanghai's time."""

    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("desk's hours")
        verbose_name_plural = _("desk's hours")
        ordering: ClassVar = ["opens"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opens_before_it_closes",
                violation_error_message=_("The end must be after the beginning."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        """Periods end after they begin, and do not overlap."""
        given = {"opens": self.opens, "closes": self.closes}
        if None in given.values():  # a field of its own says so
            return
        if self.closes <= self.opens:
            raise ValidationError({"closes": _("The end must be after the beginning.")})
        others = ServiceHours.objects.exclude(pk=self.pk)
        if others.filter(opens__lt=self.closes, closes__gt=self.opens).exists():
            raise ValidationError({"opens": _("This overlaps other service hours.")})

    @property
    def is_the_last(self) -> bool:
        """Without any service hours no term could be reckoned, so the last are edited only."""
        return not ServiceHours.objects.exclude(pk=self.pk).exists()


_RUNNING = models.Q(status__in=sorted(RUNNING))
_HAS_CLOCK = models.Q(clock_due__isnull=False)


class Clocked(models.Model):
    """A ticket's clock: the acceptance clock until it is accepted, the handling clock after.

    What the running clock is reckoned from is kept beside its deadline, so that a row of terms
    edited later moves nothing that runs. Written by ``keep`` alone, within the verbs.
    """

    accept_due = models.DateTimeField(_("to be accepted by"), null=True, editable=False)
    due_at = models.DateTimeField(_("to be resolved by"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, editable=False)
    clock_from = models.DateTimeField(null=True, editable=False)
    term_amount = models.PositiveSmallIntegerField(default=0, editable=False)
    term_unit = models.CharField(max_length=12, choices=Unit, blank=True, editable=False)
    extension = models.PositiveSmallIntegerField(default=0, editable=False)
    extension_asked = models.PositiveSmallIntegerField(default=0, editable=False)
    extension_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        db_index=False,
    )  # fmt: skip
    pauses = ArrayField(DateTimeRangeField(), default=list, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    answer_due = models.DateTimeField(_("to be answered by"), null=True, editable=False)
    warn_at = models.DateTimeField(null=True, editable=False)
    warned_count = models.PositiveSmallIntegerField(default=0, editable=False)
    ever_red = models.BooleanField(_("was overdue"), default=False, editable=False)
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

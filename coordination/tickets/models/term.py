"""The centre's terms: rows that staff edit."""

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.stages import Stage
from coordination.tickets.urgency import Urgency
from projects.record.facts import Journaled
from projects.record.open_choices import OpenChoiceField
from projects.worktime.sentence import say_amount
from projects.worktime.spans import LONGEST, Unit

_IS_SAME_DAY = models.Q(unit=Unit.SAME_DAY)
_MATTER = ("stage", "kind", "urgency")
_WAS_GENERAL = pgtrigger.Q(old__kind="")
_IS_OF_ANOTHER = (
    pgtrigger.Q(old__stage__df=pgtrigger.F("new__stage"))
    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
    | pgtrigger.Q(old__urgency__df=pgtrigger.F("new__urgency"))
)


class Term(Journaled):
    """How long a stage may take, for a kind and an urgency, or for all of them.

    A row for the kind takes precedence over one for all kinds; among these, a row for the urgency
    over one for all urgencies.
    """

    MAY_BE_DELETED = True

    stage = models.CharField(_("stage"), max_length=8, choices=Stage)
    kind = OpenChoiceField(
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
        """Raise ValidationError by field; the database's constraints hold the same rules."""
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
            return True  # reported by the field itself
        return self.amount == 0 if self.unit == Unit.SAME_DAY else 1 <= self.amount <= LONGEST

    @property
    def is_general(self) -> bool:
        """Whether it applies where no other row does; such a row is edited and never removed."""
        return not self.kind

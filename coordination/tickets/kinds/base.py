"""What every kind of ticket has: lines, each with what was asked, what was met, and its outcome."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.record.refusals import FieldError


class Outcome(models.TextChoices):
    PENDING = "pending", _("Pending")
    MET = "met", _("Met")
    PART_MET = "part_met", _("Partly met")
    REFUSED = "refused", _("Not met")


class Line(models.Model):
    """One vehicle, one party of workers, one material: what a ticket of its kind asks for."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, verbose_name=_("ticket"), related_name="+",
        db_index=False,
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("line"), editable=False)
    asked = models.DecimalField(_("asked"), max_digits=14, decimal_places=3, editable=False)
    met = models.DecimalField(
        _("met"), max_digits=14, decimal_places=3, default=Decimal(0), editable=False
    )
    refused = models.DecimalField(
        _("refused"), max_digits=14, decimal_places=3, default=Decimal(0), editable=False
    )
    added_at = models.DateTimeField(_("added at"), editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.PENDING, editable=False
    )
    outcome_reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["ticket", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket", "position"], name="%(class)s_one_line_per_position"
            ),
            models.CheckConstraint(
                condition=models.Q(met__gte=0)
                & models.Q(refused__gte=0)
                & models.Q(asked__gte=models.F("met") + models.F("refused")),
                name="%(class)s_settled_within_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.position}"

    @property
    def is_settled(self) -> bool:
        """What was met and what was refused make up what was asked."""
        return bool(self.met + self.refused == self.asked)

    def judged(self) -> Outcome:
        """The outcome, by the quantities."""
        if self.met == self.asked:
            return Outcome.MET
        if self.met:
            return Outcome.PART_MET
        return Outcome.REFUSED if self.refused else Outcome.PENDING


@dataclass(frozen=True)
class LineRule[L: Line]:
    """What must hold of a line; judged where each field it ``needs`` is valid by itself.

    ``holds`` is given the line and the moment of filing; the message stands by ``field``.
    """

    field: str
    needs: tuple[str, ...]
    holds: Callable[[L, datetime], bool]
    message: Promise
    code: str

    @property
    def error(self) -> FieldError:
        """What is said where it does not hold."""
        return FieldError((self.field,), self.message, self.code)


def broken[L: Line](
    rules: Iterable[LineRule[L]], line: L, at: datetime, wrong: Collection[str] = ()
) -> list[LineRule[L]]:
    """Those that do not hold of the line, and can be judged.

    No field that they look at is ``wrong`` by itself.
    """
    if wrong:
        rules = [each for each in rules if {each.field, *each.needs}.isdisjoint(wrong)]
    return [each for each in rules if not each.holds(line, at)]


@dataclass(frozen=True)
class Example:
    """A filing of the kind as the API's document shows it; a test files it on its day."""

    title: str
    line: Mapping[str, Any]


_MET: Final = _("Met")


@dataclass(frozen=True)
class Measure:
    """Something that is summed over the lines of a kind: their quantities, or the lines themselves.

    ``only`` are the values of fields that a line must have to be counted. A change of what is
    counted is a new schema of the bulletin's block.
    """

    name: str  # in the figures: stable
    unit: Promise
    counts_lines: bool = False
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Opening[L: Line]:
    """A ticket of another kind that is opened with one of this kind, where a line wants it."""

    kind: str
    wanted: Callable[[L], bool]
    title: Promise  # with the first ticket's title in it, as %(title)s


@dataclass(frozen=True)
class Kind[L: Line]:
    """One kind of ticket: all that the desk knows of it.

    ``fields`` are those that a filer fills in, in the order in which a form shows them;
    ``personal`` those of them that name a person; ``headline`` says a line in a few words.
    A line that breaks one of the ``rules`` is refused; one that breaks only a warning is filed,
    and the warning is said wherever the line is shown.
    """

    name: str
    label: Promise
    model: type[L]
    unit: Promise
    fields: tuple[str, ...]
    personal: frozenset[str]
    whole: bool  # quantities are whole numbers
    asked: Callable[[L], Decimal]
    rules: tuple[LineRule[L], ...]
    headline: Callable[[L], str]
    measures: tuple[Measure, ...]
    example: Example
    warnings: tuple[LineRule[L], ...] = ()
    opens: Opening[L] | None = None
    met_label: Promise = _MET  # what the kind calls the quantity met
    searchable: tuple[str, ...] = ()  # fields by whose words a ticket is found

    def check(self, line: L, at: datetime) -> list[FieldError]:
        """Everything wrong with a line that was not saved yet, each by its field."""
        errors: list[FieldError] = []
        try:
            line.clean_fields(exclude=self._not_filed)
        except ValidationError as error:
            errors += [
                FieldError((field,), " ".join(each.messages), each.code or "invalid")
                for field, found in error.error_dict.items()
                for each in found
            ]
        wrong = {str(error.path[0]) for error in errors}
        errors += [each.error for each in broken(self.rules, line, at, wrong)]
        return errors

    @cached_property
    def filed(self) -> frozenset[str]:
        """The fields that a filer fills in."""
        return frozenset(self.fields)

    @cached_property
    def _not_filed(self) -> frozenset[str]:
        """Those that the desk gives a line."""
        return frozenset(each.name for each in self.model._meta.fields) - self.filed

    def warn(self, lines: Iterable[L], at: datetime) -> list[FieldError]:
        """What should be otherwise about lines that are right; ``at`` is their time of filing."""
        return [
            each.error.below("lines", index)
            for index, line in enumerate(lines)
            for each in broken(self.warnings, line, at)
        ]

    def lines_of(self, ticket_id: int) -> models.QuerySet[Any]:
        """The lines of one ticket, in their order."""
        return self.model.objects.filter(ticket_id=ticket_id).order_by("position")

    def read_lines(self, ticket_id: int) -> list[L]:
        """The same, read."""
        table = self.model._meta.db_table
        statement = f'SELECT * FROM "{table}" WHERE ticket_id = %s ORDER BY position'  # noqa: S608 - a name of our own
        return list(self.model.objects.raw(statement, [ticket_id]))

"""What every kind of ticket has: lines, each with quantity asked, quantity met and outcome."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.tickets.kinds.units import LONGEST_UNIT, Dimension, is_unit
from projects.record.days import out_of_reach
from projects.record.refusals import FieldError
from projects.record.text_fields import LineField
from projects.register.places import PlaceField, place_name, read_place


class Outcome(models.TextChoices):
    PENDING = "pending", _("Pending")
    MET = "met", _("Met")
    PART_MET = "part_met", _("Partly met")
    REFUSED = "refused", _("Not met")


class Line(models.Model):
    """One vehicle, one party of workers or one material that a ticket asks for."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, verbose_name=_("ticket"), related_name="+",
        db_index=False,
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("line"), editable=False)
    # Of the three quantities below, as the table of units spells it.
    unit = models.CharField(_("unit"), max_length=LONGEST_UNIT, editable=False)
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
    outcome_reason = LineField(_("reason"), max_length=200, blank=True, editable=False)

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

    def place(self, name: str) -> str:
        """The name of the place in this field, as it was called when the line was filed."""
        return place_name(getattr(self, name), timezone.localdate(self.added_at))

    @property
    def is_settled(self) -> bool:
        """Whether the quantities met and refused add up to the quantity asked."""
        return bool(self.met + self.refused == self.asked)

    def judged(self) -> Outcome:
        """The outcome that follows from the quantities."""
        if self.met == self.asked:
            return Outcome.MET
        if self.met:
            return Outcome.PART_MET
        return Outcome.REFUSED if self.refused else Outcome.PENDING


class MeasuredLine(Line):
    """A line whose filer gives the unit; what he wrote is kept beside it."""

    unit = LineField(_("unit"), max_length=LONGEST_UNIT)
    unit_filed = models.CharField(
        _("unit as it was filed"), max_length=LONGEST_UNIT, blank=True, editable=False
    )

    class Meta(Line.Meta):
        abstract = True


def error_of(field: str, error: ValidationError) -> FieldError:
    """What the field's own check says."""
    return FieldError((field,), " ".join(error.messages), error.code or "invalid")


@dataclass(frozen=True)
class LineRule[L: Line]:
    """A rule for a line. It is checked only if the fields that it ``needs`` are valid.

    ``holds`` takes the line and the time of filing; the message is shown at ``field``.
    """

    field: str
    needs: tuple[str, ...]
    holds: Callable[[L, datetime], bool]
    message: Promise
    code: str

    @property
    def error(self) -> FieldError:
        """The error for a line that breaks the rule."""
        return FieldError((self.field,), self.message, self.code)


def unit_rule(*, blank: bool = False) -> LineRule[Any]:
    """The rule for the unit of a line whose filer gives it; with ``blank`` it may be left out."""
    return LineRule(
        "unit", (), lambda line, _at: (blank and not line.unit) or is_unit(line.unit),
        _("Enter a unit of measure, such as 吨 or 米."), "unit",
    )  # fmt: skip


def broken[L: Line](
    rules: Iterable[LineRule[L]], line: L, at: datetime, wrong: Collection[str] = ()
) -> list[LineRule[L]]:
    """The rules that the line breaks; rules about a field that is ``wrong`` are left out."""
    if wrong:
        rules = [each for each in rules if {each.field, *each.needs}.isdisjoint(wrong)]
    return [each for each in rules if not each.holds(line, at)]


@dataclass(frozen=True)
class Example:
    """The example of a filing in the API's document; a test files it."""

    title: str
    line: Mapping[str, Any]


_MET: Final = _("Met")


@dataclass(frozen=True)
class Opening[L: Line]:
    """A ticket of another kind that is opened together with one of this kind if a line wants it."""

    kind: str
    wanted: Callable[[L], bool]
    title: Promise  # with the first ticket's title in it, as %(title)s


@dataclass(frozen=True)
class Occupied:
    """By what lines of two tickets ask for the same thing: equal ``key``, days that meet."""

    key: str
    first: str  # the field of the first day, and of the last
    last: str


@dataclass(frozen=True)
class Kind[L: Line]:
    """One kind of ticket.

    ``fields`` are filled in by the filer, in the order of the form; those in ``personal`` name a
    person, and those in ``kept_inside`` tell of a few people's health: a department that is asked
    about a ticket is shown neither. ``asked`` is the quantity that a line asks for, and ``unit``
    its unit as the table of units spells it. ``about`` names what a line is about, ``headline``
    also how much of it. A line that breaks one of the ``rules`` is refused; one that breaks only
    one of the ``warnings`` is filed, and the warning is shown with it.
    """

    name: str
    label: Promise
    model: type[L]
    unit: Callable[[L], str]
    fields: tuple[str, ...]
    personal: frozenset[str]
    whole: bool  # quantities are whole numbers
    asked: Callable[[L], Decimal]
    quantity_field: str  # of which the quantity follows; empty where every line is one
    rules: tuple[LineRule[L], ...]
    about: Callable[[L], str]
    headline: Callable[[L], str]
    example: Example
    warnings: tuple[LineRule[L], ...] = ()
    opens: Opening[L] | None = None
    kept_inside: frozenset[str] = frozenset()
    met_label: Promise = _MET  # the kind's own label for the quantity met
    searchable: tuple[str, ...] = ()  # the search finds a ticket by the words in these fields
    occupies: Occupied | None = None  # what no two tickets should ask for at once
    # What its lines are measured in, as far as it can be added; a line may have another unit.
    dimensions: tuple[Dimension, ...] = ()
    counts_lines: bool = False  # the bulletin counts the lines too, since their units differ

    def measure(self, line: L) -> None:
        """Set the quantity that a checked line asks for, and its unit."""
        line.asked = self.asked(line)
        if isinstance(line, MeasuredLine):
            line.unit_filed = line.unit
        line.unit = self.unit(line)

    def check(
        self, line: L, at: datetime, changed: Collection[str] | None = None
    ) -> list[FieldError]:
        """Every mistake in a line that is not saved yet, by its field.

        Each value is brought to the form in which it is stored. Of a line that is amended, those
        in the ``changed`` fields and the rules about them.
        """
        checked = self.filed if changed is None else frozenset(changed)
        errors = self._read_places(line, at, checked)
        unread = {str(error.path[0]) for error in errors}
        try:
            line.clean_fields(exclude=self._not_filed | (self.filed - checked) | unread)
        except ValidationError as error:
            errors += [
                error_of(field, each) for field, found in error.error_dict.items() for each in found
            ]
        wrong = {str(error.path[0]) for error in errors}
        rules = [each for each in self.rules if checked & {each.field, *each.needs}]
        errors += [each.error for each in broken(rules, line, at, wrong)]
        return errors + self._far(line, at, checked - {str(error.path[0]) for error in errors})

    def _far(self, line: L, at: datetime, names: Collection[str]) -> list[FieldError]:
        """The errors of days and moments in these fields that lie too far off."""
        found = ((name, out_of_reach(getattr(line, name), at)) for name in self.days
                 if name in names)  # fmt: skip
        return [FieldError((name,), message, "range") for name, message in found if message]

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The fields that hold a day or a moment."""
        return tuple(
            name for name in self.fields
            if isinstance(self.model._meta.get_field(name), models.DateField)
        )  # fmt: skip

    @cached_property
    def filed(self) -> frozenset[str]:
        """The fields that the filer fills in."""
        return frozenset(self.fields)

    @cached_property
    def _not_filed(self) -> frozenset[str]:
        """The fields that the desk sets."""
        return frozenset(each.name for each in self.model._meta.fields) - self.filed

    def _read_places(self, line: L, at: datetime, checked: Collection[str]) -> list[FieldError]:
        """Replace names of places by their codes; return the errors of those that are none."""
        errors, on = [], timezone.localdate(at)
        for name in (each for each in self.places if each in checked):
            typed = getattr(line, name)
            try:
                if typed:
                    setattr(line, name, read_place(str(typed), on).code)
            except ValidationError as error:
                errors.append(error_of(name, error))
        return errors

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The fields that name a place by its code."""
        return tuple(
            name for name in self.fields
            if isinstance(self.model._meta.get_field(name), PlaceField)
        )  # fmt: skip

    def warn(self, lines: Iterable[L], at: datetime) -> list[FieldError]:
        """The warnings about valid lines; ``at`` is the time of filing."""
        return [
            each.error.below("lines", index)
            for index, line in enumerate(lines)
            for each in broken(self.warnings, line, at)
        ]

    def lines_of(self, ticket_id: int) -> models.QuerySet[Any]:
        """The lines of one ticket, in their order."""
        return self.model.objects.filter(ticket_id=ticket_id).order_by("position")

    def read_lines(self, ticket_id: int) -> list[L]:
        """The same lines as a list."""
        table = self.model._meta.db_table
        statement = f'SELECT * FROM "{table}" WHERE ticket_id = %s ORDER BY position'  # noqa: S608 - a name of our own
        return list(self.model.objects.raw(statement, [ticket_id]))

"""The columns of a kind's workbook: those of a ticket, then those of a line, from their fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.urgency import FILED

YES: Final = pgettext_lazy("answer", "Yes")
NO: Final = pgettext_lazy("answer", "No")
EXAMPLE: Final = _("Example")
REQUIRED: Final = "*"
_TICKETS: Final = ("title", "detail", "urgency", "contact_name", "contact_mobile", "needed_by")
_PATHS: Final = {"contact_name": ("contact", "name"), "contact_mobile": ("contact", "mobile")}


@dataclass(frozen=True, eq=False)
class Column:
    """One column; ``path`` is where its value stands in a filing, or in a line of it."""

    name: str
    label: str | Promise
    path: tuple[str, ...]
    of_line: bool
    required: bool
    field: "models.Field[Any, Any] | None" = None
    offers: tuple[tuple[str, str | Promise], ...] = ()  # a value, and what it is called

    @property
    def heading(self) -> str:
        """As the workbook says it."""
        return f"{self.label} {REQUIRED}" if self.required else str(self.label)

    def is_a(self, *fields: type[Any]) -> bool:
        """The column holds one of these."""
        return isinstance(self.field, fields)


NUMBER: Final = Column("no", _("Ticket no. in this sheet"), ("no",), of_line=False, required=False)
PROJECT: Final = Column("project", _("Project code"), ("project",), of_line=False, required=True)


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """All of them, in the order of the workbook."""
    model = KINDS[kind].model
    lines = [_column(model._meta.get_field(name), of_line=True) for name in KINDS[kind].fields]
    tickets = [_column(Ticket._meta.get_field(name), of_line=False) for name in _TICKETS]
    return (NUMBER, PROJECT, *(_apart(each, lines) for each in tickets), *lines)


def _column(field: Any, *, of_line: bool) -> Column:
    return Column(
        field.name, field.verbose_name, _PATHS.get(field.name, (field.name,)), of_line=of_line,
        required=not (field.blank or field.has_default()), field=field, offers=_offers(field),
    )  # fmt: skip


def _offers(field: Any) -> tuple[tuple[str, str | Promise], ...]:
    if field.name == "urgency":
        return tuple((each.value, each.label) for each in FILED)
    if isinstance(field, models.BooleanField):
        return (("true", YES), ("false", NO))
    return tuple(field.choices or ())


def _apart(column: Column, lines: Iterable[Column]) -> Column:
    """Where a line has a column of that name, too, this says that it is the ticket's."""
    if all(in_each_language(column.label) != in_each_language(each.label) for each in lines):
        return column
    label = _("Ticket: %(column)s")
    return Column(
        column.name, _Joined(label, column.label), column.path, column.of_line, column.required,
        column.field, column.offers,
    )  # fmt: skip


class _Joined(Promise):
    """Two texts, joined in the language in which they are read."""

    def __init__(self, frame: Any, column: str | Promise) -> None:
        self._frame, self._column = frame, column

    def __str__(self) -> str:
        return str(self._frame) % {"column": self._column}


def in_each_language(text: object) -> set[str]:
    """The text as any reader may have it before him."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(str(text))
    return found


@cache
def meanings(kind: str) -> dict[str, Column]:
    """Each heading, in each language, without its star."""
    return {said: each for each in columns_of(kind) for said in in_each_language(each.label)}


@cache
def offered(column: Column) -> dict[str, str]:
    """What may be written in a column of choices, and the value that is meant."""
    found = {value: value for value, _label in column.offers}
    for value, label in column.offers:
        found |= dict.fromkeys(in_each_language(label), value)
    return found


@cache
def examples() -> set[str]:
    """How the example row calls itself."""
    return in_each_language(EXAMPLE)

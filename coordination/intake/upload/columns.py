"""The columns of a kind's workbook, made from the models' fields: the ticket's, then the line's."""

import re
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
from projects.record.folding import fold
from projects.record.text import compact

YES: Final = pgettext_lazy("answer", "Yes")
NO: Final = pgettext_lazy("answer", "No")
EXAMPLE: Final = _("Example")
REQUIRED: Final = "*"
_BRACKETS: Final = re.compile(r"\(.*\)$")
_OF_A_PERSON: Final = "姓名"  # where 驾驶员 stands above 姓名 and 手机
_TICKETS: Final = (
    "title", "detail", "urgency", "contact_name", "contact_mobile", "needed_by", "external_id",
)  # fmt: skip
_PATHS: Final = {"contact_name": ("contact", "name"), "contact_mobile": ("contact", "mobile")}


@dataclass(frozen=True, eq=False)
class Column:
    """One column; ``path`` leads to its value in the body of a filing, or in a line of it."""

    name: str
    label: str | Promise
    path: tuple[str, ...]
    of_line: bool
    required: bool
    field: "models.Field[Any, Any] | None" = None
    choices: tuple[tuple[str, str | Promise], ...] = ()  # value, label

    @property
    def heading(self) -> str:
        """The heading in the workbook; a star marks a required column."""
        return f"{self.label} {REQUIRED}" if self.required else str(self.label)

    def is_a(self, *fields: type[Any]) -> bool:
        """Whether its field is of one of these classes."""
        return isinstance(self.field, fields)


NUMBER: Final = Column("no", _("Ticket no. in this sheet"), ("no",), of_line=False, required=False)
PROJECT: Final = Column("project", _("Project code"), ("project",), of_line=False, required=True)


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """All columns, in the order of the workbook."""
    model = KINDS[kind].model
    lines = [_column(model._meta.get_field(name), of_line=True) for name in KINDS[kind].fields]
    tickets = [_column(Ticket._meta.get_field(name), of_line=False) for name in _TICKETS]
    return (NUMBER, PROJECT, *(_distinguish(column, lines) for column in tickets), *lines)


def _column(field: Any, *, of_line: bool) -> Column:
    return Column(
        field.name, field.verbose_name, _PATHS.get(field.name, (field.name,)), of_line=of_line,
        required=not (field.blank or field.has_default()), field=field, choices=_choices(field),
    )  # fmt: skip


def _choices(field: Any) -> tuple[tuple[str, str | Promise], ...]:
    if field.name == "urgency":
        return tuple((urgency.value, urgency.label) for urgency in FILED)
    if isinstance(field, models.BooleanField):
        return (("true", YES), ("false", NO))
    return tuple(field.choices or ())


def _distinguish(column: Column, lines: Iterable[Column]) -> Column:
    """Mark a ticket's column as such where a line has a column with the same label."""
    if all(in_each_language(column.label) != in_each_language(line.label) for line in lines):
        return column
    label = _("Ticket: %(column)s")
    return Column(
        column.name, _Joined(label, column.label), column.path, column.of_line, column.required,
        column.field, column.choices,
    )  # fmt: skip


class _Joined(Promise):
    """A label within a frame, both translated when they are read."""

    def __init__(self, frame: Any, column: str | Promise) -> None:
        self._frame, self._column = frame, column

    def __str__(self) -> str:
        return str(self._frame) % {"column": self._column}


def in_each_language(text: object) -> set[str]:
    """The text in every language of the product."""
    texts = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            texts.add(str(text))
    return texts


@cache
def _columns_by_label(kind: str) -> dict[str, Column]:
    """The columns by their folded labels in every language, without what is in brackets too."""
    found = dict[str, Column]()
    for column in columns_of(kind):
        for label in in_each_language(column.label):
            found |= {fold(label): column, fold(_BRACKETS.sub("", compact(label))): column}
    return found


def column_called(kind: str, heading: str) -> Column | None:
    """The column of a heading, however it is spelled; None where it is not known."""
    known, text = _columns_by_label(kind), compact(heading)
    for spelling in (text, _BRACKETS.sub("", text), text.removesuffix(_OF_A_PERSON)):
        if column := known.get(fold(spelling)):
            return column
    return None


@cache
def values_by_text(column: Column) -> dict[str, Any]:
    """The values of a column with choices, by themselves and by their labels, folded.

    Yes and no as JSON has them.
    """
    values = {fold(value): value for value, _label in column.choices}
    for value, label in column.choices:
        values |= dict.fromkeys(map(fold, in_each_language(label)), value)
    if column.is_a(models.BooleanField):
        return {text: value == "true" for text, value in values.items()}
    return values

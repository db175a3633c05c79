"""How a value of a row gets into its column.

What saving would do to a value is its field's to say; it is asked where saving does anything.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

# The columns to whose values saving adds nothing, where they are of the column's own type.
_PLAIN: Final[tuple[tuple[type, type], ...]] = (
    (models.DateTimeField, datetime), (models.DateField, date), (models.CharField, str),
    (models.TextField, str), (models.IntegerField, int), (models.BooleanField, bool),
    (models.DecimalField, Decimal), (models.ForeignKey, int),
)  # fmt: skip

UNREAD: Final = object()  # of a row that was read without this column
_TEXTS: Final = (models.CharField, models.TextField)


class Column:
    """One column of a model."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.field, self.attribute, self.name = field, field.attname, field.column
        sets_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        is_djangos = type(field).__module__.startswith("django.")
        own = next((type_ for kind, type_ in _PLAIN if isinstance(field, kind)), None)
        self.plain: Any = own if is_djangos and not sets_itself else None
        self._is_of_json = type(field) is models.JSONField and field.encoder is None

    def held(self, row: Model) -> Any:
        """The value as it lies in the row: what is sealed stays so."""
        return row.__dict__.get(self.attribute, UNREAD)

    def value(self, row: Model, database: BaseDatabaseWrapper, *, add: bool) -> Any:
        """As Django would save it."""
        value = self.held(row)
        if self.is_ready(type(value)) and not is_odd(value):
            return value
        if self.are_lists_of_texts([value]):
            return value
        return self.field.get_db_prep_save(self.field.pre_save(row, add), database)

    def is_ready(self, type_: type) -> bool:
        """Whether saving does nothing to values of this type; but see ``is_odd``."""
        if self.plain is None:
            return False
        return type_ in {self.plain, NoneType} or (
            issubclass(type_, models.Choices) and issubclass(type_, self.plain)
        )

    def are_ready(self, values: Iterable[Any]) -> bool:
        """Whether saving does nothing to any of them."""
        if not all(map(self.is_ready, set(map(type, values)))):
            return False
        return not (self.may_be_odd and any(map(is_odd, values)))

    @property
    def may_be_odd(self) -> bool:
        """Whether it is not a type alone that says what saving does; see ``is_odd``."""
        return self.plain in {datetime, Decimal}

    def are_documents(self, values: Iterable[Any]) -> bool:
        """Objects of JSON, in a column of it."""
        return self._is_of_json and set(map(type, values)) == {dict}

    def are_lists_of_texts(self, values: Iterable[Any]) -> bool:
        """Lists with nothing but texts in them, or empty ones, in a column of such."""
        if not isinstance(self.field, ArrayField) or set(map(type, values)) != {list}:
            return False
        types = set(map(type, chain.from_iterable(values)))
        return not types or (types == {str} and type(self.field.base_field) in _TEXTS)


def is_odd(value: object) -> bool:
    """A moment without a zone, or a decimal that is no number: what a field has more to say of.

    Of the one Django makes a moment here, and complains; the other it refuses.
    """
    if isinstance(value, datetime):
        return value.tzinfo is None
    return isinstance(value, Decimal) and not value.is_finite()

"""Columns that a dump does not give away: sealed when they are written, opened when they are read.

Opened only when somebody asks the row for it, so a list that does not show a mobile never opens
one. Nothing can be searched for in them, and two equal values do not look equal.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from projects.record.canonical import as_json
from projects.record.sealing import Unreadable, seal_bytes, unseal, unseal_bytes

# In place of a value that does not open, on a page.
UNREADABLE: Final = _("(cannot be opened: the key that it was sealed with is not known here)")


@dataclass(frozen=True)
class Sealed:
    """A value as it lies in the database."""

    token: str


def as_sealed(row: Any, name: str) -> str:
    """The column as it was loaded, for whoever opens it elsewhere; empty where nothing is there."""
    value = row.__dict__[name]
    return value.token if isinstance(value, Sealed) else ""


def opened_or(row: Any, name: str, otherwise: Any) -> Any:
    """The column in the clear; ``otherwise`` where it does not open.

    For whoever shows or erases it: one lost key is no reason for a page not to answer.
    """
    try:
        return getattr(row, name)
    except Unreadable:
        return otherwise


def is_there(row: Any, name: str) -> bool:
    """Whether the column holds anything, opened or not."""
    return row.__dict__[name] is not None


class OpenedWhenRead(DeferredAttribute):
    """The attribute of a row: what was loaded stays sealed until it is asked for."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """The value in the clear; opened once."""
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        field: Any = self.field
        opened = field.unsealed(value.token)
        instance.__dict__[field.attname] = opened
        return opened

    def __set__(self, instance: Any, value: Any) -> None:
        """Being set makes it asked at all: what lies in the row would be given unasked."""
        instance.__dict__[self.field.attname] = value


class SealedColumn:
    """What the fields have in common; nothing, and an empty text, lie there as they are."""

    descriptor_class = OpenedWhenRead

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django names it
        return "text"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:  # noqa: ARG002 - Django names them
        return Sealed(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        return value if value is None or value == "" else seal_bytes(self.closed(value))

    def closed(self, value: Any) -> bytes:
        """What is sealed of a value."""
        return str(value).encode()

    def unsealed(self, token: str) -> Any:
        return self.opened(unseal(token))

    def opened(self, text: str) -> Any:
        return text


class SealedCharField(SealedColumn, models.CharField):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """A short text, sealed; its length is that of the text."""


class SealedJSONField(SealedColumn, models.Field):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """A JSON value, sealed as one."""

    def closed(self, value: Any) -> bytes:
        return as_json(value)

    def opened(self, text: str) -> Any:
        return json.loads(text)


class SealedBinaryField(SealedColumn, models.Field):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """Bytes, sealed; what is long is kept in several rows, as it is opened as a whole."""

    def closed(self, value: Any) -> bytes:
        return bytes(memoryview(value))

    def unsealed(self, token: str) -> Any:
        return unseal_bytes(token)

"""Sealed (encrypted) model fields: a dump of the database does not reveal their values.

They are encrypted when they are written, and decrypted when the attribute is first read, so a list
that does not show a mobile number decrypts none. They cannot be searched or compared.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from projects.record.canonical import as_json
from projects.record.sealing import Unreadable, seal_bytes, unseal, unseal_bytes

# Shown on a page instead of a value that cannot be decrypted.
UNREADABLE: Final = _("(cannot be opened: the key that it was sealed with is not known here)")


@dataclass(frozen=True)
class Sealed:
    """An encrypted value, as the database stores it."""

    token: str


def as_sealed(row: Any, name: str) -> str:
    """The encrypted value as it was loaded, to be decrypted elsewhere; empty if there is none."""
    value = row.__dict__[name]
    return value.token if isinstance(value, Sealed) else ""


def opened_or(row: Any, name: str, otherwise: Any) -> Any:
    """The decrypted value, or ``otherwise`` if it cannot be decrypted.

    For code that shows or erases values: a page must work although a key was lost.
    """
    try:
        return getattr(row, name)
    except Unreadable:
        return otherwise


def is_there(row: Any, name: str) -> bool:
    """Whether the column has a value, decrypted or not."""
    return row.__dict__[name] is not None


class OpenedWhenRead(DeferredAttribute):
    """The descriptor of a sealed field: decrypts the value when it is first read."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the decrypted value; decrypted once per instance."""
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        field: Any = self.field
        opened = field.unsealed(value.token)
        instance.__dict__[field.attname] = opened
        return opened

    def __set__(self, instance: Any, value: Any) -> None:
        """Store the value; without ``__set__`` Python would never call ``__get__`` on a row."""
        instance.__dict__[self.field.attname] = value


class SealedColumn:
    """Base of the sealed fields; None and an empty text are stored unencrypted."""

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
        """The value as bytes, to be encrypted."""
        return str(value).encode()

    def unsealed(self, token: str) -> Any:
        return self.opened(unseal(token))

    def opened(self, text: str) -> Any:
        return text


class SealedCharField(SealedColumn, models.CharField):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """An encrypted short text; ``max_length`` is that of the plain text."""


class SealedJSONField(SealedColumn, models.Field):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """A JSON value, encrypted as a whole."""

    def closed(self, value: Any) -> bytes:
        return as_json(value)

    def opened(self, text: str) -> Any:
        return json.loads(text)


class SealedBinaryField(SealedColumn, models.Field):  # type: ignore[type-arg, misc]  # a generic in the stubs alone
    """Encrypted bytes. Store long content in several rows: each is decrypted as a whole."""

    def closed(self, value: Any) -> bytes:
        return bytes(memoryview(value))

    def unsealed(self, token: str) -> Any:
        return unseal_bytes(token)

"""Secrets that we must say again later, so that a hash will not do: kept sealed at rest.

The key is derived from SECRET_KEY, so a dump of the database alone opens none of them. Where the
key changes, put the old one into SECRET_KEY_FALLBACKS; what was sealed with it still opens.
"""

import base64
import hashlib
from functools import cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE: Final = b"zhitongche.sealing.v1"
_SEALED_BEGIN: Final = "gAAAAA"


class Unreadable(Exception):  # noqa: N818 - said of what was sealed
    """Sealed with a key that we no longer have, or altered since."""


def _locks() -> MultiFernet:
    return _locks_of(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _locks_of(*keys: str) -> MultiFernet:
    """Kept: deriving them costs as much as opening."""
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + key.encode()).digest())


def seal(text: str) -> str:
    """The text under lock; different each time, so equal secrets do not look equal."""
    return seal_bytes(text.encode())


def seal_bytes(content: bytes) -> str:
    """The same of bytes that are no text; a third longer."""
    return _locks().encrypt(content).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable."""
    return unseal_bytes(sealed).decode()


def unseal_bytes(sealed: str) -> bytes:
    """The bytes again. Raises Unreadable."""
    try:
        return _locks().decrypt(sealed.encode())
    except InvalidToken as error:
        raise Unreadable from error


def is_sealed(text: str) -> bool:
    """It looks like something sealed: the version and the first bytes of a time are the same."""
    return text.startswith(_SEALED_BEGIN)


def rotated(sealed: str) -> str:
    """The same, under the first key. Raises Unreadable."""
    try:
        return _locks().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error

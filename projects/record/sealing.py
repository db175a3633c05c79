"""Encryption at rest ("sealing"), for values that must be read again, so that no hash will do.

AES-256-GCM with a key derived from SECRET_KEY, so a dump of the database alone reveals none of
them. When the key changes, put the old one into SECRET_KEY_FALLBACKS; values encrypted with it
can then still be read.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

_PURPOSE: Final = b"zhitongche.sealing.v2"
_SEALED_BEGIN: Final = "zs2."
# Random for each value: good for 2^32 values under one key (NIST SP 800-38D, 8.3).
_NONCE: Final = 12

# An older format, which is read and no longer written.
_FORMER_PURPOSE: Final = b"zhitongche.sealing.v1"
_FORMERLY_BEGAN: Final = "gAAAAA"


class Unreadable(Exception):  # noqa: N818 - it describes the value
    """The value was encrypted with a key that we no longer have, or was altered."""


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _lock(key: str) -> AESGCM:
    """The cipher of a key; cached, because deriving the key is as slow as decrypting."""
    return AESGCM(hashlib.sha256(_PURPOSE + key.encode()).digest())


@cache
def _first_lock() -> AESGCM:
    """The cipher that encrypts; cached, because reading a setting is slow."""
    return _lock(settings.SECRET_KEY)


@receiver(setting_changed)
def _ask_again(**_said: object) -> None:
    _first_lock.cache_clear()


@cache
def _former_locks(*keys: str) -> MultiFernet:
    digests = [hashlib.sha256(_FORMER_PURPOSE + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in digests])


def probes() -> list[str]:
    """A value sealed with each key that is known here, by which others are compared with them."""
    return [_sealed_by(_lock(key), b"") for key in _keys()]


def opens(sealed: str) -> bool:
    """Whether one of the keys that are known here opens the value."""
    try:
        unseal_bytes(sealed)
    except Unreadable:
        return False
    return True


def seal(text: str) -> str:
    """Encrypt a text. The nonce is random, so equal texts give different results."""
    return seal_bytes(text.encode())


def seal_bytes(content: bytes) -> str:
    """Encrypt bytes; the result is a third longer."""
    return _sealed_by(_first_lock(), content)


def _sealed_by(lock: AESGCM, content: bytes) -> str:
    nonce = os.urandom(_NONCE)
    sealed = nonce + lock.encrypt(nonce, content, None)
    return _SEALED_BEGIN + base64.urlsafe_b64encode(sealed).decode()


def unseal(sealed: str) -> str:
    """Decrypt a text. Raises Unreadable."""
    try:
        return unseal_bytes(sealed).decode()
    except UnicodeDecodeError as error:
        raise Unreadable from error


def unseal_bytes(sealed: str) -> bytes:
    """Decrypt bytes. Raises Unreadable."""
    if not sealed.startswith(_SEALED_BEGIN):
        return _opened_by(_former_locks(*_keys()).decrypt, sealed.encode())
    locked = _opened_by(base64.urlsafe_b64decode, sealed.removeprefix(_SEALED_BEGIN))
    nonce, content = locked[:_NONCE], locked[_NONCE:]
    for key in _keys():
        try:
            return _opened_by(_lock(key).decrypt, nonce, content, None)
        except Unreadable:
            continue
    raise Unreadable


def _opened_by(opens: Callable[..., bytes], *sealed: Any) -> bytes:
    try:
        return opens(*sealed)
    except (InvalidTag, InvalidToken, binascii.Error, ValueError) as error:
        raise Unreadable from error


def is_sealed(text: str) -> bool:
    """Whether it has the form of an encrypted value, of the present or the older format."""
    return text.startswith((_SEALED_BEGIN, _FORMERLY_BEGAN))


def rotated(sealed: str) -> str:
    """Re-encrypt a value with the first key. Raises Unreadable."""
    return seal_bytes(unseal_bytes(sealed))

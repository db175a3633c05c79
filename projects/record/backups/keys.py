"""The keys in a backup: encrypted with a passphrase, because what they open lies beside them."""

import json
import os
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from projects.record.backups.archive import Refused

SHORTEST: Final = 12  # characters of a passphrase
_SALT, _NONCE = 16, 12
# As OWASP recommends; 128 MB and half a second for each guess.
_COST: Final = {"n": 2**17, "r": 8, "p": 1}


def _lock(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode()))


def present_keys() -> dict[str, Any]:
    """The keys with which this desk seals and opens."""
    return {
        "secret_key": settings.SECRET_KEY,
        "secret_key_fallbacks": list(settings.SECRET_KEY_FALLBACKS),
    }


def locked(keys: dict[str, Any], passphrase: str) -> bytes:
    """The keys, encrypted. Raises Refused if the passphrase is too short."""
    if len(passphrase) < SHORTEST:
        raise Refused(f"The passphrase needs {SHORTEST} characters or more.")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = _lock(passphrase, salt).encrypt(nonce, json.dumps(keys).encode(), None)
    told = {"salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    return json.dumps({"kdf": "scrypt", **_COST, "cipher": "AES-256-GCM", **told}).encode()


def unlocked(content: bytes, passphrase: str) -> dict[str, Any]:
    """The keys. Raises Refused if the passphrase is another."""
    try:
        told = json.loads(content)
        salt, nonce, sealed = (bytes.fromhex(told[name]) for name in ("salt", "nonce", "sealed"))
        keys: dict[str, Any] = json.loads(_lock(passphrase, salt).decrypt(nonce, sealed, None))
    except InvalidTag as error:
        raise Refused("The passphrase does not open the archive's keys.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("The archive is damaged: its keys cannot be read.") from error
    return keys

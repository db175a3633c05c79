"""Issuing and revoking an enterprise's keys."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed
from projects.register.models import Enterprise

_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32  # 256 bits: nobody guesses it, so one fast hash is enough


def hash_secret(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(key: ApiKey, secret: str) -> bool:
    """Whether the secret is the key's, compared in constant time."""
    return hmac.compare_digest(key.secret_hash, hash_secret(secret))


def issue_key(
    *, enterprise: Enterprise, name: str, expires_at: datetime | None = None, by: AbstractUser
) -> tuple[ApiKey, str]:
    """A new key, and its token ``id.secret``: the only time that the secret is seen.

    Raises NotAllowed, Invalid.
    """
    if not by.has_perm("projects.add_apikey"):
        raise NotAllowed(_("Your role does not allow this."))
    with change() as at:
        check = Checker()
        check.require(name.strip(), "name", _("Say what uses this key."), "required")
        check.require(
            expires_at is None or expires_at > at,
            "expires_at", _("This moment has already passed."), "date-order",
        )  # fmt: skip
        check.finish()
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        key = ApiKey.objects.create(
            key_id=secrets.token_hex(_ID_BYTES), secret_hash=hash_secret(secret),
            enterprise=enterprise, name=name.strip(), created_at=at, created_by_id=by.pk,
            expires_at=expires_at,
        )  # fmt: skip
        return key, f"{key.key_id}.{secret}"


def revoke_key(*, key: ApiKey, by: AbstractUser) -> ApiKey:
    """The key opens nothing from now on; revoking it twice changes nothing. Raises NotAllowed."""
    if not by.has_perm("projects.change_apikey"):
        raise NotAllowed(_("Your role does not allow this."))
    with change() as at:
        row = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        if row.revoked_at is None:
            row.revoked_at = at
            row.save(update_fields=["revoked_at"])
        return row

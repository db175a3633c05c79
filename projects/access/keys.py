"""An enterprise's keys: issued, rotated with an overlap, revoked at once.

By an officer in the admin, or by the enterprise's own software with a key that has the scope
for it. Such a key sees only its own enterprise's keys and cannot grant scopes that it lacks; a key
that it issues ends when it ends, at the latest.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from projects.access.key_lineage import keys_depending_on
from projects.access.models import ApiKey, Scope, usual_scopes
from projects.record.acts import CHANGED, record_act
from projects.record.clock import change
from projects.record.days import PAST
from projects.record.refusals import Checker, Missing, NotAllowed
from projects.record.text import one_line
from projects.register.models import Enterprise

_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32  # 256 random bits, so one fast hash is enough
LONGEST_OVERLAP: Final = 30  # days for which the old key stays valid after a rotation
LONGEST_LIFE: Final = timedelta(days=3653)  # ten years; None is allowed too
MOST_PER_MINUTE: Final = 60_000  # requests
MOST_KEYS: Final = 20  # that open, of one enterprise
ISSUED: Final = "key_issued"
REPLACED: Final = "key_replaced"
REVOKED: Final = "key_revoked"


def hash_secret(secret: str) -> str:
    """The stored form of a secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(key: ApiKey, secret: str) -> bool:
    """Whether the secret is the key's; compared in constant time."""
    return hmac.compare_digest(key.secret_hash, hash_secret(secret))


def _require_right(permission: str, enterprise_id: int, by: AbstractUser | ApiKey) -> None:
    """Raise NotAllowed without the right; Missing to a key of another enterprise."""
    if isinstance(by, ApiKey):
        if by.enterprise_id != enterprise_id:
            raise Missing
        if Scope.KEYS not in by.scopes:
            raise NotAllowed(_("This key may not manage keys."))
    elif not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def issue_key(
    *,
    enterprise: Enterprise,
    name: str,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
    per_minute: int | None = None,
    by: AbstractUser | ApiKey,
) -> tuple[ApiKey, str]:
    """A new key, and its token ``id.secret``: the only time that the secret is seen.

    Without ``scopes`` it may read, file and act. A key issued by a key has the same limit and,
    without ``expires_at``, the same end. Raises Missing, NotAllowed, Invalid.
    """
    _require_right("access.add_apikey", enterprise.pk, by)
    with change() as at:
        by = _locked(enterprise.pk, at, by)
        key = ApiKey(
            enterprise=enterprise, name=one_line(name or ""),
            expires_at=_end_of(by) if expires_at is None else expires_at,
            scopes=usual_scopes() if scopes is None else list(scopes),
            per_minute=by.per_minute if isinstance(by, ApiKey) else per_minute,
        )  # fmt: skip
        _check(key, at, by)
        key.scopes = list(dict.fromkeys(key.scopes))
        token = _write(key, at, by)
        record_act(ISSUED, about=key, by=by)
        return key, token


def _locked[By: AbstractUser | ApiKey](enterprise_id: int, at: datetime, by: By) -> By:
    """Lock the enterprise, whose keys change one at a time; return ``by`` as it is now.

    Raises NotAllowed if it is a key that was revoked meanwhile.
    """
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise_id)
    if isinstance(by, ApiKey):
        by.refresh_from_db(fields=["expires_at", "revoked_at", "scopes", "per_minute"])
        if not is_open(by, at):
            raise NotAllowed(
                _("This key opens nothing any more: issue another one."), reason="key-ended"
            )
    return by


def _end_of(by: AbstractUser | ApiKey) -> datetime | None:
    """The latest end of a key that ``by`` issues; None if it need not end."""
    return by.expires_at if isinstance(by, ApiKey) else None


def _check(key: ApiKey, at: datetime, by: AbstractUser | ApiKey) -> None:
    check = Checker()
    check.require(key.name, "name", _("Say what uses this key."), "required")
    check.require(len(key.name) <= 60, "name", _("At most 60 characters."), "max_length")  # noqa: PLR2004 - the limit is in the message
    check.require(key.scopes, "scopes", _("Choose what the key may be used for."), "required")
    for place, each in enumerate(key.scopes):
        check.require(each in set(Scope), ("scopes", place), _("There is no such scope."), "choice")
        check.require(
            each not in set(Scope) or not isinstance(by, ApiKey) or by.covers(each),
            ("scopes", place), _("A key hands on no more than it may do itself."), "scope",
        )  # fmt: skip
        check.require(
            each != Scope.WEBHOOKS or key.covers(each), ("scopes", place),
            _("What webhooks are sent is not masked: let the key read unmasked too."), "scope",
        )  # fmt: skip
    _check_limit(check, key.per_minute)
    check.require(
        key.expires_at is None or key.expires_at > at,
        "expires_at", PAST, "date-order",
    )  # fmt: skip
    check.require(
        key.expires_at is None or key.expires_at <= at + LONGEST_LIFE,
        "expires_at", _("At most ten years from now."), "out-of-range",
    )  # fmt: skip
    latest = _end_of(by)
    check.require(
        latest is None or key.expires_at is None or key.expires_at <= latest,
        "expires_at", _("A key ends no later than the key that issues it."), "out-of-range",
    )  # fmt: skip
    check.finish()
    check.require(
        _open_keys(key, at) < MOST_KEYS,
        (), _("The enterprise has 20 keys in use: revoke one first."), "too-many",
    )  # fmt: skip
    check.finish()


def _check_limit(check: Checker, per_minute: int | None) -> None:
    check.require(
        per_minute is None or 0 <= per_minute <= MOST_PER_MINUTE,
        "per_minute", _("Give 0 to 60,000, or nothing."), "out-of-range",
    )  # fmt: skip


def _open_keys(key: ApiKey, at: datetime) -> int:
    own = ApiKey.objects.filter(enterprise_id=key.enterprise_id, revoked_at=None)
    return own.exclude(expires_at__lte=at).count()


def _write(key: ApiKey, at: datetime, by: AbstractUser | ApiKey) -> str:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key.key_id = secrets.token_hex(_ID_BYTES)
    key.secret_hash = hash_secret(secret)
    key.created_at = at
    if isinstance(by, ApiKey):
        key.created_by_key = by
    else:
        key.created_by_id = by.pk
    key.save(force_insert=True)
    return f"{key.key_id}.{secret}"


def rotate_key(
    *, key: ApiKey, overlap_days: int = 7, by: AbstractUser | ApiKey
) -> tuple[ApiKey, str]:
    """Issue a replacement; the old key stays valid for ``overlap_days``, 0 to 30.

    The new one has the same name, scopes and, if one was set, the same lifetime from now on, but
    ends no later than a key that issues it for another. Raises Missing, NotAllowed if the key is
    no longer valid or was rotated before, Invalid.
    """
    _require_right("access.add_apikey", key.enterprise_id, by)
    with change() as at:
        by = _locked(key.enterprise_id, at, by)
        row = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        check = Checker()
        check.require(
            0 <= overlap_days <= LONGEST_OVERLAP,
            "overlap_days", _("Give 0 to 30 days."), "out-of-range",
        )  # fmt: skip
        check.finish()
        if not is_open(row, at):
            raise NotAllowed(
                _("This key opens nothing any more: issue another one."), reason="key-ended"
            )
        if ApiKey.objects.filter(replaces=row).exists():
            raise NotAllowed(_("This key was replaced before."), reason="key-replaced")
        successor = ApiKey(
            enterprise_id=row.enterprise_id, name=row.name, scopes=row.scopes, replaces=row,
            expires_at=_end_of_successor(row, at, by), per_minute=row.per_minute,
        )  # fmt: skip
        _check_right_to(successor, by)
        token = _write(successor, at, by)
        last = at + timedelta(days=overlap_days)
        row.expires_at = min(row.expires_at or last, last)
        row.save(update_fields=["expires_at"])
        record_act(REPLACED, about=row, by=by)
        return successor, token


def _end_of_successor(key: ApiKey, at: datetime, by: AbstractUser | ApiKey) -> datetime | None:
    """As long a life again; a key that replaces itself may have it in full."""
    lifetime = None if key.expires_at is None else key.expires_at - key.created_at
    own = None if lifetime is None else at + min(lifetime, LONGEST_LIFE)
    latest = None if by == key else _end_of(by)
    return min((end for end in (own, latest) if end is not None), default=None)


def _check_right_to(key: ApiKey, by: AbstractUser | ApiKey) -> None:
    if isinstance(by, ApiKey) and not all(map(by.covers, key.scopes)):
        raise NotAllowed(_("A key hands on no more than it may do itself."), reason="scope")


def revoke_key(*, key: ApiKey, by: AbstractUser | ApiKey) -> ApiKey:
    """Revoke the key and those that depend on it from now on; twice changes nothing.

    Which keys depend on it, ``key_lineage`` says. Raises Missing, NotAllowed.
    """
    _require_right("access.change_apikey", key.enterprise_id, by)
    with change() as at:
        _locked(key.enterprise_id, at, by)
        found = {key.pk, *keys_depending_on(key)}
        rows = list(
            ApiKey.objects.filter(pk__in=found, revoked_at=None).select_related("enterprise")
        )
        ApiKey.objects.filter(pk__in=[each.pk for each in rows]).update(revoked_at=at)
        for each in rows:
            record_act(REVOKED, about=each, by=by)
        return ApiKey.objects.get(pk=key.pk)


def limit_key(*, key: ApiKey, per_minute: int | None, by: AbstractUser) -> ApiKey:
    """Set the key's limit in requests a minute; None is the default, 0 means no limit.

    Only officers may. Raises NotAllowed, Invalid.
    """
    _require_right("access.change_apikey", key.enterprise_id, by)
    check = Checker()
    _check_limit(check, per_minute)
    check.finish()
    with change():
        row = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        before, row.per_minute = row.per_minute, per_minute
        row.save(update_fields=["per_minute"])
        record_act(CHANGED, about=row, changes={"per_minute": (before, per_minute)}, by=by)
        return row


def is_open(key: ApiKey, at: datetime) -> bool:
    """Whether the key is neither revoked nor expired at that moment."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > at)

"""Who is calling, and for what: a key ``id.secret`` in ``Authorization: Bearer …``."""

import logging
from typing import TYPE_CHECKING, Final, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from projects.access.key_usage import note_refusal, note_use
from projects.access.keys import is_open, opens
from projects.access.limits import charge_address, charge_key
from projects.access.models import ApiKey, KeyRefusal, Scope
from projects.access.problems import Problem
from projects.record.clock import now
from projects.record.reading import attributes_of, columns_of, row_of, rows
from projects.register.models import Enterprise

if TYPE_CHECKING:  # DRF's views import this module by its settings, so it may not import them
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

_KEY: Final = f"""
    SELECT {columns_of(ApiKey, "own")}, {columns_of(Enterprise, "enterprise")}
    FROM access_apikey AS own JOIN register_enterprise AS enterprise
        ON enterprise.id = own.enterprise_id
    WHERE own.key_id = %s
"""  # noqa: S608 - names of our own
_REFUSED: Final = _("This key is not valid, has expired or was revoked.")
_OF_KEY: Final = len(attributes_of(ApiKey))
_SHOWN: Final = 4  # characters in the log of what is no key of ours: it may be anything


class KeyAuthentication(BaseAuthentication):
    """``request.user`` and ``request.auth`` are the ApiKey."""

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        """The key, or None if none is given.

        Raises AuthenticationFailed for a bad one, Problem (429) beyond the rate limit.
        """
        words = get_authorization_header(request).split()
        if not words:
            charge_address(request)
            return None
        token = words[1] if len(words) == 2 and words[0].lower() == b"bearer" else b""  # noqa: PLR2004 - a scheme and a token
        key = key_of(request, token)
        return key, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework names it
        """The WWW-Authenticate header of a 401."""
        return "Bearer"


def key_of(request: HttpRequest | Request, token: bytes) -> ApiKey:
    """The key that a request was sent with; the request and the key's use are counted.

    Raises AuthenticationFailed for a bad one, Problem (429) beyond the rate limit.
    """
    key, reason = _find(token)
    if key is None or reason is not None:
        _refuse(request, key, reason, token)
    charge_key(request, key)
    note_use(key)
    return key


def key_still_open(request: HttpRequest, key_id: str) -> ApiKey | None:
    """The key with this id while it opens, for who has shown its secret before; counted as well.

    Raises Problem (429) beyond the rate limit.
    """
    key = _read(key_id)
    if key is None or not is_open(key, now()):
        return None
    charge_key(request, key)
    note_use(key)
    return key


def _refuse(
    request: HttpRequest | Request,
    key: ApiKey | None,
    reason: KeyRefusal.Reason | None,
    token: bytes,
) -> NoReturn:
    """Log the refusal, by the key's id if it exists, and raise AuthenticationFailed.

    The address's limit is charged first, so that beyond it nothing is written to the table.
    """
    if key is None or reason is None:
        log.warning("refused a key beginning with %r: unknown", token[:_SHOWN])
        charge_address(request)
    else:
        log.warning("refused the key %s: %s", key.key_id, reason)
        charge_address(request)
        note_refusal(key, reason)
    raise AuthenticationFailed(_REFUSED)


def _find(token: bytes) -> tuple[ApiKey | None, KeyRefusal.Reason | None]:
    if not token.isascii() or not token.decode("ascii").isprintable():
        return None, None
    key_id, _dot, secret = token.decode("ascii").partition(".")
    key = _read(key_id)
    return key, None if key is None else _refused_for(key, secret)


def _read(key_id: str) -> ApiKey | None:
    """The key with its enterprise."""
    for values in rows(_KEY, [key_id]):
        key = row_of(ApiKey, values[:_OF_KEY])
        key.enterprise = row_of(Enterprise, values[_OF_KEY:])
        return key
    return None


def _refused_for(key: ApiKey, secret: str) -> KeyRefusal.Reason | None:
    if not opens(key, secret):
        return KeyRefusal.Reason.SECRET
    if is_open(key, now()):
        return None
    return KeyRefusal.Reason.EXPIRED if key.revoked_at is None else KeyRefusal.Reason.REVOKED


def require_still_open(key: ApiKey) -> None:
    """Raise AuthenticationFailed if the key was revoked or has expired since the request came."""
    current = _read(key.key_id)
    if current is None or not is_open(current, now()):
        raise AuthenticationFailed(_REFUSED)


def caller_of(request: Request) -> ApiKey:
    """The key that the request came with. Raises NotAuthenticated without one."""
    if not isinstance(request.user, ApiKey):
        raise NotAuthenticated
    return request.user


class HasKey(BasePermission):
    """Require a key with the scope that the view names for the method.

    A view sets ``scope``, or ``scopes`` by method, unless reading by GET and acting by the other
    methods is right for it. Where reading is asked for, reading masked is enough, unless it
    ``shows_whole_files``, in which nothing can be masked.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the request came with a key. Raises Problem (403) where its scope lacks this."""
        key = request.user
        if not isinstance(key, ApiKey):
            return False
        needed = scope_of(view, request.method or "")
        can_mask = needed == Scope.READ and not getattr(view, "shows_whole_files", False)
        if key.covers(needed) or (can_mask and Scope.READ_MASKED in key.scopes):
            return True
        note_refusal(key, KeyRefusal.Reason.SCOPE)
        raise Problem(
            "scope-missing", _("This needs a key with the scope “%(scope)s”.") % {"scope": needed}
        )


def scope_of(view: "APIView | type[APIView]", method: str) -> Scope:
    """The scope that a method of a view requires."""
    named: dict[str, Scope] = getattr(view, "scopes", {})
    usual = Scope.READ if method in SAFE_METHODS else Scope.ACT
    return named.get(method, getattr(view, "scope", usual))

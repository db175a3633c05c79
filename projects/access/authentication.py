"""Who is calling, and for what: a key ``id.secret`` in ``Authorization: Bearer …``."""

import logging
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from projects.access.keys import is_open, opens
from projects.access.models import ApiKey, KeyRefusal, Scope
from projects.access.problems import Problem
from projects.access.uses import note_refusal, note_use
from projects.record.clock import now

if TYPE_CHECKING:  # DRF's views import this module by its settings, so it may not import them
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

_SHOWN: Final = 4  # characters of a refused key's id in the log


class KeyAuthentication(BaseAuthentication):
    """``request.user`` and ``request.auth`` are the ApiKey."""

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        """The key, or nothing where none is given. Raises AuthenticationFailed for a bad one."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        token = words[1] if len(words) == 2 and words[0].lower() == b"bearer" else b""  # noqa: PLR2004
        key = _find(token)
        if key is None:
            log.warning("refused a key beginning with %r", token[:_SHOWN])
            raise AuthenticationFailed(_("This key is not valid, has expired or was revoked."))
        note_use(key)
        return key, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework names it
        """What a 401 says it wants."""
        return "Bearer"


def _find(token: bytes) -> ApiKey | None:
    if not token.isascii() or not token.decode("ascii").isprintable():
        return None
    key_id, _dot, secret = token.decode("ascii").partition(".")
    key = ApiKey.objects.select_related("enterprise").filter(key_id=key_id).first()
    if key is None:
        return None
    reason = _refused_for(key, secret)
    if reason is not None:
        note_refusal(key, reason)
        return None
    return key


def _refused_for(key: ApiKey, secret: str) -> KeyRefusal.Reason | None:
    if not opens(key, secret):
        return KeyRefusal.Reason.SECRET
    if is_open(key, now()):
        return None
    return KeyRefusal.Reason.EXPIRED if key.revoked_at is None else KeyRefusal.Reason.REVOKED


def caller_of(request: Request) -> ApiKey:
    """The key that the request came with. Raises NotAuthenticated without one."""
    if not isinstance(request.user, ApiKey):
        raise NotAuthenticated
    return request.user


class HasKey(BasePermission):
    """Only a key gets in, and only one with the scope that the view names for the method.

    A view says ``scope`` where it is more than reading by GET and acting by the rest, or
    ``scopes`` by method.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the request came with a key. Raises Problem (403) where its scope lacks this."""
        key = request.user
        if not isinstance(key, ApiKey):
            return False
        needed = scope_of(view, request.method or "")
        if needed in key.scopes:
            return True
        note_refusal(key, KeyRefusal.Reason.SCOPE)
        raise Problem(
            "scope-missing", _("This needs a key with the scope “%(scope)s”.") % {"scope": needed}
        )


def scope_of(view: "APIView | type[APIView]", method: str) -> Scope:
    """The scope that a method of a view asks for."""
    named: dict[str, Scope] = getattr(view, "scopes", {})
    usual = Scope.READ if method in SAFE_METHODS else Scope.ACT
    return named.get(method, getattr(view, "scope", usual))

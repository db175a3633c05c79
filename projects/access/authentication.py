"""Who is calling: a key ``id.secret`` in ``Authorization: Bearer …``."""

import logging
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from projects.access.keys import opens
from projects.access.models import ApiKey
from projects.record.clock import now

if TYPE_CHECKING:  # DRF's views import this module by its settings, so it may not import them
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


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
            log.warning("refused a key beginning with %r", token[:4])
            raise AuthenticationFailed(_("This key is not valid, has expired or was revoked."))
        return key, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework names it
        """What a 401 says it wants."""
        return "Bearer"


def _find(token: bytes) -> ApiKey | None:
    if not token.isascii() or not token.decode("ascii").isprintable():
        return None
    key_id, _dot, secret = token.decode("ascii").partition(".")
    key = ApiKey.objects.select_related("enterprise").filter(key_id=key_id).first()
    if key is None or not opens(key, secret):
        return None
    at = now()
    expired = key.expires_at is not None and key.expires_at <= at
    return None if expired or key.revoked_at is not None else key


def caller_of(request: Request) -> ApiKey:
    """The key that the request came with. Raises NotAuthenticated without one."""
    if not isinstance(request.user, ApiKey):
        raise NotAuthenticated
    return request.user


class HasKey(BasePermission):
    """Only a key gets in; an officer's session does not."""

    def has_permission(self, request: Request, view: "APIView") -> bool:  # noqa: ARG002 - the framework names it
        """Whether the request came with a key."""
        return isinstance(request.user, ApiKey)

"""Links for people without an account: made for single use, found by their token, ended.

Whoever has a link may use it, so its token has 256 random bits, only the token's SHA-256 is
stored, and a new link replaces the open one. The caller holds the lock of what a link is for.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Manager, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.delivery.outside import withdraw
from coordination.parties.models import Link, LinkEnd, OneTimeLink
from coordination.staff.models import Officer
from projects.access.keys import hash_secret
from projects.record.refusals import Gone, Missing, Text

_TOKEN_BYTES: Final = 32  # cannot be guessed, so one fast hash is enough
_REPLACED: Final = _("A newer link was sent to you. Please use that one.")
_EXPIRED: Final = _("This link has expired. Please ask the officer in charge for another.")


def make_link[LinkT: OneTimeLink](
    links: Manager[LinkT],
    *,
    route: str,
    order_key: str,
    expires_at: datetime,
    at: datetime,
    by: Officer | None,
) -> tuple[LinkT, str]:
    """Store a new link, end the open one as replaced; return the link and its address.

    ``links`` is the related manager of what the link is for, ``route`` the name of the page that
    takes the token, ``order_key`` that of the mails with these links. The address is not stored.
    """
    end_links(links, LinkEnd.REPLACED, order_key=order_key, at=at)
    token = new_token()
    link = links.create(digest=hash_secret(token), made_at=at, made_by=by, expires_at=expires_at)
    return link, urljoin(settings.PUBLIC_URL, reverse(route, args=[token]))


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def end_links[LinkT: OneTimeLink](
    links: Manager[LinkT], because: LinkEnd, *, order_key: str, at: datetime
) -> None:
    """End the open link, if there is one, and give up the pending mails with this order key."""
    if links.filter(ended_at=None).update(ended_at=at, ended_because=because):
        withdraw(order_key, at)


def find_link[LinkT: Link](links: QuerySet[LinkT], token: str) -> LinkT:
    """The link with this token, open or not. Raises Missing where there is none."""
    digest = hash_secret(token)
    link = links.filter(digest=digest).first()
    if link is None or not hmac.compare_digest(link.digest, digest):
        raise Missing
    return link


def require_open(link: Link, at: datetime, messages: Mapping[str, Text]) -> None:
    """Raise Gone, with a message, where the link was ended or has expired.

    ``messages`` holds the room's own by LinkEnd, for USED and REVOKED. They must reveal nothing
    of what the link was for.
    """
    if link.ended_at is not None:
        raise Gone({LinkEnd.REPLACED: _REPLACED, **messages}[link.ended_because])
    if link.expires_at <= at:
        raise Gone(_EXPIRED)

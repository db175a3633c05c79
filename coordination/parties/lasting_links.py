"""Links that may be used until they expire, and whose address can be sent again."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from coordination.parties.models import LastingLink
from coordination.parties.one_time_links import new_token
from coordination.staff.models import Officer
from projects.access.keys import hash_secret


def link_for[LinkT: LastingLink](
    links: QuerySet[LinkT], *, at: datetime, expires_at: datetime, by: Officer | None, **about: Any
) -> LinkT:
    """The link for what ``about`` says, which is made unless it is there.

    The caller holds the lock of what the link is for.
    """
    found = links.filter(**about).first()
    if found is not None:
        return found
    token = new_token()
    return links.create(
        digest=hash_secret(token), token=token, made_at=at, made_by=by, expires_at=expires_at,
        **about,
    )  # fmt: skip


def address_of(link: LastingLink, route: str) -> str:
    """The whole address; ``route`` is the name of the page that takes the token."""
    return urljoin(settings.PUBLIC_URL, reverse(route, args=[link.token]))

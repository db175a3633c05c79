"""Display links: made by the duty desk or the director, found by their token, revoked."""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.workbench.models import DisplayLink
from projects.access.keys import hash_secret
from projects.record.acts import record_act
from projects.record.clock import change, now
from projects.record.refusals import FieldError, Gone, Invalid, Missing, NotAllowed

MADE: Final = "display_link_made"
REVOKED: Final = "display_link_revoked"
_TOKEN_BYTES: Final = 32  # cannot be guessed, so one fast hash is enough
_NOTED_EACH: Final = timedelta(minutes=5)  # how exactly its last use is known
_MOST: Final = 20  # that are not revoked
_LONGEST_NAME: Final = 40
_REVOKED: Final = _("This screen's link was revoked. Please ask the duty desk for another.")


def make_display_link(*, name: str, by: Officer) -> tuple[DisplayLink, str]:
    """Make a link of this name; return it and its address, which is not stored.

    Raises NotAllowed without the right or with too many links, Invalid without a name.
    """
    _require_right(by, "add")
    if not name.strip():
        raise Invalid([FieldError(("name",), _("Say where the screen hangs."), "required")])
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with change() as at:
        if DisplayLink.objects.filter(revoked_at=None).count() >= _MOST:
            raise NotAllowed(_("There are too many display links. Revoke one first."))
        link = DisplayLink.objects.create(
            name=name[:_LONGEST_NAME], digest=hash_secret(token), made_at=at, made_by=by
        )
        record_act(MADE, about=link, by=by)
    return link, urljoin(settings.PUBLIC_URL, reverse("wall", args=[token]))


def revoke_display_link(*, link: DisplayLink, by: Officer) -> DisplayLink:
    """Revoke the link: it shows nothing from then on. Raises NotAllowed if it is already."""
    _require_right(by, "change")
    with change() as at:
        row = DisplayLink.objects.select_for_update().get(pk=link.pk)
        if row.revoked_at is not None:
            raise NotAllowed(_("The link is revoked already."))
        row.revoked_at, row.revoked_by = at, by
        row.save(update_fields=["revoked_at", "revoked_by"])
        record_act(REVOKED, about=row, by=by)
    return row


def open_display_link(token: str) -> DisplayLink:
    """The link with this token. Raises Missing where there is none, Gone where it is revoked.

    Its use is noted, at most every five minutes.
    """
    digest = hash_secret(token)
    link = DisplayLink.objects.filter(digest=digest).first()
    if link is None or not hmac.compare_digest(link.digest, digest):
        raise Missing
    if link.revoked_at is not None:
        raise Gone(_REVOKED)
    if link.last_used_at is None or now() - link.last_used_at >= _NOTED_EACH:
        with change() as at:
            DisplayLink.objects.filter(pk=link.pk, revoked_at=None).update(last_used_at=at)
    return link


def _require_right(by: Officer, what: str) -> None:
    if not by.has_perm(f"workbench.{what}_displaylink"):
        raise NotAllowed(_("Your role may not do this."))

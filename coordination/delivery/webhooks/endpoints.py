"""Verbs for an enterprise's webhooks: add, change, disable, delete.

By the enterprise's own software, with a key that has the scope for it; a key of another enterprise
gets Missing. The centre may disable one, and then only the centre can allow it again.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext_lazy as _

from coordination.delivery.client import Forbidden, host_of, require_public
from coordination.delivery.models import Because, WebhookEndpoint
from coordination.delivery.signing import new_secret
from coordination.delivery.webhooks.health import disable
from coordination.delivery.webhooks.queries import webhooks_of
from coordination.delivery.webhooks.topics import offered
from coordination.staff.models import Officer
from projects.access.models import ApiKey, Scope
from projects.record.acts import CHANGED, record_act
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.record.sealed_fields import opened_or
from projects.record.text import one_line
from projects.register.models import Enterprise

MOST_ENDPOINTS: Final = 10  # of one enterprise
LONGEST_URL: Final = 500
LONGEST_DESCRIPTION: Final = 120
LONGEST_NOTE: Final = 200
_ID_BYTES: Final = 8
_DISABLING: Final = "delivery.change_webhookendpoint"


def _require_scope(by: ApiKey) -> None:
    if not by.covers(Scope.WEBHOOKS):
        raise NotAllowed(_("This key may not manage webhooks."))


def locked_webhook(endpoint: WebhookEndpoint, version: int | None, by: ApiKey) -> WebhookEndpoint:
    """Lock and return the enterprise's endpoint; must be called inside a change.

    Raises Missing, NotAllowed without the scope, Stale if ``version`` is no longer the current one.
    """
    own = webhooks_of(by).select_related("enterprise")
    row = get_or_missing(own.select_for_update(of=("self",), no_key=True), pk=endpoint.pk)
    _require_scope(by)
    if version is not None and version != row.version:
        raise Stale
    return row


def kept_of(row: WebhookEndpoint) -> dict[str, Any]:
    """Its decrypted address and secrets. Raises NotAllowed if they cannot be decrypted."""
    found: dict[str, Any] | None = opened_or(row, "kept", None)
    if found is None:
        raise NotAllowed(
            _("Its address and secrets cannot be opened: delete it, and add it anew."),
            reason="unreadable",
        )
    return found


class Destination(NamedTuple):
    """An address that was looked up; ``host`` is empty where nothing may be sent to it."""

    url: str
    host: str


def looked_up(url: str) -> Destination:
    """Look the address up, which takes up to a second: to be done before a change begins.

    A name's addresses are checked at each sending too.
    """
    networks = settings.WEBHOOK_NETWORKS
    try:
        host = host_of(url, networks=networks)
        require_public(url, networks=networks)
    except Forbidden:
        host = ""
    return Destination(url, host)


def _check_destination(check: Checker, to: Destination) -> None:
    is_ours = not settings.WEBHOOK_NETWORKS and validate_host(to.host, settings.ALLOWED_HOSTS)
    check.require(not is_ours, "url", _("This is the desk's own address."), "url")
    is_right = to.host and len(to.url) <= LONGEST_URL and "#" not in to.url
    message = _("Enter a public address that begins with https://, at most 500 characters.")
    check.require(is_right, "url", message, "url")


def _checked_topics(check: Checker, topics: Iterable[str]) -> list[str]:
    given, known = list(topics), offered()
    for place, each in enumerate(given):
        check.require(each in known, ("topics", place), _("There is no such topic."), "choice")
    return list(dict.fromkeys(given))


def _check_description(check: Checker, description: str) -> str:
    line = one_line(description)
    check.require(
        len(line) <= LONGEST_DESCRIPTION,
        "description", _("At most 120 characters."), "max_length",
    )  # fmt: skip
    return line


def open_webhook(
    *, to: Destination, description: str = "", topics: Sequence[str] = (), by: ApiKey
) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint; returns it and its secret, which is never shown again.

    Without topics it is sent all of them. Raises Invalid by the field, or if there are ten
    endpoints, NotAllowed without the scope.
    """
    _require_scope(by)
    check = Checker()
    _check_destination(check, to)
    chosen, about = _checked_topics(check, topics), _check_description(check, description)
    check.finish()
    with change() as at:
        Enterprise.objects.select_for_update(no_key=True).get(pk=by.enterprise_id)
        few = webhooks_of(by).count() < MOST_ENDPOINTS
        check.require(few, (), _("There are ten webhooks: delete one first."), "too-many")
        check.finish()
        secret = new_secret()
        created = WebhookEndpoint.objects.create(
            endpoint_id=secrets.token_hex(_ID_BYTES), enterprise=by.enterprise, host=to.host,
            description=about, topics=chosen, created_at=at,
            kept={"url": to.url, "secrets": [{"secret": secret, "until": None}]},
        )  # fmt: skip
        return created, secret


def change_webhook(
    *,
    endpoint: WebhookEndpoint,
    version: int | None = None,
    to: Destination | None = None,
    description: str | None = None,
    topics: Sequence[str] | None = None,
    is_enabled: bool | None = None,
    by: ApiKey,
) -> WebhookEndpoint:
    """Change the given fields; pending messages are sent to the new address.

    Raises Missing, Stale, Invalid by the field, NotAllowed if the centre disabled it, or if its
    secrets cannot be decrypted and would be lost.
    """
    with change() as at:
        row, check = locked_webhook(endpoint, version, by), Checker()
        if to is not None:
            _check_destination(check, to)
            row.host, row.kept = to.host, {**kept_of(row), "url": to.url}
        if description is not None:
            row.description = _check_description(check, description)
        if topics is not None:
            row.topics = _checked_topics(check, topics)
        check.finish()
        if is_enabled:
            _enable(row)
        row.version += 1
        row.save()
        if is_enabled is False and row.is_enabled:
            disable(row, Because.ENTERPRISE, at)
        return row


def _enable(row: WebhookEndpoint) -> None:
    """Enable it from now on; what it missed can be replayed."""
    if row.disabled_because == Because.DESK:
        raise NotAllowed(
            _("The centre disabled this webhook: ask there."), reason="disabled-by-centre"
        )
    _in_use(row)


def _in_use(row: WebhookEndpoint) -> None:
    row.is_enabled, row.disabled_at, row.failing_since = True, None, None
    row.disabled_because = row.disabled_note = ""


def delete_webhook(*, endpoint: WebhookEndpoint, version: int | None = None, by: ApiKey) -> None:
    """Mark it as deleted and give up its pending messages. Raises Missing, Stale."""
    with change() as at:
        row = locked_webhook(endpoint, version, by)
        row.deleted_at = at
        # Erase the secrets: nothing is signed with them again.
        row.kept = {**opened_or(row, "kept", {"url": ""}), "secrets": []}
        row.save()
        if row.is_enabled:
            disable(row, Because.ENTERPRISE, at)


def _locked_for_the_desk(endpoint: WebhookEndpoint, by: Officer) -> WebhookEndpoint:
    if not by.has_perm(_DISABLING):
        raise NotAllowed(_("Your role does not allow this."))
    rows = WebhookEndpoint.objects.filter(deleted_at=None).select_related("enterprise")
    return get_or_missing(rows.select_for_update(of=("self",), no_key=True), pk=endpoint.pk)


def disable_webhook(*, endpoint: WebhookEndpoint, reason: str, by: Officer) -> WebhookEndpoint:
    """Disable it by the centre, with a reason that the enterprise can read.

    Raises NotAllowed, Invalid.
    """
    check, note = Checker(), one_line(reason)
    check.require(note, "reason", _("This field is required."), "required")
    check.require(len(note) <= LONGEST_NOTE, "reason", _("At most 200 characters."), "max_length")
    check.finish()
    with change() as at:
        row = _locked_for_the_desk(endpoint, by)
        if row.disabled_because == Because.DESK:
            raise NotAllowed(_("The centre disabled it before."))
        was_enabled = row.is_enabled
        disable(row, Because.DESK, at, note=note)
        record_act(CHANGED, about=row, changes={"is_enabled": (was_enabled, False)}, by=by)
        return row


def allow_webhook(*, endpoint: WebhookEndpoint, by: Officer) -> WebhookEndpoint:
    """Enable it again, whoever disabled it. Raises NotAllowed if it is in use."""
    with change():
        row = _locked_for_the_desk(endpoint, by)
        if row.is_enabled:
            raise NotAllowed(_("It is in use."))
        _in_use(row)
        row.version += 1
        row.save()
        record_act(CHANGED, about=row, changes={"is_enabled": (False, True)}, by=by)
        return row

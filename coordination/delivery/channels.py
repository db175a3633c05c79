"""Verbs for the notification channels of officers and groups: add, change, test, close.

A robot's address is a secret: with it anyone can write into the chat. So it is stored sealed, and
never shown again.
"""

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from coordination.delivery.announce import Message, enqueue
from coordination.delivery.channel_managers import require_manager
from coordination.delivery.give_up import give_up
from coordination.delivery.models import Channel, Delivery, Destination
from coordination.delivery.queries import destinations_for
from coordination.delivery.topics import TEST, choices
from coordination.groups.models import ServiceGroup
from coordination.staff.models import Officer
from projects.record.acts import ADDED, CHANGED, record_act
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed
from projects.record.sealing import seal
from projects.record.text import one_line

CLOSED_BY_HAND: Final = gettext_noop("closed by hand")
_LONGEST: Final = 500


def _locked(destination: Destination, by: Officer) -> Destination:
    row = get_or_missing(destinations_for(by).select_for_update(of=("self",)), pk=destination.pk)
    require_manager(row.officer, row.group, by)
    return row


def _checked_topics(topics: Iterable[str]) -> list[str]:
    chosen = sorted(set(topics))
    check = Checker()
    known = {code for code, _label in choices()}
    check.require(set(chosen) <= known, "topics", _("There is no such topic."), "choice")
    check.finish()
    return chosen


def _check_address(check: Checker, channel: str, address: str) -> str:
    """Note what is wrong with the address, and return the part that may be shown."""
    if channel == Channel.EMAIL:
        check.require(settings.EMAIL_OFFERED, "channel", _("No mail server is set up here."))
        check.require(_is_email(address), "address", _("Enter an e-mail address."))
        return address
    try:
        host = urlsplit(address).hostname or ""
        is_web = urlsplit(address).scheme in ("https", "http") and address.isascii()
    except ValueError:
        host, is_web = "", False
    check.require(
        is_web and host in settings.ROBOT_HOSTS,
        "address",
        _("Enter the robot's whole address, as its chat shows it: https://…"),
    )
    return host


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def open_destination(
    *,
    name: str,
    channel: str,
    address: str,
    secret: str = "",
    officer: Officer | None = None,
    group: ServiceGroup | None = None,
    topics: Iterable[str] = (),
    at_any_hour: bool = False,
    by: Officer,
) -> Destination:
    """Add a channel for an officer or for a group; without topics it carries all of them.

    ``at_any_hour``: its messages do not wait for service hours.

    By the officer, the lead of the group, or the centre. Raises Invalid by the field.
    """
    if (officer is None) == (group is None):
        both = FieldError(("officer",), _("Choose an officer or a group, and not both."))
        raise Invalid([both])
    require_manager(officer, group, by)
    name, address, secret = one_line(name), one_line(address), one_line(secret)
    check = Checker()
    check.require(0 < len(name) <= 60, "name", _("At most 60 characters."))  # noqa: PLR2004 - the limit is in the message
    check.require(channel in Channel, "channel", _("There is no such channel."), "choice")
    check.require(len(address) <= _LONGEST, "address", _("At most 500 characters."))
    check.require(len(secret) <= _LONGEST, "secret", _("At most 500 characters."))
    shown = _check_address(check, channel, address)
    check.finish()
    with change() as at:
        row = Destination.objects.create(
            name=name, channel=channel, officer=officer, group=group, shown=shown,
            sealed=seal(json.dumps({"address": address, "secret": secret})),
            topics=_checked_topics(topics), at_any_hour=at_any_hour, created_at=at,
        )  # fmt: skip
        record_act(ADDED, about=row, by=by)
        return row


def choose_topics(
    *,
    destination: Destination,
    name: str,
    topics: Iterable[str],
    at_any_hour: bool = False,
    by: Officer,
) -> Destination:
    """Set the channel's topics, its name, and whether its messages wait for service hours."""
    with change():
        row = _locked(destination, by)
        before = row.topics
        row.name, row.topics = one_line(name) or row.name, _checked_topics(topics)
        row.at_any_hour = at_any_hour
        row.save(update_fields=["name", "topics", "at_any_hour"])
        record_act(CHANGED, about=row, changes={"topics": (before, row.topics)}, by=by)
        return row


def close_destination(*, destination: Destination, by: Officer) -> Destination:
    """Close the channel, and give up its pending deliveries."""
    with change() as at:
        row = _locked(destination, by)
        row.is_active, row.closed_because = False, CLOSED_BY_HAND
        row.save(update_fields=["is_active", "closed_because"])
        record_act(CHANGED, about=row, changes={"is_active": (True, False)}, by=by)
        give_up(Delivery.objects.filter(destination=row), at)
        return row


def reopen_destination(*, destination: Destination, by: Officer) -> Destination:
    """Open the channel again; deliveries given up meanwhile can be replayed."""
    with change():
        row = _locked(destination, by)
        row.is_active, row.closed_because = True, ""
        row.save(update_fields=["is_active", "closed_because"])
        record_act(CHANGED, about=row, changes={"is_active": (False, True)}, by=by)
        return row


def send_test(*, destination: Destination, by: Officer) -> Delivery:
    """Send a test message through the outbox. Raises NotAllowed if the channel is closed."""
    with change() as at:
        row = _locked(destination, by)
        if not row.is_active:
            raise NotAllowed(_("This channel is not in use."))
        text = str(_("Whoever reads this is reached by this channel."))
        (delivery,) = enqueue(Message(TEST, str(TEST.label), text), [row], at)
        return delivery

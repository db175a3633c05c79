"""Replaying webhook messages under their ids, and sending a test message."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery, State, WebhookEndpoint
from coordination.delivery.webhooks.endpoints import locked_webhook
from coordination.delivery.webhooks.outgoing import Outgoing, enqueue_webhooks
from coordination.delivery.webhooks.queries import delivery_to
from coordination.delivery.webhooks.topics import TEST
from projects.access.models import ApiKey
from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, Gone, Invalid, NotAllowed
from projects.record.sealed_fields import is_there

MOST_AT_ONCE: Final = 1000


def _in_use(endpoint: WebhookEndpoint, by: ApiKey) -> WebhookEndpoint:
    row = locked_webhook(endpoint, None, by)
    if not row.is_enabled:
        raise NotAllowed(_("This webhook is disabled: enable it first."), reason="disabled")
    return row


def _again(rows: QuerySet[Delivery], at: datetime) -> int:
    return rows.update(state=State.PENDING, tries=0, due_at=at, settled_at=None, claim=None)


def replay(
    *,
    endpoint: WebhookEndpoint,
    message: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    only_failed: bool = False,
    by: ApiKey,
) -> int:
    """Replay one message or those of a period; returns how many are pending again.

    Raises Invalid unless exactly one of the two is given, and whatever ``replay_message`` and
    ``replay_span`` raise.
    """
    if message is not None and since is None and until is None:
        return replay_message(endpoint=endpoint, message=message, by=by)
    if message is None and since is not None and until is not None:
        return replay_span(
            endpoint=endpoint, since=since, until=until, only_failed=only_failed, by=by
        )
    raise Invalid([FieldError((), _("Give a message, or since and until."), "required")])


def replay_message(*, endpoint: WebhookEndpoint, message: str, by: ApiKey) -> int:
    """Send this message again, from the start of the schedule, under the same id.

    Raises Missing, NotAllowed while it is under way or the endpoint is disabled, Gone if its
    content was erased.
    """
    with change() as at:
        row = _in_use(endpoint, by)
        own = Delivery.objects.filter(pk=delivery_to(row, message).pk)
        delivery = own.select_for_update(of=("self",)).get()
        if delivery.state == State.PENDING:
            raise NotAllowed(_("This delivery is still under way."), reason="under-way")
        if not is_there(delivery, "body"):
            raise Gone(_("What this message said is no longer kept."))
        return _again(own, at)


def replay_span(
    *,
    endpoint: WebhookEndpoint,
    since: datetime,
    until: datetime,
    only_failed: bool = False,
    by: ApiKey,
) -> int:
    """Replay the messages written from ``since`` and before ``until``, in order, at most 1,000.

    Those under way and those whose content was erased are skipped. Returns how many were
    replayed. Raises Missing, Invalid, NotAllowed if the endpoint is disabled.
    """
    check = Checker()
    check.require(since < until, "until", _("It ends before it begins."), "date-order")
    with change() as at:
        row = _in_use(endpoint, by)
        check.finish()
        states = [State.DEAD] if only_failed else [State.DEAD, State.DELIVERED]
        found = Delivery.objects.filter(
            endpoint=row, created_at__gte=since, created_at__lt=until, state__in=states,
            body__isnull=False,
        )  # fmt: skip
        keys = list(found.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        check.require(
            len(keys) <= MOST_AT_ONCE,
            "until", _("That is more than 1,000 messages: choose a shorter time."), "too-many",
        )  # fmt: skip
        check.finish()
        return _again(Delivery.objects.filter(pk__in=keys), at)


def send_test_webhook(*, endpoint: WebhookEndpoint, by: ApiKey) -> Delivery:
    """Send a test message through the outbox.

    Raises Missing, NotAllowed if the endpoint is disabled or an earlier test is under way.
    """
    with change() as at:
        row = _in_use(endpoint, by)
        if Delivery.objects.filter(endpoint=row, topic=TEST, state=State.PENDING).exists():
            raise NotAllowed(_("An earlier test is still under way."), reason="under-way")
        message = Outgoing(
            topic=TEST, happened_at=at, data={"id": row.endpoint_id}, subject=f"test:{uuid4().hex}"
        )
        (delivery,) = enqueue_webhooks([(row, message)], at)
        return Delivery.objects.get(message_id=delivery.message_id)

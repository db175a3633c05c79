"""The health of an endpoint: a delivery resets it, five days of failures or a 410 disable it."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import Message, announce
from coordination.delivery.give_up import give_up
from coordination.delivery.models import Because, Delivery, WebhookEndpoint
from coordination.delivery.senders.base import Result
from coordination.delivery.webhooks.outgoing import Outgoing, enqueue_webhooks
from coordination.delivery.webhooks.queries import listening
from coordination.delivery.webhooks.topics import DISABLED
from coordination.staff.models import Officer, Role
from projects.house.rooms import Topic

LONGEST_FAILURE: Final = timedelta(days=5)
WEBHOOK_DISABLED: Final = Topic("webhook.disabled", _("An enterprise's webhook was disabled"))


def lock_if_changed(endpoint: int | None, result: Result, at: datetime) -> WebhookEndpoint | None:
    """Lock and return the endpoint if this result changes its health, else None.

    Must be called before the delivery is locked: disabling locks in the same order.
    """
    if endpoint is None:
        return None
    rows = WebhookEndpoint.objects.filter(pk=endpoint)
    found = rows.first()
    if found is None or not _is_news(found, result, at):
        return None
    return rows.select_for_update(of=("self",), no_key=True).select_related("enterprise").get()


def _is_news(endpoint: WebhookEndpoint, result: Result, at: datetime) -> bool:
    since = endpoint.failing_since
    if result.is_success:
        return since is not None
    is_over = result.is_gone or since is None or at - since >= LONGEST_FAILURE
    return endpoint.is_enabled and is_over


def note_result(endpoint: WebhookEndpoint, result: Result, at: datetime) -> None:
    """Update the health of the locked endpoint by an attempt's result; may disable it."""
    if not _is_news(endpoint, result, at):  # another relay was first
        return
    failing_since = None if result.is_success else endpoint.failing_since or at
    endpoint.failing_since = failing_since
    endpoint.save(update_fields=["failing_since"])
    if result.is_gone:
        disable(endpoint, Because.GONE, at)
    elif failing_since is not None and at - failing_since >= LONGEST_FAILURE:
        disable(endpoint, Because.FAILING, at)


def disable(endpoint: WebhookEndpoint, because: Because, at: datetime, *, note: str = "") -> None:
    """Disable the locked endpoint, and give up its pending deliveries.

    The enterprise reads it with the endpoint, and hears it at its others; the duty desk is told,
    unless it was one of them.
    """
    endpoint.is_enabled, endpoint.disabled_because = False, because
    endpoint.disabled_note, endpoint.disabled_at = note, at
    endpoint.version += 1
    endpoint.save(
        update_fields=[
            "is_enabled", "disabled_because", "disabled_note", "disabled_at", "version",
        ]
    )  # fmt: skip
    give_up(Delivery.objects.filter(endpoint=endpoint), at)
    if because != Because.ENTERPRISE:
        _tell_the_enterprise(endpoint, at)
    if because in {Because.GONE, Because.FAILING}:
        _tell_the_desk(endpoint, at)


def _tell_the_enterprise(endpoint: WebhookEndpoint, at: datetime) -> None:
    # Not locked, so that nobody locks two in another order: at worst one that is being disabled
    # at this moment hears it all the same.
    others = listening([endpoint.enterprise_id]).filter(is_enabled=True).exclude(pk=endpoint.pk)
    said = Outgoing(
        topic=DISABLED, happened_at=at, subject=f"disabled:{endpoint.pk}:{endpoint.version}",
        data={
            "id": endpoint.endpoint_id, "because": endpoint.disabled_because,
            "note": endpoint.disabled_note, "at": timezone.localtime(at).isoformat(),
        },
    )  # fmt: skip
    enqueue_webhooks(((each, said) for each in others if each.wants(DISABLED)), at)


def _tell_the_desk(endpoint: WebhookEndpoint, at: datetime) -> None:
    on_duty = Officer.objects.filter(is_active=True, role=Role.DUTY_DESK)
    with translation.override(settings.LANGUAGE_CODE):  # a record of what was said
        message = Message(
            topic=WEBHOOK_DISABLED,
            title=str(WEBHOOK_DISABLED.label),
            text=f"{endpoint} · {endpoint.get_disabled_because_display()}"[:500],
            link=reverse("admin:delivery_webhookendpoint_change", args=[endpoint.pk]),
        )
    announce(message, officers=on_duty.values_list("pk", flat=True), at=at)

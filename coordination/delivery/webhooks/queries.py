"""Whose webhooks somebody may know of, and what went there."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from coordination.delivery.models import Delivery, State, WebhookEndpoint
from projects.access.models import ApiKey

COUNTED: Final = 1000


def webhooks_of(by: ApiKey) -> QuerySet[WebhookEndpoint]:
    """The enterprise's own, without those that it deleted."""
    return WebhookEndpoint.objects.filter(enterprise_id=by.enterprise_id, deleted_at=None)


def listening(enterprises: Iterable[int]) -> QuerySet[WebhookEndpoint]:
    """Those of these enterprises, the disabled ones too: what they miss can be replayed."""
    return WebhookEndpoint.objects.filter(enterprise__in=enterprises, deleted_at=None)


def deliveries_to(endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
    """What went there, or is to go, with each attempt."""
    return Delivery.objects.filter(endpoint=endpoint).prefetch_related("attempts")


def waiting_for(endpoint: WebhookEndpoint) -> tuple[int, bool]:
    """How many messages wait for it, and whether that is all: more than COUNTED are not counted."""
    rows = Delivery.objects.filter(lane=endpoint.lane, state=State.PENDING)
    found = rows.order_by()[: COUNTED + 1].count()
    return min(found, COUNTED), found <= COUNTED

"""An enterprise's webhooks, and the deliveries to them."""

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet

from coordination.delivery.models import Delivery, State, WebhookEndpoint
from coordination.delivery.signing import read_id
from projects.access.models import ApiKey
from projects.record.finding import get_or_missing
from projects.record.refusals import Missing

COUNTED: Final = 1000


def webhooks_of(by: ApiKey) -> QuerySet[WebhookEndpoint]:
    """The enterprise's endpoints, without the deleted ones."""
    return WebhookEndpoint.objects.filter(enterprise_id=by.enterprise_id, deleted_at=None)


def listening(enterprises: Iterable[int]) -> QuerySet[WebhookEndpoint]:
    """The endpoints of these enterprises, also the disabled ones, for later replays."""
    return WebhookEndpoint.objects.filter(enterprise__in=enterprises, deleted_at=None)


def every_listening() -> QuerySet[WebhookEndpoint]:
    """Every endpoint of every enterprise, also the disabled ones, for later replays."""
    return WebhookEndpoint.objects.filter(deleted_at=None)


def deliveries_to(endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
    """The deliveries to the endpoint, each with its attempts."""
    return Delivery.objects.filter(endpoint=endpoint).prefetch_related("attempts")


def delivery_to(endpoint: WebhookEndpoint, message: str) -> Delivery:
    """The delivery of a message ``msg_…`` to the endpoint. Raises Missing."""
    found = read_id(message)
    if found is None:
        raise Missing
    return get_or_missing(deliveries_to(endpoint), message_id=found)


def waiting_for(endpoint: WebhookEndpoint) -> tuple[int, bool]:
    """The number of its pending messages, up to COUNTED, and whether that is all of them."""
    rows = Delivery.objects.filter(lane=endpoint.lane, state=State.PENDING)
    found = rows.order_by()[: COUNTED + 1].count()
    return min(found, COUNTED), found <= COUNTED

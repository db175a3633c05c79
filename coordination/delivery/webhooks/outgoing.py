"""Writing to the outbox what is to go to an enterprise's webhooks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from coordination.delivery.models import Delivery, State, WebhookEndpoint


@dataclass(frozen=True)
class Outgoing:
    """What is said once to each endpoint: ``subject`` names it, and twice is once.

    Those of one ``order_key`` reach an endpoint in the order in which they were written.
    """

    topic: str
    happened_at: datetime
    data: dict[str, Any]
    subject: str
    order_key: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """As it is sent."""
        moment = timezone.localtime(self.happened_at).isoformat()
        return {"type": self.topic, "timestamp": moment, "data": self.data}


def subject_of(event: int) -> str:
    """What a message about an event is known by, once for each endpoint."""
    return f"event:{event}"


def enqueue_webhooks(
    said: Iterable[tuple[WebhookEndpoint, Outgoing]], at: datetime
) -> list[Delivery]:
    """One row in the outbox for each, in this order; what is there already is left as it is.

    The endpoints are held locked by whoever calls, so that none is disabled meanwhile. A disabled
    one is written to as well, as given up: once it is in use again, it can have it replayed.
    """
    return Delivery.objects.bulk_create(
        (_row(endpoint, outgoing, at) for endpoint, outgoing in said), ignore_conflicts=True
    )


def _row(endpoint: WebhookEndpoint, outgoing: Outgoing, at: datetime) -> Delivery:
    return Delivery(
        endpoint=endpoint, lane=endpoint.lane, order_key=outgoing.order_key,
        subject=outgoing.subject, topic=outgoing.topic, payload={}, body=outgoing.body,
        created_at=at, due_at=at, state=State.PENDING if endpoint.is_enabled else State.DEAD,
        settled_at=None if endpoint.is_enabled else at,
    )  # fmt: skip

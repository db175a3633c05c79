"""Writing messages for an enterprise's webhooks to the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from coordination.delivery.models import Delivery, State, WebhookEndpoint


@dataclass(frozen=True)
class Outgoing:
    """A message, written at most once for each endpoint and ``subject``.

    Messages of one ``order_key`` reach an endpoint in the order in which they were written.
    """

    topic: str
    happened_at: datetime
    data: dict[str, Any]
    subject: str
    order_key: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON that is sent."""
        moment = timezone.localtime(self.happened_at).isoformat()
        return {"type": self.topic, "timestamp": moment, "data": self.data}


def subject_of(event: int) -> str:
    """The subject of a message about an event, unique for each endpoint."""
    return f"event:{event}"


def enqueue_webhooks(
    messages: Iterable[tuple[WebhookEndpoint, Outgoing]], at: datetime
) -> list[Delivery]:
    """Write one row of the outbox for each, in this order; existing ones are left unchanged.

    The caller holds locks on the endpoints, so that none is disabled meanwhile. Messages for a
    disabled one are written as given up, so that they can be replayed once it is in use again.
    """
    return Delivery.objects.bulk_create(
        (_row(endpoint, outgoing, at) for endpoint, outgoing in messages), ignore_conflicts=True
    )


def _row(endpoint: WebhookEndpoint, outgoing: Outgoing, at: datetime) -> Delivery:
    return Delivery(
        endpoint=endpoint, lane=endpoint.lane, order_key=outgoing.order_key,
        subject=outgoing.subject, topic=outgoing.topic, payload={}, body=outgoing.body,
        created_at=at, due_at=at, at_any_hour=True,
        state=State.PENDING if endpoint.is_enabled else State.DEAD,
        settled_at=None if endpoint.is_enabled else at,
    )  # fmt: skip

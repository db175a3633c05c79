"""The models of the room, exported for Django and other modules."""

from coordination.delivery.models.outbox import (
    WEBHOOK,
    Attempt,
    Channel,
    Delivery,
    Destination,
    Notice,
    State,
)
from coordination.delivery.models.webhook import Because, WebhookEndpoint

__all__ = [
    "WEBHOOK",
    "Attempt",
    "Because",
    "Channel",
    "Delivery",
    "Destination",
    "Notice",
    "State",
    "WebhookEndpoint",
]

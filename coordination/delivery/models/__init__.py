"""The tables of what is sent, for Django and for whoever reads them."""

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

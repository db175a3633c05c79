"""An enterprise whose software listens, and what its tickets do."""

from collections.abc import Sequence
from typing import Any

from standardwebhooks.webhooks import Webhook

from coordination.delivery.models import Delivery, WebhookEndpoint
from coordination.delivery.relay import Relay
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.converse import comment
from projects.access.keys import issue_key
from projects.access.models import ApiKey, Scope
from tests.coordination.delivery.receiver import Received, Receiver
from tests.factories.coordination import Desk


def key_of(at: Desk) -> tuple[ApiKey, str]:
    """A key of the enterprise that may do all, and its token."""
    return issue_key(enterprise=at.enterprise, name="all", scopes=list(Scope), by=at.director)


def listen(
    at: Desk, receiver: Receiver, path: str = "/hook", *, topics: Sequence[str] = ()
) -> tuple[WebhookEndpoint, str]:
    """An endpoint of the enterprise that leads to the receiver, and its secret."""
    return open_webhook(to=looked_up(receiver.address(path)), topics=topics, by=key_of(at)[0])


def say(ticket: Ticket, at: Desk, *texts: str) -> None:
    """Comments, each an event, with their places in the feed."""
    for text in texts:
        comment(ticket=ticket, text=text, by=at.liaison)
    sequence()


def send() -> None:
    """Whatever is due."""
    Relay(fill=(sequence,)).drain()


def opened(got: Received, secret: str) -> Any:
    """As a receiver opens it, with the standard's own library: raises where anything is amiss."""
    return Webhook(secret).verify(got.raw, got.headers)


def texts(received: Sequence[Received]) -> list[str]:
    return [each.body["data"].get("text", {}).get("text", "") for each in received]


def states(endpoint: WebhookEndpoint) -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("pk")
    return list(rows.values_list("state", "tries"))

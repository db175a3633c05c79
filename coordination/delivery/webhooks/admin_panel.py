"""The panel on an enterprise's page: its webhooks, and what was sent to them last."""

from typing import Any, Final

from coordination.delivery.models import Delivery, WebhookEndpoint
from coordination.delivery.topics import label_of
from coordination.staff.models import Officer
from projects.register.models import Enterprise

SHOWN: Final = 10


def webhooks(enterprise: Enterprise, officer: Officer) -> dict[str, Any] | None:
    """Its webhooks, and the last ten messages to each together; None who may not see them."""
    if not officer.has_perm("delivery.view_webhookendpoint"):
        return None
    endpoints = list(WebhookEndpoint.objects.filter(enterprise=enterprise, deleted_at=None))
    told = Delivery.objects.filter(endpoint__in=[each.pk for each in endpoints])
    newest = told.select_related("endpoint").order_by("-pk")[:SHOWN] if endpoints else []
    return {
        "endpoints": endpoints,
        "told": [(each, label_of(each.topic)) for each in newest],
        "sees_deliveries": officer.has_perm("delivery.view_delivery"),
    }

"""What the house knows of deliveries."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.delivery import topics
from coordination.delivery.webhooks import api
from coordination.delivery.webhooks import topics as webhook_topics
from coordination.delivery.webhooks.admin_panel import webhooks
from coordination.delivery.webhooks.health import WEBHOOK_DISABLED
from projects.house.rooms import ADMINISTRATION, PROJECTS, Page, Panel, Room, permissions, register

_READING = permissions("view", "notice", "destination", "delivery", "attempt")
_OWN = permissions("view", "notice")
_SERVING = _READING | permissions("add change", "destination") | permissions("change", "delivery")
_CENTRE = _SERVING | permissions("view change", "webhookendpoint")

ROOM = register(
    Room(
        label="delivery",
        topics=(topics.TEST, topics.DIGEST, WEBHOOK_DISABLED),
        webhook_topics=webhook_topics.OWN,
        error_codes={
            "url": _("Not a public address that begins with https://."),
            "under-way": _("The message is being delivered still, or an earlier test is."),
            "disabled": _("The webhook is disabled: it has to be enabled first."),
            "disabled-by-centre": _("The centre disabled the webhook, and it alone enables it."),
            "unreadable": _("The webhook's address and secrets cannot be opened any more."),
        },
        pages=(
            Page(
                ADMINISTRATION, 60, _("Notice channels"),
                "admin:delivery_destination_changelist", "delivery.view_destination",
            ),
            Page(
                ADMINISTRATION, 70, _("Deliveries"),
                "admin:delivery_delivery_changelist", "delivery.view_delivery",
            ),
            Page(
                PROJECTS, 60, _("Webhooks"),
                "admin:delivery_webhookendpoint_changelist", "delivery.view_webhookendpoint",
            ),
        ),
        panels=(
            Panel("register.enterprise", 40, "webhooks", "delivery/webhooks.html", webhooks),
        ),
        permissions={
            "liaison": _SERVING, "group_lead": _SERVING, "duty_desk": _CENTRE,
            "director": _CENTRE, "auditor": _READING | permissions("view", "webhookendpoint"),
            "system_admin": _OWN, "security_admin": _OWN, "leader": _OWN, "district_reporter": _OWN,
        },
        api=(
            path("webhooks/", api.WebhookList.as_view(), name="webhooks"),
            path("webhooks/<str:endpoint_id>/", api.WebhookDetail.as_view(), name="webhook"),
            path(
                "webhooks/<str:endpoint_id>/secret/", api.RotateSecret.as_view(),
                name="webhook-secret",
            ),
            path(
                "webhooks/<str:endpoint_id>/test/", api.TryWebhook.as_view(), name="webhook-test"
            ),
            path(
                "webhooks/<str:endpoint_id>/deliveries/", api.WebhookDeliveries.as_view(),
                name="webhook-deliveries",
            ),
            path(
                "webhooks/<str:endpoint_id>/deliveries/<str:message>/", api.OneDelivery.as_view(),
                name="webhook-delivery",
            ),
            path(
                "webhooks/<str:endpoint_id>/deliveries/<str:message>/retry/",
                api.RetryDelivery.as_view(), name="webhook-delivery-retry",
            ),
            path(
                "webhooks/<str:endpoint_id>/replay/", api.ReplayWebhook.as_view(),
                name="webhook-replay",
            ),
        ),
    )
)  # fmt: skip

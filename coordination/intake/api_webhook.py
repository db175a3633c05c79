"""What an enterprise's server is sent, for the ``webhooks`` of the API's document.

Imported when the document is made, once every room has named its topics.
"""

from typing import Any, Final

from drf_spectacular.utils import OpenApiWebhook

from coordination.delivery.webhooks.topics import DATA as DATA_OF_TOPICS
from projects.house.rooms import webhook_topics


def _header(name: str, says: str) -> dict[str, Any]:
    return {
        "name": name, "in": "header", "required": True, "schema": {"type": "string"},
        "description": says,
    }  # fmt: skip


_DATA: Final = {
    "description": "Of a ticket's event what `/events/` has; of `webhook.test` and "
    "`webhook.disabled` an object with the webhook's `id`; of another topic an object of its own.",
    "anyOf": [
        {"$ref": "#/components/schemas/Entry"},
        {
            "type": "object",
            "properties": {"id": {"type": "string", "description": "The webhook's id."}},
            "required": ["id"],
        },
        *(dict(each) for each in DATA_OF_TOPICS.values()),
    ],
}  # fmt: skip
_BODY: Final = {
    "type": "object",
    "properties": {
        "type": {
            "type": "string", "enum": sorted(webhook_topics()),
            "description": "What it is about: a topic of those that the webhook chose.",
        },
        "timestamp": {
            "type": "string", "format": "date-time", "description": "When it happened.",
        },
        "data": _DATA,
    },
    "required": ["type", "timestamp", "data"],
}  # fmt: skip
MESSAGE: Final = OpenApiWebhook(
    "message",
    {
        "post": {
            "operationId": "receive_message",
            "summary": "What happened to a ticket, or another topic, sent to an enterprise",
            "description": (
                "Signed by Standard Webhooks. Any 2xx within fifteen seconds is taken for "
                "delivered; otherwise it is sent again, with the same `webhook-id`. Texts are in "
                "Chinese."
            ),
            "parameters": [
                _header("webhook-id", "The same in every try and replay."),
                _header("webhook-timestamp", "When it was sent, in seconds since 1970."),
                _header(
                    "webhook-signature",
                    "`v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`; two, separated "
                    "by a space, while the secret changes.",
                ),
            ],
            "requestBody": {
                "required": True, "content": {"application/json": {"schema": _BODY}},
            },
            "responses": {
                "2XX": {"description": "It has arrived. The rest of the answer is not kept."},
                "410": {"description": "Nothing more is wanted: the webhook is disabled."},
                "429": {"description": "Later: after the seconds in `Retry-After`."},
            },
        }
    },
)  # fmt: skip

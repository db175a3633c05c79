"""What a webhook can be about; each room names its topics in its ``room.py``."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.delivery.topics import TEST as TEST_MESSAGE
from projects.house.rooms import Topic, webhook_topics

# Topic -> the schema of what a message about it says, where that is no ticket's event; each room
# adds its own in its ``room.py``.
DATA: Final[dict[str, Mapping[str, Any]]] = {}
TEST: Final = "webhook.test"
DISABLED: Final = "webhook.disabled"
OWN: Final = (
    Topic(TEST, TEST_MESSAGE.label, can_be_chosen=False),
    Topic(DISABLED, _("An enterprise's webhook was disabled")),
)


def offered() -> list[str]:
    """What may be chosen; a test always goes."""
    return [each.code for each in webhook_topics().values() if each.can_be_chosen]

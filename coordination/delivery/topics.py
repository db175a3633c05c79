"""What a message can be about; each room names its topics in its ``room.py``."""

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import Topic, topics, webhook_topics

# Whoever asks for a test waits for it.
TEST: Final = Topic("test", _("Test message"), can_be_chosen=False, is_urgent=True)
DIGEST: Final = Topic("digest", _("Digest of messages that waited"), can_be_chosen=False)


def label_of(code: str) -> str:
    """What a topic is called; its code where no room names it any more."""
    found = (webhook_topics() | topics()).get(code)
    return str(found.label) if found else code


def choices() -> Iterator[tuple[str, str | Promise]]:
    """What an officer's channel may be asked to carry; a test always is."""
    return ((each.code, each.label) for each in topics().values() if each.can_be_chosen)


def all_choices() -> Iterator[tuple[str, str | Promise]]:
    """Whatever a delivery to officers or departments may be about."""
    return ((each.code, each.label) for each in topics().values())

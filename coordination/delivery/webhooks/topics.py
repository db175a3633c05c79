"""What a webhook can be about; the rooms above name theirs, each where it belongs."""

from collections.abc import Iterable
from typing import Final

TEST: Final = "webhook.test"
DISABLED: Final = "webhook.disabled"
_TOPICS: Final[list[str]] = [DISABLED]


def offer(topics: Iterable[str]) -> None:
    """Let endpoints choose these too."""
    _TOPICS.extend(each for each in topics if each not in _TOPICS)


def offered() -> list[str]:
    """What may be chosen; a test always goes."""
    return list(_TOPICS)

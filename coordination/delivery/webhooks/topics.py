"""What a webhook can be about; the rooms above name theirs, each where it belongs."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise

from coordination.delivery.topics import TEST as TEST_MESSAGE
from coordination.delivery.topics import call

TEST: Final = "webhook.test"
DISABLED: Final = "webhook.disabled"
_OFFERED: Final[list[str]] = [DISABLED]
call(TEST, TEST_MESSAGE.label)


def offer(topics: Mapping[str, Promise | str]) -> None:
    """Let endpoints choose these too; each with what people call it."""
    for code, label in topics.items():
        call(code, label)
    _OFFERED.extend(each for each in topics if each not in _OFFERED)


def offered() -> list[str]:
    """What may be chosen; a test always goes."""
    return list(_OFFERED)

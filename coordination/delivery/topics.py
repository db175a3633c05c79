"""What a message can be about. The rooms above name their own topics, each where it belongs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    """A stable code, and what people call it."""

    code: str
    label: Promise
    for_officers: bool = True  # whether a channel of theirs may be asked to carry it


_TOPICS: Final[dict[str, Topic]] = {}


def topic(code: str, label: Promise, *, for_officers: bool = True) -> Topic:
    """Name a topic, once: two with one code would be a mistake of ours."""
    if code in _TOPICS:
        raise ValueError(f"the topic {code} is already named")
    _TOPICS[code] = Topic(code, label, for_officers)
    return _TOPICS[code]


_CALLED: Final[dict[str, Promise | str]] = {}


def call(code: str, label: Promise | str) -> None:
    """What people call a topic of enterprises' webhooks; officers' may have the same code."""
    _CALLED[code] = label


TEST: Final = topic("test", _("Test message"), for_officers=False)


def label_of(code: str) -> str:
    """What a topic is called; its code where nobody names it any more."""
    return str(_TOPICS[code].label if code in _TOPICS else _CALLED.get(code, code))


def choices() -> Iterator[tuple[str, Promise]]:
    """What an officer's channel may be asked to carry; a test always is."""
    return ((each.code, each.label) for each in _TOPICS.values() if each.for_officers)


def all_choices() -> Iterator[tuple[str, Promise]]:
    """Whatever a delivery may be about."""
    return ((each.code, each.label) for each in _TOPICS.values())

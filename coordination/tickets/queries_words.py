"""Reading the text of an event.

It may be erased, or encrypted with a key that is lost; pages and lists must still answer.
"""

from typing import Any, Final

from coordination.tickets.models import TicketEvent
from projects.record.sealed_fields import UNREADABLE, opened_or

_SHUT: Final = object()


def text_of(event: TicketEvent | None) -> dict[str, Any]:
    """What was said, by name; nothing of what was left empty, was erased or cannot be read."""
    return {name: part for name, part in _parts(event).items() if isinstance(part, str) and part}


def part_of(event: TicketEvent | None, name: str) -> Any:
    """One part of it that is no text; None if there is none, or it was erased or cannot be read."""
    return _parts(event).get(name)


def _parts(event: TicketEvent | None) -> dict[str, Any]:
    text = getattr(event, "text", None)
    found: dict[str, Any] = opened_or(text, "body", {}) if text is not None else {}
    return found


def is_shut(event: TicketEvent | None) -> bool:
    """Whether there is a text that cannot be decrypted."""
    text = getattr(event, "text", None)
    return text is not None and opened_or(text, "body", _SHUT) is _SHUT


def word_of(event: TicketEvent | None, name: str) -> str:
    """One part of it for a page; empty if erased, and a notice if it cannot be decrypted."""
    return str(UNREADABLE) if is_shut(event) else str(text_of(event).get(name, ""))

"""What was said with an event, for whoever shows it: the one way in which words are read.

They may have been erased, and they may be sealed with a key that is gone; neither is a reason for
a page or a list not to answer.
"""

from typing import Any, Final

from coordination.tickets.models import TicketEvent
from projects.record.sealed_fields import UNREADABLE, opened_or

_SHUT: Final = object()


def text_of(event: TicketEvent | None) -> dict[str, Any]:
    """All of it by name; nothing where it was erased, or does not open."""
    text = getattr(event, "text", None)
    found: dict[str, Any] = opened_or(text, "body", {}) if text is not None else {}
    return found


def is_shut(event: TicketEvent | None) -> bool:
    """Something was said and not erased, but nobody here can open it."""
    text = getattr(event, "text", None)
    return text is not None and opened_or(text, "body", _SHUT) is _SHUT


def word_of(event: TicketEvent | None, name: str) -> str:
    """One part of it, for a page: empty once it is erased, and plainly said where it is shut."""
    return str(UNREADABLE) if is_shut(event) else str(text_of(event).get(name, ""))

"""The groups of a ticket's personal data, and who sees them unmasked.

Everything is masked unless a function in :data:`REVEALED` allows it; the room privacy adds the
looks on record. A room that keeps personal data of its own adds its group.
"""

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from projects.record.masks import mask_numbers

CONTACT: Final = "contact"
LINES: Final = "lines"
WORDS: Final = "words"

GROUPS: Final[dict[str, Promise]] = {
    CONTACT: _("the contact's name and mobile"),
    LINES: _("names and mobiles in the lines"),
    WORDS: _("numbers in what was said"),
}
# Each gives names and mobiles that were on a ticket before; a room that replaces some adds its own.
EARLIER_NAMES: Final[list[Callable[[Ticket], list[str]]]] = []
# Each tells whether the officer sees the group unmasked.
REVEALED: Final[list[Callable[[Ticket, str, Officer], bool]]] = []


def group_choices() -> list[tuple[str, Promise]]:
    """Every group with its label."""
    return [*GROUPS.items()]


def is_revealed(ticket: Ticket, group: str, by: Officer) -> bool:
    """Whether the officer sees this group unmasked."""
    return any(each(ticket, group, by) for each in REVEALED)


def words_for(ticket: Ticket, officer: Officer) -> Callable[[str], str]:
    """How to show him this ticket's words: unchanged, or with mobiles and ID numbers masked."""
    return str if is_revealed(ticket, WORDS, officer) else mask_numbers

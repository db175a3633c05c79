"""Which groups of a ticket's personal data there are, and who reads them in the clear.

Everything is masked unless one of :data:`REVEALED` says otherwise; the room of privacy adds the
looks that were asked for. A room that keeps personal data of its own adds its group.
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
# Each says whether the officer sees the group in the clear.
REVEALED: Final[list[Callable[[Ticket, str, Officer], bool]]] = []


def group_choices() -> list[tuple[str, Promise]]:
    """Every group with what it is called."""
    return [*GROUPS.items()]


def is_revealed(ticket: Ticket, group: str, by: Officer) -> bool:
    """Whether the officer sees this group in the clear."""
    return any(each(ticket, group, by) for each in REVEALED)


def words_for(ticket: Ticket, officer: Officer) -> Callable[[str], str]:
    """How words of this ticket are shown to him: without mobiles and ID numbers until he asks."""
    return str if is_revealed(ticket, WORDS, officer) else mask_numbers

"""The groups of a ticket's personal data, and who sees them unmasked.

Everything is masked unless a function in :data:`REVEALED` allows it; the room privacy adds the
looks on record. A room that keeps personal data of its own adds its group.
"""

from collections.abc import Callable, Collection
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
# Each gives the groups that the officer sees unmasked.
REVEALED: Final[list[Callable[[Ticket, Officer], frozenset[str]]]] = []


def group_choices() -> list[tuple[str, Promise]]:
    """Every group with its label."""
    return [*GROUPS.items()]


def revealed_to(ticket: Ticket, by: Officer) -> frozenset[str]:
    """The groups that the officer sees unmasked."""
    return frozenset[str]().union(*(each(ticket, by) for each in REVEALED))


def words_for(ticket: Ticket, officer: Officer) -> Callable[[str], str]:
    """How to show him this ticket's words: unchanged, or with mobiles and ID numbers masked."""
    return words_as(revealed_to(ticket, officer))


def words_as(clear: Collection[str]) -> Callable[[str], str]:
    """The same to whoever sees the groups in ``clear``."""
    return str if WORDS in clear else mask_numbers

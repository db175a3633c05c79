"""One timeline of a thing, put together from the entries of all rooms, page by page."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from projects.house.rooms import rooms
from projects.house.timeline import Entry

_SEPARATOR: Final = "~"
_MOST_SKIPPED: Final = 1000


@dataclass(frozen=True)
class TimelinePage:
    """Entries with the newest first; ``older`` is the address of the next page, empty on the last.

    Several entries may carry one moment, so an address names the moment and how many of its
    entries were shown.
    """

    entries: list[Entry]
    older: str


def timeline_page(
    page: str, thing: Any, reader: Any, *, after: str = "", most: int
) -> TimelinePage:
    """The newest entries, or those after the address of the page before."""
    until, skipped = _read(after)
    found = _merged(page, thing, reader, until, most + skipped + 1)
    shown = found[skipped : skipped + most]
    if len(found) <= skipped + most:
        return TimelinePage(shown, "")
    last = shown[-1].at
    of_last = sum(each.at == last for each in found[: skipped + most])
    return TimelinePage(shown, f"{last.isoformat()}{_SEPARATOR}{of_last}")


def _merged(page: str, thing: Any, reader: Any, until: datetime | None, most: int) -> list[Entry]:
    sources = [each for room in rooms() for each in room.timelines if each.page == page]
    found = [
        entry
        for source in sources
        for entry in islice(source.entries(thing, reader, until, most), most)
    ]
    found.sort(key=lambda entry: entry.at, reverse=True)
    return found[:most]


def _read(address: str) -> tuple[datetime | None, int]:
    """The moment and the number of an address; the newest page for what is none."""
    moment, _separator, number = address.partition(_SEPARATOR)
    try:
        until = datetime.fromisoformat(moment)
    except ValueError:
        return None, 0
    if until.tzinfo is None or not (number.isascii() and number.isdecimal() and len(number) < 5):  # noqa: PLR2004
        return None, 0
    return until, min(int(number), _MOST_SKIPPED)

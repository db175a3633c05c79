"""Reading the feed after a cursor."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.intake.models import FeedEntry
from projects.access.models import ApiKey
from projects.record.refusals import FieldError, Gone, Invalid

_CURSOR: Final = re.compile(r"(\d{1,18})-([0-9a-f]{16})")
_HASH_DIGITS: Final = 16  # of the event's hash, enough to recognise the event
START: Final = f"0-{'0' * _HASH_DIGITS}"  # the cursor before the first event


@dataclass(frozen=True)
class Place:
    """A place in the feed, after the entry at ``position``; 0 is the beginning."""

    position: int = 0


def cursor_of(entry: FeedEntry) -> str:
    """The entry's cursor: its position and the start of its event's hash."""
    return f"{entry.position}-{entry.event.hash[:_HASH_DIGITS]}"


def feed_of(by: ApiKey) -> QuerySet[FeedEntry]:
    """The enterprise's entries in order, with the related rows that are shown."""
    return with_related(FeedEntry.objects.filter(enterprise_id=by.enterprise_id))


def with_related(entries: QuerySet[FeedEntry]) -> QuerySet[FeedEntry]:
    """The entries in order, with the related rows that are shown."""
    return (
        entries.select_related("event__text", "event__officer", "event__api_key__enterprise")
        .select_related("event__ticket__project")
        .order_by("position")
    )


def place_after(cursor: str, by: ApiKey) -> Place:
    """The place of a cursor; an empty one and START are the beginning.

    Raises Invalid where it is no cursor, Gone where the feed has another event at its position:
    after a restore from a backup the positions after the backup are given anew, and a reader
    that went on from an old one would miss events unnoticed.
    """
    if cursor in {"", START}:
        return Place()
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Invalid([FieldError(("after",), _("This is not a cursor of this feed."), "cursor")])
    position = int(match[1])
    entry = FeedEntry.objects.filter(enterprise_id=by.enterprise_id, position=position)
    hashes = entry.values_list("event__hash", flat=True)
    if [full[:_HASH_DIGITS] for full in hashes] != [match[2]]:
        raise Gone(_("The feed does not know this cursor: go on from an earlier one."))
    return Place(position)


def entries_after(place: Place, by: ApiKey, limit: int) -> list[FeedEntry]:
    """The next entries, at most ``limit``."""
    return list(feed_of(by).filter(position__gt=place.position)[:limit])


def last_cursor(by: ApiKey) -> str:
    """The cursor of the last entry; START where there is none."""
    entry = feed_of(by).order_by("-position").first()
    return cursor_of(entry) if entry else START

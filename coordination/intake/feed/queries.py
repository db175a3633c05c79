"""Reading the feed from a place in it."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.intake.models import FeedEntry
from projects.access.models import ApiKey
from projects.record.refusals import FieldError, Gone, Invalid

_CURSOR: Final = re.compile(r"(\d{1,18})-([0-9a-f]{16})")
_PROOF: Final = 16  # characters of the event's hash: enough to know it again


@dataclass(frozen=True)
class Place:
    """After the entry at ``position``; 0 is before the first."""

    position: int = 0


def cursor_of(entry: FeedEntry) -> str:
    """The entry's place, as a caller keeps it: its position, and which event was seen there."""
    return f"{entry.position}-{entry.event.hash[:_PROOF]}"


def feed_of(by: ApiKey) -> QuerySet[FeedEntry]:
    """The enterprise's entries with all that is shown of them, in order."""
    return whole(FeedEntry.objects.filter(enterprise_id=by.enterprise_id))


def whole(entries: QuerySet[FeedEntry]) -> QuerySet[FeedEntry]:
    """With all that is shown of them, in order."""
    return (
        entries.select_related("event__text", "event__officer", "event__api_key__enterprise")
        .select_related("event__ticket__project")
        .order_by("position")
    )


def place_after(cursor: str, by: ApiKey) -> Place:
    """The place that a cursor says; an empty one is the beginning.

    Raises Invalid where it is no cursor, Gone where this feed never had that event there: after
    a restore from a backup, what came after it is being written anew, and a reader that went on
    from its old place would miss events without knowing.
    """
    if not cursor:
        return Place()
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid([FieldError(("after",), _("This is not a cursor of this feed."), "cursor")])
    position = int(found[1])
    entry = FeedEntry.objects.filter(enterprise_id=by.enterprise_id, position=position)
    hashes = entry.values_list("event__hash", flat=True)
    if [each[:_PROOF] for each in hashes] != [found[2]]:
        raise Gone(_("The feed does not know this cursor: go on from an earlier one."))
    return Place(position)


def entries_after(place: Place, by: ApiKey, limit: int) -> list[FeedEntry]:
    """The next entries, at most ``limit``."""
    return list(feed_of(by).filter(position__gt=place.position)[:limit])


def last_cursor(by: ApiKey) -> str:
    """The end of the feed; empty where nothing happened yet."""
    entry = feed_of(by).order_by("-position").first()
    return cursor_of(entry) if entry else ""

"""What rooms tell of a thing's past, for one timeline of all of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

type Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """Something that happened: what, in words, by whom, and the page that shows it, if one does."""

    at: datetime
    what: Text
    detail: Text = ""
    by: Text = ""
    link: str = ""


@dataclass(frozen=True)
class TimelineSource:
    """A room's entries of a page's thing, such as "register.project".

    ``entries`` takes the thing, the officer who reads, the moment up to which entries are wanted
    (None: all), and how many at most; it gives the newest of them, the newest first, and none that
    the officer may not see. Its order is the same whenever it is asked.
    """

    page: str
    name: str
    entries: Callable[[Any, Any, datetime | None, int], Iterable[Entry]]

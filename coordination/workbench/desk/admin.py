"""The admin's first page is the officer's desk."""

from collections import defaultdict
from typing import Any, Final, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from coordination.staff.models import Officer
from coordination.workbench.desk.queries import Queue, desk_of
from projects.house.rooms import Page, Section, rooms

admin.site.index_template = "workbench/desk.html"

_CALENDAR: Final = "admin:working_calendar"


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that the officer's role opens, under the headings of their sections."""
    found: dict[Section, list[Page]] = defaultdict(list)
    for page in sorted((each for room in rooms() for each in room.pages), key=_place):
        if _opens(page, request):
            found[page.section].append(page)
    here = _current(request, [page for pages in found.values() for page in pages])
    return [
        {"title": section.title, "items": [_item(page, is_here=page is here) for page in pages]}
        for section, pages in found.items()
    ]


def _place(page: Page) -> tuple[int, int]:
    return page.section.order, page.order


def _opens(page: Page, request: HttpRequest) -> bool:
    if page.is_shown is not None and not page.is_shown(request):
        return False
    return not page.permission or request.user.has_perm(page.permission)


def _current(request: HttpRequest, pages: list[Page]) -> Page | None:
    """The page whose address is the longest beginning of this one."""
    below = [page for page in pages if request.path.startswith(reverse(page.address))]
    found = max(below, key=lambda page: len(reverse(page.address)), default=None)
    index = reverse("admin:index")
    if found is not None and reverse(found.address) == index and request.path != index:
        return None
    return found


def _address(name: str) -> str | None:
    """A page that is not there has no link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _item(page: Page, *, is_here: bool) -> dict[str, Any]:
    return {
        "title": page.title, "icon": page.icon, "link": reverse(page.address),
        "active": lambda _request: is_here,
    }  # fmt: skip


def desk(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows."""
    officer = cast(Officer, request.user)
    found = desk_of(officer)
    queues: list[tuple[str, Queue | None, str]] = [
        (gettext("My queue"), found.mine, "?status=open&handler=me"),
        (gettext("Standing in"), found.stood_in, "?status=open&handler=standing-in"),
        (gettext("My group's queue"), found.in_group, "?status=open"),
        (gettext("Waiting for a group"), found.unserved, "?status=open&group=none"),
        (gettext("Open tickets"), found.open_anywhere, "?status=open"),
    ]
    return {
        **context,
        "title": gettext("Desk"),
        "desk": found,
        "calendar_link": _address(_CALENDAR) or "",
        "coverage_link": _address("admin:workbench_unserved") or "",
        "officer": officer,
        "queues": [(title, queue, query) for title, queue, query in queues if queue is not None],
    }

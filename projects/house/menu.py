"""The menu beside every page: what the rooms name in their ``room.py``, under its headings."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from projects.house.rooms import Page, Section, rooms


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


def _item(page: Page, *, is_here: bool) -> dict[str, Any]:
    return {
        "title": page.title, "icon": page.icon, "link": reverse(page.address),
        "active": lambda _request: is_here,
    }  # fmt: skip

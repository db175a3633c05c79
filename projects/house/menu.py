"""The menu beside every page, made of the pages that the rooms declare."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from projects.house.rooms import Page, Section, rooms


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation: the pages that the officer may open, by section."""
    pages = [page for room in rooms() for page in room.pages if _may_open(page, request)]
    pages.sort(key=lambda page: (page.section.order, page.order))
    current = _find_current(request, pages)
    items: dict[Section, list[dict[str, Any]]] = defaultdict(list)
    for page in pages:
        items[page.section].append(_item(page, is_current=page is current))
    return [
        {
            "title": section.title, "icon": section.icon, "items": found,
            "single": len(found) == 1 and section.order == 1,
            "is_open": current is not None and current.section is section,
        }
        for section, found in items.items()
    ]  # fmt: skip


def _may_open(page: Page, request: HttpRequest) -> bool:
    if page.is_shown is not None and not page.is_shown(request):
        return False
    return not page.permission or request.user.has_perm(page.permission)


def _find_current(request: HttpRequest, pages: list[Page]) -> Page | None:
    """The page with the longest address that begins the request's path.

    The index begins every path of the admin, so it counts only for its own.
    """
    addresses = {reverse(page.address): page for page in pages}
    if request.path != reverse("admin:index"):
        addresses.pop(reverse("admin:index"), None)
    matches = [address for address in addresses if request.path.startswith(address)]
    return addresses[max(matches, key=len)] if matches else None


def _item(page: Page, *, is_current: bool) -> dict[str, Any]:
    return {
        "title": page.title, "link": reverse(page.address),
        "active": lambda _request: is_current,
    }  # fmt: skip

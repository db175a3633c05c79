"""The admin's first page is the officer's desk."""

from typing import Any, Final, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from coordination.staff.models import Officer
from coordination.workbench.desk.queries import Queue, desk_of

admin.site.index_template = "workbench/desk.html"

_CALENDAR: Final = "admin:working_calendar"


def _address(name: str) -> str | None:
    """A page that is not there has no link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def desk(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the first page shows."""
    officer = cast(Officer, request.user)
    if not officer.has_perm("tickets.view_ticket"):  # administrators work from the menu
        return {**context, "title": gettext("Desk")}
    found = desk_of(officer)
    queues: list[tuple[str, Queue | None, str]] = [
        (gettext("My queue"), found.mine, "?status=open&handler=me"),
        (gettext("Standing in"), found.stood_in, "?status=open&handler=standing-in"),
        (gettext("My group's queue"), found.in_group, "?status=open"),
        (gettext("Waiting for a group"), found.unserved, "?status=open&group=none"),
        (gettext("Nobody in the group can act"), found.unmanned, "?status=open&group=unmanned"),
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

"""The admin's first page is the officer's desk."""

from typing import Any, Final, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.desk.admin_board import may_see_board
from coordination.desk.queries import Queue, desk_of
from coordination.groups.models import Officer

admin.site.index_template = "coordination/desk.html"

# Title, icon, and the rows that the page lists.
_PAGES: Final[tuple[tuple[Promise, str, str], ...]] = (
    (_("Tickets"), "confirmation_number", "coordination_ticket"),
    (_("Notices"), "notifications", "coordination_notice"),
    (_("Projects"), "domain", "projects_project"),
    (_("Enterprises"), "apartment", "projects_enterprise"),
    (_("Daily reports"), "event_note", "projects_dailyreport"),
    (_("Assignments"), "handshake", "coordination_assignment"),
    (_("Service groups"), "groups", "coordination_servicegroup"),
    (_("Departments"), "account_balance", "coordination_department"),
    (_("Officers"), "badge", "coordination_officer"),
    (_("Memberships"), "group_add", "coordination_membership"),
    (_("Leaves"), "event_busy", "coordination_leave"),
    (_("Bulletins"), "newspaper", "coordination_bulletin"),
    (_("Terms"), "timer", "coordination_term"),
    (_("Looks at personal data"), "visibility", "coordination_reveal"),
    (_("Purges"), "auto_delete", "coordination_purge"),
    (_("Legal holds"), "gavel", "coordination_legalhold"),
    (_("API keys"), "key", "projects_apikey"),
    (_("Notice channels"), "forum", "coordination_destination"),
    (_("Deliveries"), "outgoing_mail", "coordination_delivery"),
    (_("Webhooks"), "webhook", "coordination_webhookendpoint"),
)
_RUNNING_WEEK: Final = "admin:bulletin_preview"
_LEDGER: Final = "admin:ledger"
_CALENDAR: Final = "admin:working_calendar"


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that the officer's role opens."""
    items = [_item(request, _("Desk"), "dashboard", reverse("admin:index"))]
    if may_see_board(request):
        items.append(_item(request, _("Board"), "bar_chart", reverse("board")))
    for title, icon, rows in _PAGES:
        address = _address(f"admin:{rows}_changelist")
        if address and request.user.has_perm(rows.replace("_", ".view_")):
            items.append(_item(request, title, icon, address))
    ledger = _address(_LEDGER)
    if ledger and request.user.has_perm("coordination.view_ticket"):
        items.append(_item(request, _("Check-off ledger"), "fact_check", ledger))
    calendar = _address(_CALENDAR)
    if calendar and request.user.has_perm("coordination.view_calendaroverride"):
        items.append(_item(request, _("Working calendar"), "calendar_month", calendar))
    week = _address(_RUNNING_WEEK)
    if week and request.user.has_perm("coordination.view_bulletin"):
        items.append(_item(request, _("The running week"), "date_range", week))
    return [{"title": None, "items": items}]


def _address(name: str) -> str | None:
    """A page that is not there has no link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _item(request: HttpRequest, title: Promise, icon: str, link: str) -> dict[str, Any]:
    here = request.path
    below = here.startswith(link) and link != reverse("admin:index")
    own = {_address(_RUNNING_WEEK), _address(_LEDGER)}  # below a list, with an entry of their own
    is_here = here == link or (below and here not in own)
    return {"title": title, "icon": icon, "link": link, "active": lambda _request: is_here}


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
        "coverage_link": _address("admin:coordination_unserved") or "",
        "officer": officer,
        "queues": [(title, queue, query) for title, queue, query in queues if queue is not None],
    }

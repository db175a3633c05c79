"""What the centre has to act on: counted on the board of everybody."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.groups.queries import unserved
from coordination.tickets.board_counts import open_of, queue
from coordination.workbench.proposals.queries import proposals_waiting
from projects.house.widgets import ALL_ALONE, Figure, Reading, Tile, View


def _unserved(view: View) -> Reading:
    number, waiting = unserved(view.at).count(), proposals_waiting(view.at)
    note = ngettext("%(number)d proposal waits", "%(number)d proposals wait", waiting)
    figure = Figure(str(number), _("projects (个)"), link=reverse("admin:workbench_unserved"))
    return Reading((figure,), note % {"number": waiting} if waiting else "", "", bool(number))


def _tickets(number: int, link: str) -> Reading:
    return Reading((Figure(str(number), _("tickets (起)"), link=link),), is_amiss=bool(number))


def _without_group(view: View) -> Reading:
    number = sum(each.number for each in open_of(view) if each.group is None)
    return _tickets(number, queue(view, status="open", group="none"))


def _to_countersign(view: View) -> Reading:
    number = sum(each.to_countersign for each in open_of(view))
    return _tickets(number, queue(view, signature="awaited"))


def _third(view: View) -> Reading:
    number = sum(each.last_passed for each in open_of(view))
    return _tickets(number, queue(view, passed="3"))


TO_DO: Final = (
    Tile(
        "unserved", 110, gettext_lazy("Projects nobody serves"), _unserved, ALL_ALONE,
        is_to_do=True,
    ),
    Tile(
        "without-group", 120, gettext_lazy("No group yet"), _without_group, ALL_ALONE,
        is_to_do=True,
    ),
    Tile(
        "countersign", 130, gettext_lazy("Awaiting countersignature"), _to_countersign,
        ALL_ALONE, is_to_do=True,
    ),
    Tile("third", 140, gettext_lazy("Third transfers"), _third, ALL_ALONE, is_to_do=True),
)  # fmt: skip

"""What tickets show on the boards: what is open and its lights, punctuality, and the kinds."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.tickets.board_counts import (
    ORDER,
    Open,
    lately_of,
    open_of,
    punctual_of,
    queue,
    rate_of,
)
from coordination.tickets.clocks.lights import Light
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_lately import KEPT, LATE
from coordination.tickets.widget_trend import TREND
from projects.house.blocks import Column, Figures, Keyed, Path, Row, Table, Text
from projects.house.widgets import Figure, Picture, Reading, Tile, View

_NONE: Final = (0, 0)


def _open(view: View) -> Reading:
    """How many are open, and how many of them in each state."""
    found = open_of(view)
    by_status = {each: sum(row.number for row in found if row.status == each) for each in ORDER}
    parts = [
        _("%(state)s %(number)s") % {"state": status.label, "number": number}
        for status, number in by_status.items()
        if number
    ]
    total = Figure(
        str(sum(by_status.values())), unit=_("tickets (起)"), link=queue(view, status="open")
    )
    return Reading((total,), pgettext("list", ", ").join(parts))


def _lights(view: View) -> Reading:
    """How many open tickets have each light; a resolved one has none."""
    found = open_of(view)
    counts = {
        Light.RED: sum(each.red for each in found),
        Light.YELLOW: sum(each.yellow for each in found),
        Light.GREEN: sum(each.green for each in found),
    }
    figures = tuple(
        Figure(
            str(number), link=queue(view, light=light.value), light=light.value, name=light.label
        )
        for light, number in counts.items()
    )
    resolved = sum(each.number for each in found if each.status == Status.RESOLVED)
    note = _("%(number)s resolved without a light") % {"number": resolved} if resolved else ""
    return Reading(figures, note, queue(view, status=Status.RESOLVED) if resolved else "")


def _punctual(view: View) -> Reading:
    """How many of those resolved in the last thirty days were resolved in time."""
    kept, number, share = rate_of(punctual_of(view))
    if share is None:
        return Reading((Figure("—"),), _("None was resolved."))
    of = _("%(part)s / %(whole)s tickets (起)") % {"part": kept, "whole": number}
    figure = Figure(share, "%", of, queue(view, punctual=KEPT))
    late = number - kept
    note = _("%(number)s resolved late") % {"number": late} if late else _("All in time")
    return Reading((figure,), note, queue(view, punctual=LATE) if late else "")


TILES: Final = (
    Tile("open", 40, pgettext_lazy("board", "Open tickets"), _open, is_public=True),
    Tile("lights", 50, pgettext_lazy("board", "Red / yellow / green"), _lights, is_public=True),
    Tile(
        "punctual", 60, pgettext_lazy("board", "Resolved in time (30 days)"), _punctual,
        is_public=True,
    ),
)  # fmt: skip


def _of_kinds(view: View) -> Figures:
    """Each kind that the code knows or that has a ticket here, and all together."""
    found, lately = open_of(view), lately_of(view)
    kinds = dict.fromkeys((*KINDS, *lately, *(each.kind for each in found)))
    by_kind = {
        kind: _row([each for each in found if each.kind == kind], lately.get(kind, _NONE))
        for kind in kinds
    }
    total = {
        name: sum(row[name] for row in by_kind.values())
        for name in ("filed", "ended", "open", "red", "yellow")
    }
    return {"by_kind": by_kind, "total": total}


def _row(found: list[Open], lately: tuple[int, int]) -> dict[str, int]:
    filed, ended = lately
    return {
        "filed": filed, "ended": ended, "open": sum(each.number for each in found),
        "red": sum(each.red for each in found), "yellow": sum(each.yellow for each in found),
    }  # fmt: skip


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (kind.label,) for name, kind in KINDS.items()}


def _linked(**filters: str) -> Callable[[Any, Path], str]:
    """The queue with these filters, and with the row's kind; the total row has none."""

    def address(view: View, key: Path) -> str:
        own = {} if key == ("total",) else {"kind": key[0]}
        return queue(view, **filters, **own)

    return address


KINDS_PICTURE: Final = Picture(
    "kinds", 40, pgettext_lazy("board", "Tickets by kind"), _of_kinds,
    Table(
        headings=(gettext_lazy("kind"),),
        columns=(
            Column(
                "filed", pgettext_lazy("board", "filed (30 days)"), link=_linked(lately="filed")
            ),
            Column(
                "ended", pgettext_lazy("board", "ended (30 days)"), link=_linked(lately="ended")
            ),
            Column("open", pgettext_lazy("board", "open"), link=_linked(status="open")),
            Column("red", pgettext_lazy("board", "red"), link=_linked(light="red"), light="red"),
            Column(
                "yellow", pgettext_lazy("board", "yellow"), link=_linked(light="yellow"),
                light="yellow",
            ),
        ),
        rows=(
            Keyed("BoardKind", _titles, at=("by_kind",)),
            Row(gettext_lazy("In all"), ("total",), is_total=True),
        ),
        note=pgettext_lazy("board", "Ended: written off, declined or withdrawn."),
    ),
    span=5, wall="bottom-left",
)  # fmt: skip

WIDGETS: Final = (*TILES, TREND, KINDS_PICTURE)

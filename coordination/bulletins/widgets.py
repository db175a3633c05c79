"""This week against the last on the boards: the two weeks that ended with the last two cut-offs."""

from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.bulletins.week import WEEK, running_week
from coordination.tickets.board_counts import moves_in, open_before, open_now
from projects.house.blocks import Column, Figures, Format, Keyed, Path, Period, Table, Text
from projects.house.widgets import OF_MANY, Picture, View
from projects.progress.block_resumption import figures_at
from projects.progress.widgets import projects_page

_TITLES: Final[dict[str, Text]] = {
    "filed": pgettext_lazy("board", "filed (起)"),
    "reopened": pgettext_lazy("board", "reopened (起)"),
    "settled": pgettext_lazy("board", "resolved (起)"),
    "ended": pgettext_lazy("board", "ended (起)"),
    "open": pgettext_lazy("board", "open at the end (起)"),
    "resumed": pgettext_lazy("board", "at work at the end (项)"),
}
_LEDGER: Final = {
    "filed": "filed", "reopened": "reopened", "settled": "settled", "ended": "ended",
    "open": "after",
}  # fmt: skip


def _weeks(view: View) -> tuple[Period, Period]:
    """The last full week and the one before it."""
    cut_off = running_week(view.at).start
    return Period(cut_off - WEEK, cut_off), Period(cut_off - 2 * WEEK, cut_off - WEEK)


def _count(view: View) -> Figures:
    """Of each figure this week, last week, and the difference."""
    this, last = _weeks(view)
    since = moves_in(view, this.end, view.at)
    periods = {"this": this, "last": last}
    moves = {name: moves_in(view, each.start, each.end) for name, each in periods.items()}
    open_then = {"this": open_before(open_now(view), since)}
    open_then["last"] = open_before(open_then["this"], moves["this"])
    found: dict[str, dict[str, int]] = {name: {} for name in _TITLES}
    for column, period in periods.items():
        for name in ("filed", "reopened", "settled", "ended"):
            found[name][column] = moves[column][name]
        found["open"][column] = open_then[column]
        found["resumed"][column] = figures_at(period.end, view.projects)["resumed"]
    return {
        name: {**row, "change": f"{row['this'] - row['last']:+d}".replace("-", "−")}
        for name, row in found.items()
    }


def _linked(place: int) -> Any:
    """The rows of the figure: entries of the ledger, or projects as they were at work then."""

    def address(view: View, key: Path) -> str:
        period = _weeks(view)[place]
        moment = f"{timezone.localtime(period.end):%Y-%m-%d %H:%M}"
        if key[0] not in _LEDGER:
            return f"{projects_page(view, 'resumed')}&{urlencode({'at': moment})}"
        asked: dict[str, Any] = {"week": moment, "by": "kind"}
        if view.group is not None:
            asked["group"] = view.group.pk
        return f"{reverse('admin:ledger_entries', args=[_LEDGER[key[0]]])}?{urlencode(asked)}"

    return address


def _note(view: View) -> str:
    this, _last = _weeks(view)
    day = date_format(timezone.localtime(this.end), pgettext("date format", "N j"))
    return _("to %(day)s, 17:00") % {"day": day}


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (title,) for name, title in _TITLES.items()}


WIDGETS: Final = (
    Picture(
        "week", 70, pgettext_lazy("board", "This week and the last"), _count,
        Table(
            headings=("",),
            columns=(
                Column("this", pgettext_lazy("board", "this week"), link=_linked(0)),
                Column("last", pgettext_lazy("board", "last week"), link=_linked(1)),
                Column("change", pgettext_lazy("board", "change"), Format.QUANTITY),
            ),
            rows=(Keyed("BoardWeek", _titles),),
            note=gettext_lazy("A week ends with the bulletin's cut-off, on Monday at 17:00."),
        ),
        span=4, note=_note, whose=OF_MANY, wall="bottom-right",
    ),
)  # fmt: skip

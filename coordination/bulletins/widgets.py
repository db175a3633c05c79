"""What bulletins show on the boards: the running week against the last, and the rate by day."""

from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.bulletins.week import weeks_at
from coordination.bulletins.widget_parts import PARTS, ledger_of
from coordination.bulletins.widget_rate import RATE
from coordination.groups.models import Assignment
from coordination.tickets.board_counts import moves_in, open_before, open_now
from projects.house.blocks import Column, Figures, Format, Keyed, Path, Table, Text
from projects.house.widgets import OF_MANY, Picture, View
from projects.progress.block_resumption import figures_at
from projects.progress.widgets import figures_of, projects_page

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


def _count(view: View) -> Figures:
    """Of each figure the running week, the last one, and the difference."""
    periods = weeks_at(view.at).periods
    moves = {name: moves_in(view, each.start, each.end) for name, each in periods.items()}
    found: dict[str, dict[str, int]] = {name: {} for name in _TITLES}
    for column in periods:
        for name in ("filed", "reopened", "settled", "ended"):
            found[name][column] = moves[column][name]
    found["open"] = {"this": open_now(view), "last": open_before(open_now(view), moves["this"])}
    found["resumed"] = {"this": figures_of(view)["resumed"], "last": _resumed_last(view)}
    return {
        name: {**row, "change": f"{row['this'] - row['last']:+d}".replace("-", "−")}
        for name, row in found.items()
    }


def _resumed_last(view: View) -> int:
    """At the last cut-off, of the projects that the board's group served then."""
    end = weeks_at(view.at).periods["last"].end
    if view.group is None:
        return int(figures_at(end)["resumed"])
    served = Assignment.objects.filter(group=view.group, during__contains=end)
    return int(figures_at(end, served.values("project"))["resumed"])


def _linked(week: str) -> Any:
    """The rows of the figure: entries of the ledger, or projects as they were at work then."""

    def address(view: View, key: Path) -> str:
        if key[0] in _LEDGER:
            return ledger_of(view, _LEDGER[key[0]], week)
        page = projects_page(view, "resumed")
        if week == "this":
            return page
        end = timezone.localtime(weeks_at(view.at).ends["last"])
        return f"{page}&{urlencode({'at': f'{end:%Y-%m-%d %H:%M}'})}"

    return address


def _note(view: View) -> str:
    since = timezone.localtime(weeks_at(view.at).periods["this"].start)
    return _("since %(day)s, 17:00") % {
        "day": date_format(since, pgettext("date format", "N j"))
    }  # fmt: skip


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (title,) for name, title in _TITLES.items()}


WIDGETS: Final = (
    Picture(
        "week", 70, pgettext_lazy("board", "This week and the last"), _count,
        Table(
            headings=("",),
            columns=(
                Column("this", pgettext_lazy("board", "this week"), link=_linked("this")),
                Column("last", pgettext_lazy("board", "last week"), link=_linked("last")),
                Column("change", pgettext_lazy("board", "change"), Format.QUANTITY),
            ),
            rows=(Keyed("BoardWeek", _titles),),
            note=gettext_lazy("A week ends with the bulletin's cut-off, on Monday at 17:00."),
        ),
        span=5, note=_note, whose=OF_MANY, wall="bottom-right",
    ),
    *PARTS,
    RATE,
)  # fmt: skip

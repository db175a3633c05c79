"""The running week against the last on the boards, by kind, by group and by district."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from coordination.bulletins.week import Weeks, weeks_at
from coordination.groups.models import ServiceGroup
from coordination.tickets.board_counts import moves_by, open_of
from coordination.tickets.kinds.registry import KINDS
from projects.house.blocks import Column, Figures, Format, Listed, Path, Row, Table, Text
from projects.house.widgets import ALL_ALONE, OF_MANY, Picture, View
from projects.register.district_tiles import short
from projects.register.models import District
from projects.register.queries import known_at

_MOVES: Final = ("filed", "settled", "ended")
_NOBODY: Final = "none"
_TOTAL: Final = ("total",)
_OF_WEEKS: Final = tuple(f"{move}_{week}" for move in _MOVES for week in ("this", "last"))
_NAMES: Final = (*_OF_WEEKS, "open")
_SHOWN: Final = ("filed_this", "filed_last", "ended_this", "ended_last", "open")
type Counts = Mapping[Any, Counter[str]]


def ledger_of(view: View, column: str, week: str, **asked: object) -> str:
    """The ledger's entries of the running week or the last, within the board's group."""
    ends = weeks_at(view.at).ends[week]
    given: dict[str, object] = {"week": f"{ends:%Y-%m-%d %H:%M}", "by": "kind", **asked}
    if view.group is not None:
        given["group"] = view.group.pk
    return f"{reverse('admin:ledger_entries', args=[column])}?{urlencode(given)}"


def _periods(view: View) -> Weeks:
    return weeks_at(view.at)


def _table(
    named: Iterable[tuple[str, str]],
    counts: Mapping[str, Counter[str]],
    columns: Iterable[str] = _NAMES,
) -> Figures:
    """A row for each of the named keys, and the total of all."""
    rows = [
        {"key": key, "name": name, **{each: counts[key][each] for each in columns}}
        for key, name in named
    ]
    return {"rows": rows, "total": {each: sum(row[each] for row in rows) for each in columns}}


def _by_kind(view: View) -> Figures:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, row in moves_by(view, "kind", _periods(view).periods, _MOVES).items():
        counts[kind].update(row)
    for each in open_of(view):
        counts[each.kind]["open"] += each.number
    kinds = [*KINDS, *sorted(counts.keys() - KINDS.keys())]
    return _table(
        ((kind, str(KINDS[kind].label) if kind in KINDS else kind) for kind in kinds), counts
    )


def _by_group(view: View) -> Figures:
    """The groups in service, any other that has figures, and the tickets that no group has."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for group, row in moves_by(view, "group", _periods(view).periods, _MOVES).items():
        counts[_NOBODY if group is None else str(group)].update(row)
    for each in open_of(view):
        counts[_NOBODY if each.group is None else str(each.group)]["open"] += each.number
    found = [int(key) for key, row in counts.items() if key != _NOBODY and row.total()]
    groups = ServiceGroup.objects.filter(Q(is_active=True) | Q(pk__in=found))
    named = [(str(each.pk), each.name) for each in groups]
    if counts[_NOBODY].total():
        named.append((_NOBODY, _("No group yet")))
    return _table(named, counts)


def _by_district(view: View) -> Figures:
    """By the project's district at each week's end, as the ledger counts it."""
    weeks = _periods(view)
    districts = {
        week: dict(known_at(period.end).values_list("project_id", "district_id"))
        for week, period in weeks.periods.items()
    }
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for project, row in moves_by(view, "project", weeks.periods, _MOVES).items():
        for name, number in row.items():
            district = districts[name.rpartition("_")[2]].get(project)
            counts[_NOBODY if district is None else str(district)][name] += number
    found = {key for key, row in counts.items() if row.total()}
    rows = District.objects.filter(pk__in=found - {_NOBODY}).order_by("code")
    named = [(str(each.pk), short(each.name)) for each in rows]
    if _NOBODY in found:
        named.append((_NOBODY, _("No district")))
    return _table(named, counts, _OF_WEEKS)


def _linked(by: str, column: str, week: str) -> Any:
    def address(view: View, key: Path) -> str:
        own = {} if key == _TOTAL else {"key": key[0]}
        return ledger_of(view, column, week, **{"by": by, **own})

    return address


_TITLES: Final[dict[str, Text]] = {
    "filed_this": pgettext_lazy("board", "filed this week"),
    "filed_last": pgettext_lazy("board", "filed last week"),
    "settled_this": pgettext_lazy("board", "resolved this week"),
    "settled_last": pgettext_lazy("board", "resolved last week"),
    "ended_this": pgettext_lazy("board", "ended this week"),
    "ended_last": pgettext_lazy("board", "ended last week"),
    "open": pgettext_lazy("board", "open"),
}


def _columns(by: str, names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name, title,
            link=_linked(by, "after", "this") if name == "open"
            else _linked(by, *name.split("_")),
        )
        for name, title in _TITLES.items() if name in names
    )  # fmt: skip


def _picture(by: str, place: int, title: Text, count: Any, **more: Any) -> Picture:
    names = _OF_WEEKS if by == "district" else _NAMES
    heading = {"kind": gettext_lazy("kind"), "group": gettext_lazy("service group")}
    return Picture(
        f"week-by-{by}", place, title, count,
        Table(
            headings=(heading.get(by, gettext_lazy("district or county")),),
            columns=_columns(by, names),
            rows=(
                Listed(("rows",), Column("key", "", Format.TEXT), Column("name", "", Format.TEXT)),
                Row(gettext_lazy("In all"), _TOTAL, is_total=True),
            ),
            note=gettext_lazy("A week ends with the bulletin's cut-off, on Monday at 17:00."),
        ),
        shown=tuple(each for each in _SHOWN if each in names), **more,
    )  # fmt: skip


PARTS: Final = (
    _picture(
        "kind", 72, pgettext_lazy("board", "The running week by kind"), _by_kind, span=6,
        whose=OF_MANY,
    ),
    _picture(
        "group", 73, pgettext_lazy("board", "The running week by group"), _by_group, span=6,
        whose=ALL_ALONE,
    ),
    _picture(
        "district", 74, pgettext_lazy("board", "The running week by district"), _by_district,
        span=7, whose=OF_MANY,
    ),
)  # fmt: skip

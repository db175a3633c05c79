"""What resumption shows on the boards: how many are at work, and in which districts not.

The districts are drawn as tiles, in columns and rows like their places on a map.
"""

from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from projects.house.blocks import Column, Figures, Format, Listed, Path, Row, Table
from projects.house.charts import Place, bar, depth, depth_of, depths, tile_map
from projects.house.sheets import Cell, Sheet
from projects.house.widgets import (
    ALL_ALONE,
    DISTRICTS,
    OF_MANY,
    Figure,
    Picture,
    Reading,
    Tile,
    View,
)
from projects.progress.block_resumption import figures_at
from projects.register.counted import CLASS
from projects.register.district_tiles import places_of, short
from projects.register.models import CountyClass


def projects_page(view: View, state: str, district: str = "") -> str:
    """The address of the projects of this state, within the board's group or officer."""
    asked: dict[str, Any] = {"state": state}
    if district:
        asked["district"] = district
    if view.officer is not None:
        asked["officer"] = view.officer.pk
    elif view.group is not None:
        asked["group"] = view.group.pk
    return f"{reverse('resumption')}?{urlencode(asked)}"


def figures_of(view: View) -> Figures:
    """What is planned and at work now, counted once for all widgets of the board."""
    return view.once("progress.resumption", lambda each: figures_at(each.at, each.projects))


def _resumed(view: View) -> Reading:
    found = figures_of(view)
    if found["rate"] is None:
        return Reading((Figure("—"),), _("None is planned to be at work."))
    of = _("%(part)s / %(whole)s projects (项)") % {
        "part": found["resumed"], "whole": found["planned"],
    }  # fmt: skip
    waiting = found["planned"] - found["resumed"]
    note = _("%(number)s not yet") % {"number": waiting} if waiting else _("All at work")
    figure = Figure(found["rate"], "%", of, projects_page(view, "resumed"))
    return Reading((figure,), note, projects_page(view, "waiting") if waiting else "")


RESUMED: Final = Tile(
    "resumed", 20, pgettext_lazy("board", "Resumed or started"), _resumed, is_public=True
)


def _by_district(view: View) -> Figures | None:
    """The districts in which projects are planned, with how many of them are not at work."""
    found = figures_of(view)
    rows = [
        {**row, "waiting": row["planned"] - row["resumed"]}
        for row in found["by_district"]
        if row["planned"]
    ]
    if not rows:
        return None
    total = {name: found[name] for name in ("planned", "resumed", "rate")}
    total["waiting"] = total["planned"] - total["resumed"]
    return {"rows": rows, "total": total}


def _linked(state: str) -> Any:
    def address(view: View, key: Path) -> str:
        return projects_page(view, state, "" if key == ("total",) else key[0])

    return address


_TABLE: Final = Table(
    headings=(gettext_lazy("district or county"),),
    columns=(
        Column("rank", gettext_lazy("rank"), is_nullable=True),
        Column(
            "planned", pgettext_lazy("bulletin", "planned"), unit="个", link=_linked("planned")
        ),
        Column(
            "resumed", pgettext_lazy("bulletin", "resumed"), unit="个", link=_linked("resumed")
        ),
        Column(
            "waiting", pgettext_lazy("board", "not at work"), unit="个", link=_linked("waiting")
        ),
        Column("rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%", is_nullable=True),
    ),
    rows=(
        Listed(
            ("rows",), Column("code", gettext_lazy("code"), Format.TEXT),
            Column("name", gettext_lazy("name"), Format.TEXT),
        ),
        Row(gettext_lazy("In all"), ("total",), is_total=True, lacks=frozenset({"rank"})),
    ),
    note=pgettext_lazy(
        "board", "By rate, within a class where there are classes; equal rates share a rank."
    ),
)  # fmt: skip


def _rows(sheet: Sheet) -> list[tuple[str, str, dict[str, Cell]]]:
    """Of each district the code, the short name and the figures."""
    return [
        (row.key[0], short(row.titles[0]), sheet.named(row))
        for row in sheet.rows
        if not row.is_total
    ]


def _map(sheet: Sheet, _view: View) -> SafeString:
    """The districts as tiles; the more of their projects are not at work, the deeper."""
    rows = _rows(sheet)
    most = max((cells["waiting"].value for _code, _name, cells in rows), default=0)
    places = []
    for (column, row), (_code, name, cells) in zip(
        places_of([code for code, _name, _cells in rows]), rows, strict=True
    ):
        waiting = cells["waiting"].value
        remark = _("%(number)s not") % {"number": waiting} if waiting else _("all")
        words = (name, cells["rate"].text, remark)
        shade = depth(depth_of(waiting, most))
        places.append(Place(column, row, words, shade, cells["waiting"].link or ""))
    return tile_map(places, [(depth(n), words) for n, words in enumerate(_legend(most))])


def _legend(most: int) -> list[str]:
    bounds = depths(most)
    named = [
        (_("%(first)s not") if first == last else _("%(first)s to %(last)s not"))
        % {"first": first, "last": last}
        for first, last in bounds[:-1]
    ]
    return [_("all at work"), *named, _("%(first)s or more not") % {"first": bounds[-1][0]}]


def _ranking(sheet: Sheet, view: View) -> SafeString:
    """A bar for each district: its projects, filled as far as they are at work; class by class."""
    rows = _rows(sheet)
    most = max((cells["planned"].value for _code, _name, cells in rows), default=0)
    classes = {row["code"]: row[CLASS] for row in figures_of(view)["by_district"]}
    lines = list[SafeString]()
    for group, of_it in groupby(rows, key=lambda row: classes[row[0]]):
        if any(classes.values()):
            title = CountyClass(group).label if group else _("no class")
            lines.append(format_html('<li class="c-class">{}</li>', title))
        lines += [_ranked(name, cells, most) for _code, name, cells in of_it]
    return format_html(
        '<ol class="c-ranks">{}</ol>', format_html_join("", "{}", ((line,) for line in lines))
    )


def _ranked(name: str, cells: dict[str, Cell], most: int) -> SafeString:
    return format_html(
        "<li><i>{}</i><span>{}</span>{}{}<b>{}</b></li>",
        cells["rank"].text, name, bar(cells["resumed"].value, cells["planned"].value, most),
        _ratio(cells), cells["rate"].text,
    )  # fmt: skip


def _ratio(cells: dict[str, Cell]) -> SafeString:
    words = f"{cells['resumed'].text}/{cells['planned'].text}"
    if not cells["planned"].link:
        return format_html("<span>{}</span>", words)
    return format_html('<a href="{}">{}</a>', cells["planned"].link, words)


WIDGETS: Final = (
    RESUMED,
    Picture(
        "map", 10, pgettext_lazy("board", "Resumption by district"), _by_district, _TABLE,
        span=4, draw=_map, whose=ALL_ALONE, wall="top-left", turn=DISTRICTS,
        face=pgettext_lazy("board", "at work"),
        note=lambda _view: pgettext("board", "the stronger the colour, the more are not at work"),
    ),
    Picture(
        "ranks", 20, pgettext_lazy("board", "By rate of resumption"), _by_district, _TABLE,
        span=3, draw=_ranking, whose=OF_MANY, wall="middle",
        note=lambda _view: pgettext("board", "at work / planned, %"),
    ),
)  # fmt: skip

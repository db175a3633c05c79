"""What investment shows on the boards: rates against time progress, lights, months, and a map."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from projects.house.amounts import money
from projects.house.blocks import Column, Figures, Format, Listed, Path, Row, Table
from projects.house.charts import Place, lit, tile_map
from projects.house.grouped import Grouped
from projects.house.sheets import Sheet
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
from projects.investment.block_investment import figures_of, sum_title
from projects.investment.curve import curve
from projects.investment.listed import AIMED, NOT_AIMED, TARGET, UNLIT
from projects.investment.progress_of_time import Light, light, percent
from projects.investment.queries import Rule, Standing, rule_at, standing_at
from projects.investment.queries_list import LIGHTS
from projects.investment.queries_months import months_of_year
from projects.investment.queries_sums import Sums, summed
from projects.investment.said import against
from projects.investment.words import month_words, quarter_words
from projects.register.counted import CLASS, NO_CLASS
from projects.register.district_tiles import places_of, short

_NOTHING: Final = "—"


@dataclass(frozen=True)
class _Counted:
    """The projects of the board in the year's list, and what they add up to."""

    rule: Rule
    standings: list[Standing]
    sums: Sums


def _counted(view: View) -> _Counted:
    """Counted once for all widgets of the board."""
    return view.once("investment.counted", _count)


def _count(view: View) -> _Counted:
    rule, standings = rule_at(view.at), standing_at(view.at, view.projects)
    return _Counted(rule, standings, summed(standings, rule, timezone.localdate(view.at)))


def _figures(view: View) -> Figures:
    """The same by district and class, as the bulletin counts them."""
    found = _counted(view)
    return view.once(
        "investment.figures", lambda each: figures_of(found.standings, found.rule, each.at)
    )


def investment_page(view: View, **asked: Any) -> str:
    """The address of the list of investment, within the board's group or officer."""
    if view.officer is not None:
        asked["officer"] = view.officer.pk
    elif view.group is not None:
        asked["group"] = view.group.pk
    return f"{reverse('investment')}?{urlencode(asked)}" if asked else reverse("investment")


def _light_of(rate: Fraction | None, sums: Sums, rule: Rule) -> Light | None:
    return light(rule.lights, rate, sums.progress)


def _of_projects(number: int) -> str:
    return _("%(number)s projects (项)") % {"number": number}


def _invested(view: View) -> Reading | None:
    """The rate of the year, and how far it is from time progress."""
    found = _counted(view)
    sums = found.sums
    if not sums.projects:
        return None
    amounts = _("%(actual)s of %(plan)s (亿元)") % {
        "actual": money(sums.year_actual), "plan": money(sums.annual_plan),
    }  # fmt: skip
    figure = Figure(
        percent(sums.rate) or _NOTHING, "%" if sums.rate is not None else "",
        _of_projects(sums.projects), investment_page(view),
    )  # fmt: skip
    progress = percent(sums.progress)
    if sums.rate is None or progress is None:
        return Reading((figure,), amounts, investment_page(view))
    note = _("%(amounts)s; %(against)s (%(progress)s%%)") % {
        "amounts": amounts, "progress": progress, "against": against(percent(sums.gap)),
    }  # fmt: skip
    is_red = _light_of(sums.rate, sums, found.rule) is Light.RED
    return Reading((figure,), note, investment_page(view), is_red)


def _of_quarter(view: View) -> Reading | None:
    """The rate of the running quarter, of the projects that have a target of it."""
    sums = _counted(view).sums
    if not sums.projects:
        return None
    quarter = quarter_words(_counted(view).standings[0].quarter)
    without = ngettext(
        "%(number)s project without a target", "%(number)s projects without a target",
        sums.without_target,
    ) % {"number": sums.without_target}  # fmt: skip
    page = investment_page(view, **{TARGET: NOT_AIMED})
    if sums.quarter_rate is None and not sums.without_target:
        return Reading((Figure(_NOTHING),), quarter, investment_page(view))
    if sums.quarter_rate is None:
        return Reading((Figure(_NOTHING),), f"{quarter} · {without}", page)
    figure = Figure(
        percent(sums.quarter_rate) or _NOTHING, "%",
        _of_projects(sums.projects - sums.without_target),
        investment_page(view, **{TARGET: AIMED}),
    )  # fmt: skip
    amounts = _("%(quarter)s: %(actual)s of %(plan)s (亿元)") % {
        "quarter": quarter, "actual": money(sums.quarter_aimed),
        "plan": money(sums.quarter_target),
    }  # fmt: skip
    if not sums.without_target:
        return Reading((figure,), amounts, investment_page(view, **{TARGET: AIMED}))
    return Reading((figure,), f"{amounts} · {without}", page)


def _lights(view: View) -> Reading | None:
    """How many projects have each light."""
    sums = _counted(view).sums
    if not sums.projects:
        return None
    figures = tuple(
        Figure(
            str(sums.lights[each]), link=investment_page(view, light=each.value),
            light=each.value, name=LIGHTS[each],
        )
        for each in (Light.RED, Light.YELLOW, Light.GREEN)
    )  # fmt: skip
    unlit = sums.lights[None]
    note = _("%(number)s without a plan of the year") % {"number": unlit} if unlit else ""
    return Reading(figures, note, investment_page(view, light=UNLIT) if unlit else "")


def _by_district(view: View) -> Figures | None:
    """The districts and classes that have projects, and all together."""
    found = _figures(view)
    if not found["projects"]:
        return None
    classes = found["by_class"]
    return {
        **found,
        "by_district": [row for row in found["by_district"] if row["projects"]],
        "by_class": classes and [row for row in classes if row["projects"]],
    }


def _linked(**asked: str) -> Callable[[View, Path], str]:
    """The projects of the row's district or class, with this light if one is named."""

    def address(view: View, key: Path) -> str:
        own: dict[str, Any] = {}
        if key[:1] == (CLASS,):
            own[CLASS] = key[1] or NO_CLASS
        elif key:
            own["district"] = key[0]
        return investment_page(view, **asked, **own)

    return address


_MONEY: Final = (
    Column(
        "annual_plan", pgettext_lazy("investment", "plan of the year"), Format.MONEY, "亿元",
        link=_linked(),
    ),
    Column(
        "year_actual", pgettext_lazy("investment", "invested in the year"), Format.MONEY, "亿元",
        link=_linked(),
    ),
    Column(
        "rate", pgettext_lazy("investment", "rate of the year"), Format.RATE, "%",
        is_nullable=True,
    ),
    Column(
        "gap", pgettext_lazy("investment", "against time progress"), Format.RATE, "个百分点",
        is_nullable=True,
    ),
)  # fmt: skip
_COUNTS: Final = tuple(
    Column(
        "unlit" if name == UNLIT else name, title, link=_linked(light=name),
        light="" if name == UNLIT else name,
    )
    for name, title in (
        (Light.RED.value, pgettext_lazy("investment", "red")),
        (Light.YELLOW.value, pgettext_lazy("investment", "yellow")),
        (Light.GREEN.value, pgettext_lazy("investment", "green")),
        (UNLIT, pgettext_lazy("investment", "no light")),
    )
)  # fmt: skip
_CODE: Final = Column("code", gettext_lazy("code"), Format.TEXT)
_NAME: Final = Column("name", gettext_lazy("name"), Format.TEXT)
_BY_DISTRICT: Final = Table(
    headings=(gettext_lazy("district or county"),),
    columns=(Column("projects", gettext_lazy("projects"), link=_linked()), *_COUNTS, *_MONEY),
    rows=(
        Grouped(
            ("by_district",), _CODE, _NAME, by=CLASS, sums="by_class", sum_title=sum_title
        ),
        Row(gettext_lazy("In all"), is_total=True),
    ),
    note=pgettext_lazy(
        "board", "Projects of the year's batches, by the light that each of them has."
    ),
)  # fmt: skip


def _on_map(view: View) -> Figures | None:
    """The districts with their rates and lights, each reckoned of its projects together."""
    found = _by_district(view)
    if found is None:
        return None
    counted, day = _counted(view), timezone.localdate(view.at)
    of_district = dict[str, list[Standing]]()
    for each in counted.standings:
        of_district.setdefault(each.register.district.code, []).append(each)

    def lit_as(standings: list[Standing]) -> str:
        sums = summed(standings, counted.rule, day)
        return _light_of(sums.rate, sums, counted.rule) or UNLIT

    total = {name: found[name] for name in ("projects", *(each.name for each in _MONEY))}
    return {
        "rows": [
            {**row, "light": lit_as(of_district[row["code"]])} for row in found["by_district"]
        ],
        "total": {**total, "light": lit_as(counted.standings)},
    }


def _map_link(view: View, key: Path) -> str:
    return investment_page(view, **({} if key == ("total",) else {"district": key[0]}))


_MAP: Final = Table(
    headings=(gettext_lazy("district or county"),),
    columns=(
        Column("projects", gettext_lazy("projects"), link=_map_link),
        Column("light", pgettext_lazy("investment", "light"), Format.TEXT, words=LIGHTS),
        *(
            Column(
                each.name, each.title, each.format, each.unit, each.is_nullable,
                link=_map_link if each.link else None,
            )
            for each in _MONEY
        ),
    ),
    rows=(
        Listed(("rows",), _CODE, _NAME),
        Row(gettext_lazy("In all"), ("total",), is_total=True),
    ),
    note=pgettext_lazy(
        "board", "A district's light is reckoned of its projects together, by the same rule."
    ),
)  # fmt: skip


def _map(sheet: Sheet, _view: View) -> SafeString:
    """The districts as tiles: name, rate and light, which is also the colour."""
    rows = [row for row in sheet.rows if not row.is_total]
    places = []
    for (column, row), each in zip(places_of([each.key[0] for each in rows]), rows, strict=True):
        cells = sheet.named(each)
        words = (short(each.titles[0]), cells["rate"].text, cells["light"].text)
        link = cells["projects"].link or ""
        places.append(Place(column, row, words, lit(cells["light"].value), link))
    return tile_map(places, [(lit(light), str(words)) for light, words in LIGHTS.items()])


def _written(amount: Fraction) -> str:
    return money(Decimal(amount.numerator) / amount.denominator)


def _months(view: View) -> Figures | None:
    """The twelve months of the year."""
    found = _counted(view)
    if not found.standings:
        return None
    return {
        "months": [
            {
                "number": str(each.number), "name": month_words(each.number),
                "planned": _written(each.planned),
                "planned_so_far": _written(each.planned_so_far),
                "actual": None if each.actual is None else money(each.actual),
                "actual_so_far": None if each.actual_so_far is None
                else money(each.actual_so_far),
            }
            for each in months_of_year(found.standings, found.standings[0].day)
        ]
    }  # fmt: skip


def _all(view: View, _key: Path) -> str:
    return investment_page(view)


_BY_MONTH: Final = Table(
    headings=(pgettext_lazy("span", "month"),),
    columns=tuple(
        Column(name, title, Format.MONEY, "亿元", is_nullable=True, link=_all)
        for name, title in (
            ("planned", pgettext_lazy("investment", "planned in the month")),
            ("planned_so_far", pgettext_lazy("investment", "planned by its end")),
            ("actual", pgettext_lazy("investment", "invested in the month")),
            ("actual_so_far", pgettext_lazy("investment", "invested by its end")),
        )
    ),
    rows=(Listed(("months",), Column("number", "", Format.TEXT), Column("name", "", Format.TEXT)),),
    note=pgettext_lazy(
        "board",
        "What is not planned by quarter or month is spread over its days. The running month is as"
        " reported so far.",
    ),
)  # fmt: skip


def _curve(sheet: Sheet, _view: View) -> SafeString:
    return curve([(row.titles[0], sheet.named(row)) for row in sheet.rows])


WIDGETS: Final = (
    Tile("invested", 30, pgettext_lazy("board", "Rate of the year's investment"), _invested),
    Tile("invested-quarter", 31, pgettext_lazy("board", "Rate of the quarter"), _of_quarter),
    Tile("investment-lights", 32, pgettext_lazy("board", "Lights of investment"), _lights),
    Picture(
        "map-investment", 11, pgettext_lazy("board", "Investment by district"), _on_map, _MAP,
        span=4, draw=_map, whose=ALL_ALONE, turn=DISTRICTS,
        face=pgettext_lazy("board", "investment"),
        note=lambda _view: pgettext("board", "rate of the year, %, and light"),
    ),
    Picture(
        "investment-months", 35, pgettext_lazy("board", "Investment of the year"), _months,
        _BY_MONTH, span=6, draw=_curve, whose=OF_MANY,
        note=lambda _view: pgettext("board", "from the year's start, in 亿元"),
    ),
    Picture(
        "investment-districts", 74, pgettext_lazy("board", "Lights of investment by district"),
        _by_district, _BY_DISTRICT, span=5, whose=OF_MANY,
        shown=("projects", "red", "yellow", "green", "unlit", "rate"),
    ),
)  # fmt: skip

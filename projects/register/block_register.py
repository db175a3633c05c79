"""The block of the year's list: number of projects, investment, and the year before."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import money
from projects.house.blocks import Block, Column, Figures, Format, Path, Period, Row, Table
from projects.house.equations import Equation
from projects.register.counted import opens
from projects.register.models import PriorFiling
from projects.register.queries import listed_at

_Row = tuple[Decimal, Decimal]


def _listed(period: Period, key: Path) -> str:
    """The projects of the year's list, or the filings of the year before; none of a difference."""
    if key == ("prior",):
        asked = {"year": period.day.year - 1, "recorded_at__lte": period.end.isoformat()}
        return f"{reverse('admin:register_priorfiling_changelist')}?{urlencode(asked)}"
    return "" if key else opens("listed")(period, key)


_COLUMNS: Final = (
    Column("projects", _("projects"), unit="个", link=_listed),
    Column(
        "total_investment", pgettext_lazy("bulletin", "total investment"), Format.MONEY, "亿元",
        link=_listed,
    ),
    Column(
        "annual_investment", pgettext_lazy("bulletin", "planned investment of the year"),
        Format.MONEY, "亿元", link=_listed,
    ),
)  # fmt: skip


def _totals(rows: Iterable[_Row]) -> tuple[int, Decimal, Decimal]:
    rows = list(rows)
    return (
        len(rows),
        sum((total for total, _annual in rows), Decimal(0)),
        sum((annual for _total, annual in rows), Decimal(0)),
    )


def _written(projects: int, total: Decimal, annual: Decimal) -> dict[str, Any]:
    return {
        "projects": projects,
        "total_investment": money(total),
        "annual_investment": money(annual),
    }


def count(period: Period) -> dict[str, Any]:
    """The projects of the year's batches, against the filings of the year before."""
    year, fields = period.day.year, ("total_investment", "annual_investment")
    own = _totals(listed_at(period.end).values_list(*fields))
    filings = PriorFiling.objects.filter(year=year - 1, recorded_at__lte=period.end)
    prior = _totals(filings.values_list(*fields))
    grown = (own[0] - prior[0], own[1] - prior[1], own[2] - prior[2])
    return {
        **_written(*own),
        "prior": _written(*prior) if prior[0] else None,
        "year_on_year": _written(*grown) if prior[0] else None,
    }


def _said(figures: Figures) -> Iterator[str]:
    """The year's list, and how it differs from what was filed the year before."""
    yield gettext(
        "The year's list has %(projects)s key projects, with a total investment of"
        " %(total_investment)s and a planned investment of the year of %(annual_investment)s"
        " (100 million yuan)."
    ) % _plain(figures)
    prior, grown = figures["prior"], figures["year_on_year"]
    if prior is None:
        return
    yield gettext(
        "Of the same time last year %(projects)s projects, %(total_investment)s and"
        " %(annual_investment)s had been filed."
    ) % _plain(prior)
    yield gettext(
        "Number of projects: %(projects)s; total investment: %(total_investment)s; planned"
        " investment of the year: %(annual_investment)s."
    ) % {name: _moved(value, is_money=name != "projects") for name, value in _plain(grown).items()}


def _plain(figures: Figures) -> dict[str, str]:
    """The amounts as words have them: without decimals that are zeros."""
    names = [column.name for column in _COLUMNS]
    return {name: format(Decimal(figures[name]).normalize(), "f") for name in names}


def _moved(value: str, *, is_money: bool) -> str:
    """By how much it grew or fell, with its unit where the language has one."""
    if value == "0":
        return gettext("unchanged")
    amount = {"amount": value.removeprefix("-")}
    if value.startswith("-"):
        fell = pgettext("money", "down by %(amount)s"), pgettext("projects", "down by %(amount)s")
        return fell[not is_money] % amount
    rose = pgettext("money", "up by %(amount)s"), pgettext("projects", "up by %(amount)s")
    return rose[not is_money] % amount


BLOCK: Final = Block(
    name="register", place=10, count=count,
    equations=tuple(
        Equation(f"{each.name} - prior.{each.name} = year_on_year.{each.name}")
        for each in _COLUMNS
    ),
    tables=(
        Table(
            title=_("Projects"), heading=_("Number of projects"), columns=_COLUMNS, says=_said,
            rows=(
                Row(_("This year")),
                Row(_("Year before"), ("prior",), is_nullable=True),
                Row(_("Difference"), ("year_on_year",), is_nullable=True),
            ),
        ),
    ),
)  # fmt: skip

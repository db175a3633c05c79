"""The block of starts (开工): new-start projects planned to start and started, also by district."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import rate
from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Row, Table, Text
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.progress.queries_starts import DUE, EARLY, OVERDUE, STARTED, YEAR, starts_at
from projects.register.counted import PROVINCIAL, opens
from projects.register.models import Level
from projects.register.queries import districts_at, register_at


def _row(numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        **numbers, "rate_due": rate(numbers[STARTED], numbers[DUE]),
        "rate_year": rate(numbers[STARTED], numbers[YEAR]),
    }  # fmt: skip


def count(period: Period) -> dict[str, Any]:
    """Count at the period's end: in all, the provincial ones, and by district.

    ``new`` is by how many more have started than at its start, as recorded then.
    """
    projects = starts_at(period.end)
    of_them = register_at(period.end).filter(project__in=frozenset().union(*projects.values()))
    rows = of_them.values_list("project_id", "level", "district_id")
    places = {project: (level, district) for project, level, district in rows}
    numbers = {
        name: Counter[str | int](each for key in keys for each in places[key])
        for name, keys in projects.items()
    }

    def counted(by: str | int) -> dict[str, Any]:
        return _row({name: found[by] for name, found in numbers.items()})

    return {
        **_row({name: len(keys) for name, keys in projects.items()}),
        PROVINCIAL: counted(Level.PROVINCIAL),
        "by_district": [
            {"code": unit.code, "name": unit.name, **counted(unit.pk)}
            for unit in districts_at(period.end, (district for _level, district in places.values()))
        ],
        "new": len(projects[STARTED]) - len(starts_at(period.start)[STARTED]),
    }


def _said(figures: Figures) -> Iterator[str]:
    if not figures[YEAR] and not figures[STARTED]:
        yield gettext("No project of this year's new starts has a day on which it is to start.")
        return
    yield ngettext(
        "%(year)s new-start project is planned to start by the year's end (carried over ones"
        " included), %(due)s by the cut-off.",
        "%(year)s new-start projects are planned to start by the year's end (carried over ones"
        " included), %(due)s by the cut-off.",
        figures[YEAR],
    ) % figures  # fmt: skip
    yield gettext(
        "%(started)s have started, %(early)s of them ahead of plan; %(overdue)s due have not."
    ) % figures  # fmt: skip
    yield from _rates(figures)
    yield _said_of_new(figures["new"])


def _rates(figures: Figures) -> Iterable[str]:
    if figures["rate_due"] is not None:
        yield gettext(
            "Rate of starts: %(rate_due)s%% of those due, %(rate_year)s%% of those planned for the"
            " year."
        ) % figures  # fmt: skip
    elif figures["rate_year"] is not None:
        yield gettext("Rate of starts: %(rate_year)s%% of those planned for the year.") % figures


def _said_of_new(number: int) -> str:
    if number < 0:
        return gettext("In this period %(number)s fewer have started.") % {"number": -number}
    if number:
        return gettext("In this period %(number)s started.") % {"number": number}
    return gettext("None started in this period.")


def _column(name: str, title: Text) -> Column:
    return Column(name, title, unit="个", link=opens(f"starts_{name}"))


_COUNTED: Final = (
    _column(YEAR, pgettext_lazy("starts", "planned by the year's end")),
    _column(DUE, pgettext_lazy("starts", "due")),
    _column(OVERDUE, pgettext_lazy("starts", "due, not started")),
    _column(EARLY, pgettext_lazy("starts", "ahead of plan")),
    _column(STARTED, pgettext_lazy("starts", "started")),
)
BLOCK: Final = Block(
    name="starts", place=24, chapter=RESUMPTION, count=count,
    equations=tuple(Equation(f"{each.name} = by_district.{each.name}") for each in _COUNTED),
    tables=(
        Table(
            title=_("Starts by district"), headings=(_("district or county"),),
            heading=_("Starts"), says=_said,
            columns=(
                *_COUNTED,
                Column(
                    "rate_due", pgettext_lazy("starts", "rate of those due"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column(
                    "rate_year", pgettext_lazy("starts", "rate of the year's"), Format.RATE, "%",
                    is_nullable=True,
                ),
            ),
            rows=(
                Listed(
                    ("by_district",), key=Column("code", _("code"), Format.TEXT),
                    title=Column("name", _("name"), Format.TEXT),
                ),
                Row(_("Provincial key projects"), (PROVINCIAL,)),
                Row(_("In all"), is_total=True),
            ),
            equations=(Equation("due - overdue + early = started"),),
            note=_(
                "Projects of phase new start. Rate of those due = started ÷ planned to start by"
                " the cut-off; rate of the year's = started ÷ planned to start by the end of the"
                " year. Ahead of plan: started before the planned day, or without one. A rate may"
                " exceed 100."
            ),
        ),
        Table(
            in_words=True,
            columns=(Column("new", pgettext_lazy("starts", "started in this period"), unit="个"),),
        ),
    ),
)  # fmt: skip

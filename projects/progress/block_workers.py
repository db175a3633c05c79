"""The block of people on site (到岗): those required and those there, also by district.

Only a project that states both figures for the day of the cut-off is counted in them. One that
does not is "not reported", never zero.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import rate
from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Row, Table
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.progress.queries import headcounts_at
from projects.register.counted import PROVINCIAL, opens
from projects.register.models import Level
from projects.register.queries import districts_at, planned_at

# Of a planned project its id, level and district; of its headcounts those required and on site.
type _Planned = tuple[int, str, int]
type _Headcounts = dict[int, tuple[int, int]]


def _row(planned: Sequence[_Planned], known: _Headcounts) -> dict[str, Any]:
    stated = [known[project] for project, *_rest in planned if project in known]
    required, on_site = sum(each for each, _there in stated), sum(there for _each, there in stated)
    return {
        "expected": len(planned), "stated": len(stated), "unstated": len(planned) - len(stated),
        "required": required, "on_site": on_site, "rate": rate(on_site, required),
    }  # fmt: skip


def _known_at(at: datetime) -> tuple[list[_Planned], _Headcounts]:
    """The projects planned to be at work, and what is stated for the day; as recorded by then."""
    stated = headcounts_at(at).values_list("project_id", "workers_required", "workers_on_site")
    return (
        list(planned_at(at).values_list("project_id", "level", "district_id")),
        {project: (required or 0, there or 0) for project, required, there in stated},
    )


def count(period: Period) -> dict[str, Any]:
    """Count at the period's end; ``change`` is by how much that differs from its start."""
    planned, known = _known_at(period.end)
    in_all, before = _row(planned, known), _row(*_known_at(period.start))
    provincial = [row for row in planned if row[1] == Level.PROVINCIAL]
    return {
        **in_all,
        PROVINCIAL: _row(provincial, known),
        "by_district": [
            {
                "code": unit.code, "name": unit.name,
                **_row([row for row in planned if row[2] == unit.pk], known),
            }
            for unit in districts_at(period.end, (district for *_rest, district in planned))
        ],
        "change": {name: in_all[name] - before[name] for name in ("stated", "required", "on_site")},
    }  # fmt: skip


def _said(figures: Figures) -> Iterator[str]:
    if not figures["expected"]:
        yield gettext("No project was planned to resume or start by then.")
        return
    yield (
        gettext(
            "Of %(expected)s projects planned to be at work, %(stated)s stated both the workers"
            " required and those on site for the day; %(unstated)s did not, and are left out."
        )
        % figures
    )
    if figures["rate"] is not None:
        yield gettext(
            "%(on_site)s of %(required)s people required were on site: %(rate)s%%."
        ) % figures  # fmt: skip
    yield gettext(
        "Against the last cut-off, as recorded then: projects that stated them %(stated)s; people"
        " required %(required)s; people on site %(on_site)s."
    ) % dict(_moves(figures["change"]))


def _moves(change: Figures) -> Iterable[tuple[str, str]]:
    """By how much each figure rose or fell, with its unit where the language has one."""
    for name, number in change.items():
        is_people = name != "stated"
        if not number:
            yield name, gettext("unchanged")
        elif number > 0:
            rose = pgettext("projects", "up by %(amount)s"), pgettext("people", "up by %(amount)s")
            yield name, rose[is_people] % {"amount": number}
        else:
            fell = (
                pgettext("projects", "down by %(amount)s"),
                pgettext("people", "down by %(amount)s"),
            )
            yield name, fell[is_people] % {"amount": -number}


_STATED: Final = opens("stated")
BLOCK: Final = Block(
    name="workers", place=26, chapter=RESUMPTION, count=count,
    equations=tuple(
        Equation(f"{name} = by_district.{name}")
        for name in ("expected", "stated", "unstated", "required", "on_site")
    ),
    tables=(
        Table(
            title=_("People on site by district"), headings=(_("district or county"),),
            heading=_("People on site"), says=_said,
            columns=(
                Column(
                    "expected", pgettext_lazy("workers", "projects planned"), unit="个",
                    link=opens("planned"),
                ),
                Column(
                    "unstated", pgettext_lazy("workers", "not stated"), unit="个",
                    link=opens("unstated"),
                ),
                Column("stated", pgettext_lazy("workers", "stated"), unit="个", link=_STATED),
                Column("required", pgettext_lazy("workers", "required"), unit="人", link=_STATED),
                Column("on_site", pgettext_lazy("workers", "on site"), unit="人", link=_STATED),
                Column(
                    "rate", pgettext_lazy("workers", "rate"), Format.RATE, "%", is_nullable=True
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
            equations=(Equation("expected - unstated = stated"),),
            note=_(
                "Rate = people on site ÷ people required, of projects that stated both for the day"
                " of the cut-off. Not stated: no report for the day, or not both figures."
                " Preliminary projects are left out."
            ),
        ),
        Table(
            in_words=True,
            columns=(
                Column("stated", pgettext_lazy("workers", "stated, change"), unit="个"),
                Column("required", pgettext_lazy("workers", "required, change"), unit="人"),
                Column("on_site", pgettext_lazy("workers", "on site, change"), unit="人"),
            ),
            rows=(Row(at=("change",)),),
        ),
    ),
)  # fmt: skip

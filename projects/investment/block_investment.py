"""The block of investment: against the year's plan, the quarter's target and time progress."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import money, ranks
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Figures,
    Format,
    Keyed,
    Listed,
    Path,
    Period,
    Row,
    Table,
    Text,
)
from projects.house.equations import Equation
from projects.house.grouped import Grouped
from projects.house.outline import INVESTMENT
from projects.investment.listed import PHASE, UNLIT, opens
from projects.investment.progress_of_time import Light, percent
from projects.investment.queries import (
    WAN,
    ZERO,
    Rule,
    Standing,
    actuals_at,
    rule_at,
    standing_at,
)
from projects.investment.queries_sums import Sums, gap_of, light_of, progress_of, summed
from projects.investment.said import said, steps
from projects.register.counted import CLASS, PROVINCIAL
from projects.register.models import CountyClass, Level, Phase
from projects.register.queries import classes_at, districts_at

_EXACT: Final = ("annual_plan", "quarter_target", "quarter_actual", "year_actual")
_MOST_RED: Final = 30  # listed by name; the page of investment has all of them
_LIGHTS: Final = (*(each.value for each in Light), "unlit")


def row_of(sums: Sums) -> dict[str, Any]:
    """The figures of some projects: amounts in 亿元 rounded once, the same in 万元 exactly."""
    amounts = {name: getattr(sums, name) for name in _EXACT}
    lights = {each.value: sums.lights[each] for each in Light}
    return {
        "projects": sums.projects,
        **{name: money(amount) for name, amount in amounts.items()},
        **{f"{name}_exact": _in_wan(amount) for name, amount in amounts.items()},
        "quarter_rate": percent(sums.quarter_rate), "rate": percent(sums.rate),
        "gap": percent(sums.gap), **lights, "unlit": sums.lights[None],
    }  # fmt: skip


def _in_wan(amount: Decimal) -> str:
    return format((amount * WAN).normalize(), "f")


def count(period: Period) -> dict[str, Any]:
    """Of the projects of the year's batches, at the period's end, as recorded by then.

    ``new`` is by how much the investment of these projects in the year is more than it was at the
    period's start, as recorded then: one that came, left or changed its batch adds nothing by that.
    """
    rule, standings = rule_at(period.end), standing_at(period.end)
    day = period.day
    sums = summed(standings, rule, day)
    figures = figures_of(standings, rule, period.end)
    return {
        **figures, "day": str(day), "quarter": (day.month + 2) // 3,
        "time_rule": rule.time_progress, "light_rule": rule.lights,
        "without_target": sums.without_target, "without_actual": sums.without_actual,
        "new": money(sums.year_actual - _recorded_before(standings, period)),
        "red_projects": _red(standings, rule),
    }  # fmt: skip


def _recorded_before(standings: Sequence[Standing], period: Period) -> Decimal:
    """What the year of these projects had come to as recorded at the period's start."""
    keys = [each.project_id for each in standings]
    months = actuals_at(period.start, period.day.year, keys)
    return sum((sum(each.values(), ZERO) for each in months.values()), ZERO) / WAN


def figures_of(standings: Sequence[Standing], rule: Rule, at: datetime) -> dict[str, Any]:
    """In all, the provincial ones, by district, class and phase."""
    day = timezone.localdate(at)

    def rows(of: Iterable[Standing]) -> dict[str, Any]:
        return row_of(summed(list(of), rule, day))

    by_phase = _grouped(standings, lambda each: each.register.phase)
    by_district = _by_district(standings, rows, at)
    return {
        **rows(standings),
        "time_progress": percent(summed(standings, rule, day).progress),
        PROVINCIAL: rows(each for each in standings if each.register.level == Level.PROVINCIAL),
        "by_district": by_district,
        "by_class": _by_class(standings, rows, classes_at(at)),
        "by_phase": {phase: rows(by_phase[phase]) for phase in Phase.values},
    }  # fmt: skip


type _Rows = Callable[[Iterable[Standing]], dict[str, Any]]


def _grouped[Key](
    standings: Iterable[Standing], key: Callable[[Standing], Key]
) -> dict[Key, list[Standing]]:
    found = defaultdict[Key, list[Standing]](list)
    for each in standings:
        found[key(each)].append(each)
    return found


def _by_district(standings: Sequence[Standing], rows: _Rows, at: datetime) -> list[dict[str, Any]]:
    """Every district valid on the day, class by class and by code, ranked within its class."""
    classes = classes_at(at)
    of = _grouped(standings, lambda each: each.register.district_id)
    groups = defaultdict[str | None, list[dict[str, Any]]](list)
    for unit in districts_at(at, of.keys()):
        group = classes.get(unit.pk)
        groups[group].append(
            {"code": unit.code, "name": unit.name, CLASS: group, **rows(of[unit.pk])}
        )
    found = list[dict[str, Any]]()
    for group in (*CountyClass.values, None):
        for row, rank in zip(
            groups[group], ranks([row["rate"] for row in groups[group]]), strict=True
        ):
            found.append({**row, "rank": rank})
    return found


def _by_class(
    standings: Sequence[Standing], rows: _Rows, classes: Mapping[int, str]
) -> list[dict[str, Any]] | None:
    """The sum of each class that some district is in, and of the others; None where there is none.

    Added up from the projects, so that shares are rounded once.
    """
    if not classes:
        return None
    of = _grouped(standings, lambda each: classes.get(each.register.district_id))
    groups = [each for each in CountyClass.values if each in classes.values()]
    return [{CLASS: group, **rows(of[group])} for group in (*groups, None)]


def _red(standings: Iterable[Standing], rule: Rule) -> list[dict[str, Any]]:
    """Of the projects whose light is red at most thirty, the lowest rate first."""
    red = [each for each in standings if light_of(each, rule) is Light.RED]
    red.sort(key=lambda each: (each.rate or 0, each.register.project.code))
    return [
        {
            "code": each.register.project.code, "name": each.register.name,
            "district": each.register.district.name, "annual_plan": money(each.plan.annual),
            "year_actual": money(each.year_actual), "rate": percent(each.rate),
            "gap": percent(gap_of(each.rate, progress_of(each, rule))),
        }
        for each in red[:_MOST_RED]
    ]  # fmt: skip


def _rank_rule(figures: Figures) -> str:
    if figures["by_class"] is None:
        return gettext("Rank: by rate, the highest first; equal rates share a rank; no rate, none.")
    return gettext(
        "Rank: within each class of districts, by rate, the highest first; equal rates share a"
        " rank; no rate, none."
    )


def sum_title(group: str | None) -> str:
    """The title of the sum of a class; None is those in no class."""
    if group is None:
        return pgettext("bulletin", "Sum of those in no class")
    return pgettext("bulletin", "Sum of %(class)s") % {"class": CountyClass(group).label}


def _money(name: str, title: Text, by: str = "") -> Column:
    return Column(name, title, Format.MONEY, "亿元", link=opens(by=by))


def _rate(name: str, title: Text, unit: str = "%") -> Column:
    return Column(name, title, Format.RATE, unit, is_nullable=True)


def _year(by: str = "") -> tuple[Column, ...]:
    return (
        _money("annual_plan", pgettext_lazy("investment", "plan of the year"), by),
        _money("year_actual", pgettext_lazy("investment", "invested in the year"), by),
        _rate("rate", pgettext_lazy("investment", "rate of the year")),
        _rate("gap", pgettext_lazy("investment", "against time progress"), "个百分点"),
    )


def _lights(by: str = "") -> tuple[Column, ...]:
    titles = {
        "green": pgettext_lazy("investment", "green"),
        "yellow": pgettext_lazy("investment", "yellow"),
        "red": pgettext_lazy("investment", "red"),
        "unlit": pgettext_lazy("investment", "no light"),
    }
    return tuple(
        Column(
            name, title, unit="个", link=opens(UNLIT if name == "unlit" else name, by),
            light="" if name == "unlit" else name,
        )
        for name, title in titles.items()
    )  # fmt: skip


def _phases() -> Mapping[Path, tuple[Text, ...]]:
    return {(phase.value,): (phase.label,) for phase in Phase}


_PROJECTS: Final = "projects"
_OF_DISTRICTS: Final = frozenset({CLASS, "rank"})
_CODE: Final = Column("code", _("code"), Format.TEXT)
_NAME: Final = Column("name", _("name"), Format.TEXT)
_SUMMED: Final = (_PROJECTS, *_LIGHTS, *(f"{name}_exact" for name in _EXACT))
_EXACT_COLUMNS: Final = (
    Column("annual_plan_exact", _("plan of the year, exactly"), Format.QUANTITY, "万元"),
    Column("quarter_target_exact", _("target of the quarter, exactly"), Format.QUANTITY, "万元"),
    Column("quarter_actual_exact", _("of the quarter, exactly"), Format.QUANTITY, "万元"),
    Column("year_actual_exact", _("invested in the year, exactly"), Format.QUANTITY, "万元"),
)


_OF_QUARTER: Final = (
    Column(
        "quarter_target", pgettext_lazy("investment", "target of the quarter"), Format.MONEY,
        "亿元",
    ),
    Column(
        "quarter_actual", pgettext_lazy("investment", "invested in the quarter"), Format.MONEY,
        "亿元",
    ),
    _rate("quarter_rate", pgettext_lazy("investment", "rate of the quarter")),
)  # fmt: skip


def _districts(lacks: frozenset[str] = frozenset()) -> Grouped:
    return Grouped(
        ("by_district",), key=_CODE, title=_NAME, by=CLASS, sums="by_class",
        sum_title=sum_title, lacks=lacks,
    )  # fmt: skip


_BY_PHASE: Final = Keyed("InvestmentOfPhase", _phases, at=("by_phase",))
BLOCK: Final = Block(
    name="investment", place=28, chapter=INVESTMENT, count=count, steps=steps,
    equations=tuple(
        Equation(f"{name} = {rows}.{name}")
        for name in _SUMMED
        for rows in ("by_district", "by_class", "by_phase.*")
    ),
    tables=(
        Table(
            title=_("Investment by district"), headings=(_("district or county"),),
            heading=_("Investment completed"), says=said, chart="rate", rank_rule=_rank_rule,
            columns=(
                Column(
                    CLASS, pgettext_lazy("districts", "class"), Format.TEXT, is_nullable=True,
                    words=dict(CountyClass.choices),
                ),
                *_year(),
                _money("quarter_target", pgettext_lazy("investment", "target of the quarter")),
                _money("quarter_actual", pgettext_lazy("investment", "invested in the quarter")),
                _rate("quarter_rate", pgettext_lazy("investment", "rate of the quarter")),
                Column(
                    "rank", _("rank"), is_nullable=True,
                    says=_("by rate within its class, counted from 1"), is_rank=True,
                ),
            ),
            rows=(
                _districts(frozenset({"rank"})),
                Row(_("Provincial key projects"), (PROVINCIAL,), lacks=_OF_DISTRICTS),
                Row(_("In all"), is_total=True, lacks=_OF_DISTRICTS),
            ),
            note=_(
                "Projects of the year's batches. Rate of the year = invested in the year ÷ plan of"
                " the year; rate of the quarter = invested in the quarter ÷ its target, both of the"
                " projects that have a target of the quarter. A month is as stated after its end,"
                " or else by its last daily report; what is not stated is not counted. Rates are of"
                " exact amounts, and may exceed 100."
            ),
        ),
        Table(
            title=_("Lights of investment by phase"), headings=(_("phase"),),
            columns=(
                *_lights(PHASE),
                Column(_PROJECTS, _("projects"), unit="个", link=opens(by=PHASE)), *_year(PHASE),
            ),
            rows=(_BY_PHASE, Row(_("In all"), is_total=True)),
            equations=(Equation("green + yellow + red + unlit = projects"),),
        ),
        Table(
            in_words=True,
            columns=(*_lights(), Column(_PROJECTS, _("projects"), unit="个", link=opens()),
                     *_EXACT_COLUMNS),
            rows=(_districts(), Row(at=(PROVINCIAL,)), Row()),
        ),
        Table(in_words=True, columns=(*_OF_QUARTER, *_EXACT_COLUMNS), rows=(_BY_PHASE,)),
        Table(
            in_words=True,
            columns=(
                Column("day", _("day"), Format.DAY),
                Column("quarter", _("quarter of the year"), says=_("the quarter, counted from 1")),
                _rate("time_progress", _("time progress")),
                Column("time_rule", _("rule of time progress"), Format.TEXT),
                Column("light_rule", _("rule of lights"), Format.TEXT),
                Column("without_target", _("without a target of the quarter"), unit="个"),
                Column("without_actual", _("nothing stated for the year"), unit="个"),
                Column(
                    "new", pgettext_lazy("investment", "added in this period"), Format.MONEY,
                    "亿元",
                ),
            ),
        ),
        Table(
            title=_("Projects with a red light of investment"), headings=(_("project"),),
            audience=Audience.STAFF, is_appendix=True,
            columns=(
                Column("district", _("district or county"), Format.TEXT),
                Column(
                    "annual_plan", pgettext_lazy("investment", "plan of the year"), Format.MONEY,
                    "亿元",
                ),
                Column(
                    "year_actual", pgettext_lazy("investment", "invested in the year"),
                    Format.MONEY, "亿元",
                ),
                _rate("rate", pgettext_lazy("investment", "rate of the year")),
                _rate("gap", pgettext_lazy("investment", "against time progress"), "个百分点"),
            ),
            rows=(
                Listed(
                    ("red_projects",), Column("code", _("project code"), Format.TEXT),
                    Column("name", _("project"), Format.TEXT),
                ),
            ),
            note=_("At most thirty, the lowest rates first; the list of investment has them all."),
        ),
    ),
)  # fmt: skip

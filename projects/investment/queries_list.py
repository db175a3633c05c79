"""The year's projects with their plans, actuals and lights, as a list that can be narrowed.

All of them are reckoned, since a light is known only then; the list is cut afterwards, so that it
needs no COUNT.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy

from projects.house.blocks import Text
from projects.investment.choices import Finding
from projects.investment.listed import AIMED, NOT_AIMED, PHASE, TARGET, UNLIT
from projects.investment.models import StatisticalStatus
from projects.investment.progress_of_time import Light
from projects.investment.queries import Rule, Standing, rule_at, standing_at
from projects.investment.queries_flags import FLAGS, Flag, flags_at
from projects.investment.queries_issues import STAGES, Issued, issued_of, issues_at, statuses_at
from projects.investment.queries_sums import Sums, gap_of, light_of, progress_of, summed
from projects.record.folding import fold
from projects.register.counted import CLASS, NO_CLASS, moment_in_address
from projects.register.models import CountyClass, District, Level, Phase, Project, Sector
from projects.register.queries import classes_at
from projects.register.queries_served import Served, served_in

ANY: Final = "any"
SETTLED: Final = "settled"
_OPEN: Final = "open"
STATES: Final[Mapping[str, Text]] = {
    _OPEN: pgettext_lazy("flag", "open"), SETTLED: pgettext_lazy("flag", "settled"),
    Finding.WRONG.value: Finding.WRONG.label,
}  # fmt: skip
LIGHTS: Final[Mapping[str, Text]] = {
    Light.RED: pgettext_lazy("light", "Red"), Light.YELLOW: pgettext_lazy("light", "Yellow"),
    Light.GREEN: pgettext_lazy("light", "Green"), UNLIT: pgettext_lazy("light", "None"),
}  # fmt: skip
TARGETS: Final[Mapping[str, Text]] = {
    AIMED: pgettext_lazy("target", "set"), NOT_AIMED: pgettext_lazy("target", "none"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One project of the list."""

    standing: Standing
    light: Light | None
    progress: Fraction | None
    issued: Issued
    status: StatisticalStatus | None
    flags: Sequence[Flag]

    @property
    def gap(self) -> Fraction | None:
        return gap_of(self.standing.rate, self.progress)

    @property
    def light_words(self) -> Text:
        return LIGHTS[self.light or UNLIT]


@dataclass(frozen=True)
class Asked:
    """What the address asks for; a value that names nothing is left out."""

    at: datetime
    is_now: bool
    chosen: Mapping[str, str] = field(default_factory=dict)
    search: str = ""
    served: Sequence[Served] = ()


@dataclass(frozen=True)
class Choice:
    """A filter of the list: its name in the address, its label, and what can be chosen."""

    name: str
    label: Text
    choices: Sequence[tuple[str, Any]]


def choices() -> list[Choice]:
    """What the list can be narrowed by."""
    districts = [(each.code, each.name) for each in District.objects.order_by("code")]
    classes = [*CountyClass.choices, (NO_CLASS, gettext("no class"))]
    flags = [(ANY, pgettext_lazy("flag", "any")), *FLAGS.items()]
    return [
        Choice("light", pgettext_lazy("investment", "light"), list(LIGHTS.items())),
        Choice("district", gettext("district or county"), districts),
        Choice(CLASS, pgettext_lazy("districts", "class"), classes),
        Choice("level", gettext("level"), Level.choices),
        Choice(PHASE, gettext("phase"), Phase.choices),
        Choice("sector", gettext("sector"), Sector.choices),
        Choice(TARGET, pgettext_lazy("investment", "target of the quarter"), list(TARGETS.items())),
        Choice("stage", pgettext_lazy("plan", "issue of the plan"), list(STAGES.items())),
        Choice("flag", pgettext_lazy("flag", "to be looked at"), flags),
        Choice(SETTLED, pgettext_lazy("flag", "state"), list(STATES.items())),
    ]


def asked_in(given: Mapping[str, str], filters: Sequence[Choice], now: datetime) -> Asked:
    """Read an address; no moment after now is asked for."""
    moment = moment_in_address(given.get("at", ""))
    chosen = {
        each.name: given[each.name]
        for each in filters
        if given.get(each.name) in {str(value) for value, _label in each.choices}
    }
    at = min(moment, now) if moment is not None else now
    return Asked(at, moment is None, chosen, given.get("q", "").strip()[:60], served_in(given, at))


@dataclass(frozen=True)
class Listing:
    """The projects that were asked for, and what they add up to."""

    lines: Sequence[Line]
    rule: Rule
    at: Asked

    @cached_property
    def sums(self) -> Sums | None:
        """None where there is no project."""
        standings = [each.standing for each in self.lines]
        return summed(standings, self.rule, standings[0].day) if standings else None


def listing(asked: Asked) -> Listing:
    """Reckon all projects of the year's list at the moment, and keep those that are asked for."""
    rule, standings = rule_at(asked.at), standing_at(asked.at, _served(asked))
    classes = classes_at(asked.at) if CLASS in asked.chosen else {}
    standings = [each for each in standings if _is_asked(each, asked, classes)]
    keys = [each.project_id for each in standings]
    year = standings[0].day.year if standings else asked.at.year
    issues, statuses = issues_at(asked.at, year, keys), statuses_at(asked.at, keys)
    flags = flags_at(asked.at, standings)
    lines = [
        Line(
            each, light_of(each, rule), progress_of(each, rule),
            issued_of(each.plan, issues.get(each.project_id), asked.at),
            statuses.get(each.project_id), flags.get(each.project_id, ()),
        )
        for each in standings
    ]  # fmt: skip
    return Listing([each for each in lines if _is_so(each, asked.chosen)], rule, asked)


def _served(asked: Asked) -> QuerySet[Project] | None:
    """The projects of all who are named; None where nobody is."""
    if not asked.served:
        return None
    return Project.objects.filter(*(Q(pk__in=each.projects.values("pk")) for each in asked.served))


def _is_asked(each: Standing, asked: Asked, classes: Mapping[int, str]) -> bool:
    """By what the register and the plan say of the project."""
    row = each.register
    values = {
        "district": row.district.code, "level": row.level, PHASE: row.phase, "sector": row.sector,
        CLASS: classes.get(row.district_id, NO_CLASS),
        TARGET: NOT_AIMED if each.quarter_target is None else AIMED,
    }  # fmt: skip
    if any(values[name] != asked.chosen[name] for name in values.keys() & asked.chosen.keys()):
        return False
    words = [fold(word) for word in asked.search.split()]
    text = fold(f"{row.project.code} {row.name}")
    return all(word in text for word in words)


def _is_so(line: Line, chosen: Mapping[str, str]) -> bool:
    """By what was reckoned."""
    if chosen.get("light", line.light or UNLIT) != (line.light or UNLIT):
        return False
    if chosen.get("stage", line.issued.stage) != line.issued.stage:
        return False
    if not {"flag", SETTLED} & chosen.keys():
        return True
    flag, state = chosen.get("flag", ANY), chosen.get(SETTLED, _OPEN)
    return any(flag in (ANY, each.code) and _is_in(state, each) for each in line.flags)


def _is_in(state: str, flag: Flag) -> bool:
    """Whether it waits, was settled, or was found to be wrong and is not corrected yet."""
    if flag.is_open:
        return state == _OPEN
    return state == SETTLED or (state == Finding.WRONG and flag.is_wrong)

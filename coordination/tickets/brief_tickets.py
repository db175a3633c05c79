"""The daily brief's tickets: what came and went, the lights, and what is due tomorrow.

Where tickets stood is read from their ranges, their clocks from the events, each as recorded by
the cut-off. No person and no text that somebody typed of a ticket is in here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.tickets.clocks.lights import Light
from coordination.tickets.clocks.past import PastClock, clocks_at
from coordination.tickets.figure_links import NOBODY
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    IS_OPEN,
    REOPENED,
    SETTLED,
    changed_in,
    ended_as,
    standing_at,
)
from projects.house.blocks import (
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
from projects.house.outline import TICKETS_OF_DAY
from projects.house.sentences import Sentence
from projects.register.queries import known_at
from projects.worktime.sentence import closing

_ACCEPTED: Final = Q(status_before=Status.SUBMITTED, status=Status.IN_PROGRESS)
_MOVES: Final = {
    "filed": FILED, "reopened": REOPENED, "ended": ENDING, "accepted": _ACCEPTED,
    "resolved": SETTLED, "written_off": ended_as(Status.CLOSED),
}  # fmt: skip
_OF_KIND: Final = ("open_before", *_MOVES, "open_after", "red")
_OF_GROUP: Final = ("red", "yellow", "green", "settled", "open", "tomorrow")
type Counts = dict[Any, Counter[str]]


def count(period: Period) -> Figures:
    """What happened in the day to the cut-off, and how the open tickets stood at it."""
    clocks = clocks_at(period.end)
    tomorrow = [each for each in clocks if _is_due_tomorrow(each, period)]
    lit = [each for each in clocks if each.light != Light.GREEN]
    by_kind, by_group = _by_kind(period, clocks), _by_group(period.end, clocks, tomorrow)
    names = _names({each.project for each in (*lit, *tomorrow)}, period.end)
    return {
        "by_kind": {kind: _written(row, _OF_KIND) for kind, row in sorted(by_kind.items())},
        "total": _written(_summed(by_kind), _OF_KIND),
        "by_group": {code: _written(row, _OF_GROUP) for code, row in sorted(by_group.items())},
        "groups": _written(_summed(by_group), _OF_GROUP),
        "lit": [_told(each, names) for each in lit],
        "tomorrow": [_told(each, names) for each in tomorrow],
    }


def _is_due_tomorrow(clock: PastClock, period: Period) -> bool:
    """After the cut-off, by 24:00 of the next day; a clock that stands for an answer is not."""
    if clock.is_paused or clock.due <= period.end:
        return False
    return closing(clock.due)[0] <= period.day + timedelta(days=1)


def _by_kind(period: Period, clocks: Iterable[PastClock]) -> Counts:
    counts: Counts = defaultdict(Counter)
    for name, at in (("open_before", period.start), ("open_after", period.end)):
        for kind, number in (
            standing_at(at).filter(IS_OPEN).values_list("kind").annotate(Count("pk"))
        ):
            counts[kind][name] += number
    moves = {name: Count("pk", filter=condition) for name, condition in _MOVES.items()}
    rows: Any = changed_in(period.start, period.end).values("kind").annotate(**moves)
    for row in rows:
        counts[row["kind"]].update({name: row[name] for name in _MOVES})
    for clock in clocks:
        counts[clock.kind]["red"] += clock.light == Light.RED
    return {kind: row for kind, row in counts.items() if row.total()}


def _by_group(at: datetime, clocks: Iterable[PastClock], tomorrow: Iterable[PastClock]) -> Counts:
    """How each group's open tickets stand: with a light, or resolved and so without one."""
    codes: dict[int | None, str] = dict(ServiceGroup.objects.values_list("pk", "code"))
    counts: Counts = defaultdict(Counter)
    standing = standing_at(at).filter(IS_OPEN).values_list("group").annotate(
        number=Count("pk"), settled=Count("pk", filter=Q(status=Status.RESOLVED))
    )  # fmt: skip
    for group, number, settled in standing:
        counts[codes.get(group, NOBODY)].update(open=number, settled=settled)
    for clock in clocks:
        counts[codes.get(clock.group, NOBODY)][clock.light] += 1
    for clock in tomorrow:
        counts[codes.get(clock.group, NOBODY)]["tomorrow"] += 1
    return counts


def _summed(counts: Counts) -> Counter[str]:
    return sum(counts.values(), Counter[str]())


def _written(row: Counter[str], names: Iterable[str]) -> dict[str, int]:
    return {name: row[name] for name in names}


def _names(projects: Iterable[int], at: datetime) -> dict[int, str]:
    return dict(known_at(at).filter(project__in=projects).values_list("project_id", "name"))


def _told(clock: PastClock, names: dict[int, str]) -> dict[str, str]:
    day, time = closing(clock.due)
    return {
        "key": clock.number, "number": clock.number, "kind": clock.kind,
        "project": names.get(clock.project, ""), "light": clock.light.value,
        "due": f"{day} {time}",
    }  # fmt: skip


def _kinds() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (kind.label,) for name, kind in KINDS.items()}


def _groups() -> dict[Path, tuple[Text, ...]]:
    rows = ServiceGroup.objects.order_by("ordinal").values_list("code", "name")
    return {(code,): (name,) for code, name in rows} | {(NOBODY,): (_("No service group"),)}


def _said(figures: Figures) -> Iterator[str]:
    yield gettext(
        "Of the open tickets %(red)s are red (overdue) and %(yellow)s yellow; %(tomorrow)s are due"
        " tonight or tomorrow."
    ) % figures["groups"]  # fmt: skip


def _listed(title: Text, at: str, *columns: Column) -> Table:
    """The tickets of the list, by number; printed after the text."""
    return Table(
        title=title, headings=(_("number"),), is_appendix=True,
        columns=(
            Column("kind", _("kind"), Format.TEXT, words=_KIND_LABELS),
            Column("project", _("project"), Format.TEXT),
            *columns,
            Column("due", _("due"), Format.TEXT),
        ),
        rows=(
            Listed(
                (at,), Column("key", _("number"), Format.TEXT),
                Column("number", _("number"), Format.TEXT),
            ),
        ),
    )  # fmt: skip


_KIND_LABELS: Final = {name: kind.label for name, kind in KINDS.items()}
_LIGHTS: Final = {each.value: each.label for each in Light}
BLOCK: Final = Block(
    name="tickets", place=30, chapter=TICKETS_OF_DAY, count=count,
    equations=(
        *(Equation(f"total.{name} = by_kind.*.{name}") for name in _OF_KIND),
        *(Equation(f"groups.{name} = by_group.*.{name}") for name in _OF_GROUP),
        Equation("total.open_after = groups.open"),
        Equation("total.red = groups.red"),
    ),
    tables=(
        Table(
            title=_("Tickets of the day by kind"), unit="起", headings=(_("kind"),),
            columns=(
                Column("open_before", _("open before")),
                Column("filed", _("filed")),
                Column("reopened", _("reopened")),
                Column("ended", pgettext_lazy("brief", "ended")),
                Column("open_after", _("open after")),
                Column("accepted", pgettext_lazy("brief", "accepted")),
                Column("resolved", pgettext_lazy("brief", "resolved")),
                Column("written_off", pgettext_lazy("brief", "written off")),
                Column("red", pgettext_lazy("brief", "overdue"), light=Light.RED.value),
            ),
            rows=(
                Keyed("BriefTicketsOfKind", _kinds, at=("by_kind",)),
                Row(_("In all"), ("total",), is_total=True),
            ),
            sentences=(
                Sentence(_(
                    "%(filed)s tickets were filed, %(accepted)s accepted, %(resolved)s resolved and"
                    " %(written_off)s written off; %(open_after)s are open."
                )),
            ),
            says=_said,
            equations=(Equation("open_before + filed + reopened - ended = open_after"),),
            note=pgettext_lazy("board", "Ended: written off, declined or withdrawn."),
        ),
        Table(
            title=_("Lights and deadlines by group"), unit="起", headings=(_("service group"),),
            columns=(
                Column("red", pgettext_lazy("brief", "red"), light=Light.RED.value),
                Column("yellow", pgettext_lazy("brief", "yellow"), light=Light.YELLOW.value),
                Column("green", pgettext_lazy("brief", "green")),
                Column("settled", pgettext_lazy("brief", "resolved, not written off")),
                Column("open", pgettext_lazy("brief", "open")),
                Column("tomorrow", pgettext_lazy("brief", "due tonight or tomorrow")),
            ),
            rows=(
                Keyed("BriefTicketsOfGroup", _groups, at=("by_group",)),
                Row(_("In all"), ("groups",), is_total=True),
            ),
            equations=(Equation("red + yellow + green + settled = open"),),
            note=_(
                "Due tonight or tomorrow: after the cut-off, by 24:00 of the next day, with a"
                " running clock."
            ),
        ),
        _listed(
            _("Red and yellow tickets"), "lit",
            Column("light", pgettext_lazy("brief", "light"), Format.TEXT, words=_LIGHTS),
        ),
        _listed(_("Tickets due tonight or tomorrow"), "tomorrow"),
    ),
)  # fmt: skip

"""The states by which figures count projects: of each, which projects were in it at a moment.

As they were recorded up to that moment, so that a figure of an earlier bulletin opens its own rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import SERVED, UNSERVED, Reason, not_served
from projects.house.blocks import Text
from projects.progress.queries import headcounts_at, reported_on_day_of, resumed_at
from projects.progress.queries_starts import DUE, EARLY, OVERDUE, STARTED, YEAR, starts_at
from projects.register.models import ProjectRevision
from projects.register.queries import listed_at, planned_at, register_at

type Rows = QuerySet[ProjectRevision]
PLANNED, RESUMED, WAITING = "planned", "resumed", "waiting"
STATED: Final = "stated"
_BROKEN: Final = "broken"


@dataclass(frozen=True)
class State:
    """``family`` are the states that the page offers beside it."""

    label: Text
    family: str
    rows: Callable[[datetime], Rows]


def _in(reports: Callable[[datetime], QuerySet[Any]]) -> Callable[[datetime], Rows]:
    """Planned projects with such a report."""
    return lambda at: planned_at(at).filter(project__in=reports(at).values("project"))


def _without(reports: Callable[[datetime], QuerySet[Any]]) -> Callable[[datetime], Rows]:
    """Planned projects without one."""
    return lambda at: planned_at(at).exclude(project__in=reports(at).values("project"))


def _start(name: str) -> Callable[[datetime], Rows]:
    return lambda at: register_at(at).filter(project__in=starts_at(at)[name])


def _serving(*states: str) -> Callable[[datetime], Rows]:
    """Projects that are not served, for one of these reasons."""

    def rows(at: datetime) -> Rows:
        found = not_served(at, Facts.RECORDED)
        return register_at(at).filter(project__in=[e.project for e in found if e.state in states])

    return rows


def _served(at: datetime) -> Rows:
    others = [each.project for each in not_served(at, Facts.RECORDED)]
    return register_at(at).exclude(project__in=others)


def _all() -> Iterable[tuple[str, State]]:
    resumption, day, starts, serving = "resumption", "day", "starts", "serving"
    yield WAITING, State(pgettext_lazy("board", "not at work"), resumption, _without(resumed_at))
    yield RESUMED, State(_("at work"), resumption, _in(resumed_at))
    yield PLANNED, State(_("planned to be at work"), resumption, planned_at)
    yield "reported", State(_("reported for the day"), day, _in(reported_on_day_of))
    yield "unreported", State(_("unreported for the day"), day, _without(reported_on_day_of))
    yield STATED, State(_("workers stated for the day"), day, _in(headcounts_at))
    yield "unstated", State(_("workers not stated for the day"), day, _without(headcounts_at))
    yield f"starts_{YEAR}", State(_("planned to start this year"), starts, _start(YEAR))
    yield f"starts_{DUE}", State(_("due to have started"), starts, _start(DUE))
    yield f"starts_{STARTED}", State(pgettext_lazy("starts", "started"), starts, _start(STARTED))
    yield f"starts_{EARLY}", State(_("started ahead of plan"), starts, _start(EARLY))
    yield f"starts_{OVERDUE}", State(_("due and not started"), starts, _start(OVERDUE))
    yield "listed", State(_("in the year's list"), "register", listed_at)
    yield "registered", State(_("registered"), serving, register_at)
    yield SERVED, State(_("served one-to-one"), serving, _served)
    yield UNSERVED, State(_("without an assignment"), serving, _serving(UNSERVED))
    yield _BROKEN, State(_("assignment broken"), serving, _serving(*Reason.values))
    for reason in Reason:
        yield reason.value, State(reason.label, serving, _serving(reason.value))


STATES: Final[Mapping[str, State]] = dict(_all())

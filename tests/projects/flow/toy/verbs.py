"""Three verbs: a person opens a case, another checks it, and the first closes it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from projects.flow.actors import Actors, Barred, System
from projects.flow.chain import Chain
from projects.flow.step import Machine, Step, require_text
from projects.flow.table import Flow, Rule
from projects.record.refusals import FieldError, Invalid
from tests.projects.flow.toy.models import Case, CaseEvent, CaseWords, Person

type Actor = Person | System

STATUSES: Final = ("open", "checked", "closed")
FLOW: Final = Flow(ended={"closed"})
FLOW.add(
    Rule("open", "Open", frozenset(), "open", frozenset({"owner"})),
    Rule(
        "check", "Check", frozenset({"open"}), "checked", frozenset({"checker", "system"}),
        ("finding",), "primary",
    ),
    Rule(
        "close", "Close", frozenset({"open", "checked"}), "closed", frozenset({"owner"}),
        tone="danger",
    ),
)  # fmt: skip


def capacities(case: Case, by: Actor) -> frozenset[str]:
    if isinstance(by, System):
        return frozenset({"system"})
    if by.checks:
        return frozenset({"checker"})
    return frozenset({"owner"} if by == case.owner else ())


def _columns(by: Actor) -> dict[str, Any]:
    return {"by_system": True} if isinstance(by, System) else {"person": by}


def _count_the_days(_case: Case, at: datetime) -> dict[str, Any]:
    return {"ended": at.isoformat()}


def _require_calm(case: Case) -> None:
    if case.is_urgent:
        raise Invalid([FieldError(("is_urgent",), "An urgent case stays open.")])


def _unchecked(case: Case, _by: object) -> Barred | None:
    if case.checked_by is None and case.status == "open":
        return Barred("Let it be checked first.", "unchecked")
    return None


ACTORS: Final = Actors[Case, Actor](
    flow=FLOW,
    capacities=capacities,
    columns=_columns,
    is_outsider=lambda by: isinstance(by, Person) and not by.checks,
    bars={"close": _unchecked},
)
CHAIN: Final = Chain[Case, CaseEvent, Actor](event=CaseEvent, words=CaseWords, actors=ACTORS)
MACHINE: Final = Machine[Case, CaseEvent, Actor, Step[Case, CaseEvent]](
    chain=CHAIN, step_type=Step, endings=[_count_the_days]
)
MACHINE.requirements["close"].append(_require_calm)


def open_case(*, is_urgent: bool = False, by: Person) -> Case:
    case = Case(owner=by, is_urgent=is_urgent)
    MACHINE.begin("open", thing=case, payload={}, text={"why": "围挡"}, by=by)
    return case


def check(*, case: Case, finding: str, version: int | None = None, by: Actor) -> Case:
    text = require_text(finding=finding)
    with MACHINE.step("check", thing=case, version=version, by=by) as this:
        this.thing.checked_by = by if isinstance(by, Person) else None
        this.text = dict(text)
    return this.thing


def close(*, case: Case, version: int | None = None, by: Actor) -> Case:
    with MACHINE.step("close", thing=case, version=version, by=by) as this:
        pass
    return this.thing


VERBS: Final[dict[str, Callable[..., Case]]] = {"check": check, "close": close}
INPUTS: Final[dict[str, dict[str, Any]]] = {"check": {"finding": "合格"}, "close": {}}

"""Who may do what: how actors stand to a room's things, and what bars a verb.

An actor is any value that the room knows: an officer, an API key, the system. The room says by
functions in which capacities an actor stands to a thing, and which columns of an event name him.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from projects.flow.models import Thing
from projects.flow.table import Flow, Rule
from projects.record.refusals import Missing, NotAllowed, Stale


@dataclass(frozen=True)
class System:
    """The actor of what falls due by itself; its events say that nobody did them."""


SYSTEM: Final = System()

type Bar[T, A] = Callable[[T, A], bool]


def _not_allowed(_rule: Rule, thing: Thing) -> NotAllowed:
    return NotAllowed(members={"status": thing.status})


def _nobody(_by: object) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Actors[T: Thing, A]:
    """What a room says of the actors of its things."""

    flow: Flow
    # In which capacities of the flow's rules an actor stands to a thing; none for a stranger.
    capacities: Callable[[T, A], frozenset[str]]
    # The columns of an event that name the actor; ``by_system`` is one.
    columns: Callable[[A], dict[str, Any]]
    # Whether a thing to which this actor is a stranger does not exist for him.
    is_outsider: Callable[[A], bool] = _nobody
    # By verb: whether a thing's past forbids what the table allows. A room above adds its own.
    bars: dict[str, Bar[T, A]] = field(default_factory=dict)
    # The refusal of a verb, in the room's words.
    not_allowed: Callable[[Rule, T], NotAllowed] = _not_allowed

    def barred(self, verb: str, thing: T, by: A) -> bool:
        """Whether this thing's past forbids the verb, which the table may allow."""
        bar = self.bars.get(verb)
        return bar is not None and bar(thing, by)

    def allowed(self, thing: T, by: A) -> list[str]:
        """The verbs that he may do now: the table, less what the thing's past forbids."""
        verbs = self.flow.allowed(thing.status, self.capacities(thing, by))
        return [verb for verb in verbs if not self.barred(verb, thing, by)]

    def require(self, verb: str, thing: T, version: int | None, by: A) -> None:
        """Raise Missing, Stale or NotAllowed where he may not do the verb now.

        In this order: an outsider learns nothing of what is not his; then whether the thing
        changed since ``version`` (None: not asked); then what is allowed.
        """
        capacities = self.capacities(thing, by)
        if self.is_outsider(by) and not capacities:
            raise Missing
        if version is not None and version != thing.version:
            raise Stale
        rule = self.flow[verb]
        is_allowed = thing.status in rule.sources and capacities & rule.who
        if not is_allowed or self.barred(verb, thing, by):
            raise self.not_allowed(rule, thing)

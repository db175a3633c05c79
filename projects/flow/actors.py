"""Who may do a verb on a thing, and which refusal is raised otherwise.

An actor is any value that the room knows: an officer, an API key, the system. The room provides
functions that give an actor's capacities on a thing and the columns of an event that name him.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from projects.flow.models import Thing
from projects.flow.table import Flow, Rule
from projects.record.refusals import Missing, NotAllowed, Stale


@dataclass(frozen=True)
class System:
    """The actor of verbs that no person does, such as escalation at a deadline."""


SYSTEM: Final = System()

type Bar[T, A] = Callable[[T, A], bool]


def _not_allowed(_rule: Rule, thing: Thing) -> NotAllowed:
    return NotAllowed(members={"status": thing.status})


def _nobody(_by: object) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Actors[T: Thing, A]:
    """The functions and values by which a room decides who may act on its things."""

    flow: Flow
    # The actor's capacities on a thing, of those that the rules name; may be empty.
    capacities: Callable[[T, A], frozenset[str]]
    # The values of the event's columns that name the actor; ``by_system`` is one of them.
    columns: Callable[[A], dict[str, Any]]
    # Whether the actor gets Missing, not NotAllowed, for a thing on which he has no capacity.
    is_outsider: Callable[[A], bool] = _nobody
    # By verb: whether something beyond the status forbids it. A room above adds its own.
    bars: dict[str, Bar[T, A]] = field(default_factory=dict)
    # Builds the refusal of a verb.
    not_allowed: Callable[[Rule, T], NotAllowed] = _not_allowed

    def barred(self, verb: str, thing: T, by: A) -> bool:
        """Whether the room's bar forbids the verb, whatever the table allows."""
        bar = self.bars.get(verb)
        return bar is not None and bar(thing, by)

    def allowed(self, thing: T, by: A) -> list[str]:
        """The verbs that the actor may do now: allowed by the table and not barred."""
        verbs = self.flow.allowed(thing.status, self.capacities(thing, by))
        return [verb for verb in verbs if not self.barred(verb, thing, by)]

    def require(self, verb: str, thing: T, version: int | None, by: A) -> None:
        """Raise Missing, Stale or NotAllowed, in this order, where the actor may not do the verb.

        Missing: an outsider without a capacity. Stale: the thing's version is not ``version``
        (None: not compared). NotAllowed: the table or a bar forbids the verb.
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

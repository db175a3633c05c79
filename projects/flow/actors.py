"""Who may do a verb on a thing, and which refusal is raised otherwise.

An actor is any value that the room knows: an officer, an API key, the system. The room provides
functions that give an actor's capacities on a thing and the columns of an event that name him.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from projects.flow.models import Thing
from projects.flow.table import Flow, Rule
from projects.record.refusals import Missing, NotAllowed, Stale, Text


@dataclass(frozen=True)
class System:
    """The actor of verbs that no person does, such as escalation at a deadline."""


SYSTEM: Final = System()


class Barred(NamedTuple):
    """Why something beyond the status forbids a verb: a sentence, and a code for programs.

    The code is empty where no program does the verb.
    """

    message: Text
    code: str = ""


type Bar[T, A] = Callable[[T, A], Barred | None]


def _not_allowed(_rule: Rule, thing: Thing, barred: Barred | None) -> NotAllowed:
    message, code = barred or (None, "")
    return NotAllowed(message, reason=code, members={"status": thing.status})


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
    # By verb: what beyond the status forbids it, if anything. A room above adds its own.
    bars: dict[str, Bar[T, A]] = field(default_factory=dict)
    # Builds the refusal of a verb: for its bar, or else for the status and the capacities.
    not_allowed: Callable[[Rule, T, Barred | None], NotAllowed] = _not_allowed

    def barred(self, verb: str, thing: T, by: A) -> Barred | None:
        """What forbids the verb by the room's bar, whatever the table allows."""
        bar = self.bars.get(verb)
        return bar(thing, by) if bar is not None else None

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
        if thing.status not in rule.sources or not capacities & rule.who:
            raise self.not_allowed(rule, thing, None)
        if barred := self.barred(verb, thing, by):
            raise self.not_allowed(rule, thing, barred)

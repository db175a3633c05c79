"""The flow of a thing with a state, as a table of rules, without access to the database.

A room makes one :class:`Flow` for its thing and adds rules; a room above it may add more from its
``room.py``. The checks of a verb, the buttons of a page, the API's ``allowed_actions``, the
database's triggers, the diagram in the documentation and the test of every status × verb × actor
are made from this table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise

STAY: Final = "stay"  # the event changes no state
BACK: Final = "back"  # to the state that the thing was in before it began to wait
NEW: Final = ""  # before the first event there is no state


@dataclass(frozen=True)
class Rule:
    """One verb: from which states, to which, by whom, with which required inputs."""

    verb: str
    label: str | Promise
    sources: frozenset[str]  # empty for the verb that begins the thing
    target: str  # a state, STAY or BACK
    who: frozenset[str]  # capacities
    required: tuple[str, ...] = ()
    tone: Literal["default", "primary", "danger"] = "default"  # of the button's colour
    is_internal: bool = False  # never shown to anyone outside the centre
    # The last part of the event's topic in the feed; empty: the verb itself.
    topic: str = ""
    # Those of the sources from which it changes no state.
    staying: frozenset[str] = frozenset()

    def target_from(self, status: str, back_to: str) -> str:
        """The state after this verb, done from ``status``."""
        if self.target == STAY or status in self.staying:
            return str(status)
        return str(back_to) if self.target == BACK else str(self.target)


class Flow:
    """The rules of one kind of thing, by their verbs, in the order in which they were added."""

    def __init__(self, *, back_to: Iterable[str] = (), ended: Iterable[str] = ()) -> None:
        """``back_to``: the states that a rule with the target BACK may lead to.

        ``ended``: the states in which a thing has ended.
        """
        self.ended: Final = frozenset(ended)
        self._rules: dict[str, Rule] = {}
        self._back_to = sorted(back_to)

    def add(self, *rules: Rule, before: str = "") -> None:
        """Add rules at the end, or before the verb ``before``.

        Raises ValueError where the flow already has one of their verbs.
        """
        added = {str(rule.verb): rule for rule in rules}
        known = added.keys() & self._rules.keys()
        if known:
            raise ValueError(f"the flow has these verbs already: {', '.join(sorted(known))}")
        verbs = list(self._rules)
        place = verbs.index(before) if before else len(verbs)
        order = [*verbs[:place], *added, *verbs[place:]]
        self._rules = {verb: (added | self._rules)[verb] for verb in order}

    def remove(self, *verbs: str) -> None:
        """Remove rules."""
        for verb in verbs:
            del self._rules[verb]

    def __getitem__(self, verb: str) -> Rule:
        return self._rules[verb]

    def __contains__(self, verb: str) -> bool:
        return verb in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def rules(self) -> Iterable[Rule]:
        """Every rule in its order."""
        return self._rules.values()

    def label_of(self, verb: str) -> str:
        """The verb's label, or the verb itself where no rule has it any more."""
        return str(self._rules[verb].label) if verb in self._rules else verb

    def transitions(self) -> Iterator[tuple[str, str, str]]:
        """Every allowed (verb, from, to), in a stable order."""
        for verb, rule in self._rules.items():
            for source in sorted(rule.sources) or [NEW]:
                goes_back = rule.target == BACK and source not in rule.staying
                for back_to in self._back_to if goes_back else [NEW]:
                    yield verb, str(source), rule.target_from(source, back_to)

    def allowed(self, status: str, capacities: frozenset[str]) -> list[str]:
        """The verbs that the table allows, in its order."""
        return [
            verb
            for verb, rule in self._rules.items()
            if status in rule.sources and capacities & rule.who
        ]

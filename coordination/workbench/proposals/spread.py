"""Who might take on the projects that nobody serves: all of them spread at once, on paper.

What an officer bears is :data:`PROJECT` for each project that he answers for, and the weight of
each ticket with him. The heaviest project goes first, each to whoever bears least; who knows its
district is preferred, as if he bore :data:`KNOWN_TO_GROUP` or :data:`KNOWN_TO_HIM` less. Each
counts as accepted for those after it, so it makes no difference whether they are accepted at once
or one by one in this order.

So it is fair in this sense, which a test holds. Take anyone, and the last project that he was
given; of all who were on duty, compare him with another when all is accepted:

- where the other's group served the district too, he bears at most that project and
  ``KNOWN_TO_HIM - KNOWN_TO_GROUP`` more; for a project without tickets, less than two projects;
- compared with anyone at all, at most that project and ``KNOWN_TO_HIM`` more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from coordination.tickets.urgency import Urgency

PROJECT: Final = 2
TICKET: Final[dict[str, int]] = {
    Urgency.NORMAL: 1, Urgency.URGENT: 2, Urgency.COMPLEX: 2, Urgency.CRITICAL: 3,
}  # fmt: skip
KNOWN_TO_GROUP: Final = 5 * PROJECT  # a district stays with its group, but not at any price
KNOWN_TO_HIM: Final = KNOWN_TO_GROUP + 1  # settles what is nearly even, and no more


class Knows(Enum):
    """How he knows the district."""

    HIMSELF = "himself"
    GROUP = "group"
    NOBODY = "nobody"  # nor does anybody else
    OTHERS = "others"  # who bear too much already


@dataclass(frozen=True)
class Gap:
    """A project that nobody serves, and what waits with it."""

    project: int
    code: str
    district: int
    tickets: tuple[str, ...] = ()  # the urgency of each

    @property
    def weight(self) -> int:
        """What whoever takes it on bears more."""
        return PROJECT + sum(TICKET[each] for each in self.tickets)


@dataclass(frozen=True)
class Hand:
    """An officer on duty in a group, and what he has."""

    officer: int
    group: int
    is_liaison: bool = True  # a lead stands in, where nobody else does
    districts: Mapping[int, int] = field(default_factory=dict)  # projects that he answers for
    deputising: int = 0  # projects whose deputy he is
    tickets: Mapping[str, int] = field(default_factory=dict)  # that run, by their urgency

    @property
    def projects(self) -> int:
        """All that he answers for."""
        return sum(self.districts.values())

    @property
    def load(self) -> int:
        """What he bears."""
        tickets = sum(TICKET[each] * number for each, number in self.tickets.items())
        return PROJECT * self.projects + tickets


@dataclass(frozen=True)
class Why:
    """What speaks for him: how the district is known, and what he bore when it was given."""

    knows: Knows
    known: int  # projects of the district, of his or of his group
    is_least: bool  # of those who know the district as his group does; otherwise of all
    projects: int
    tickets: int


@dataclass(frozen=True)
class Proposal:
    """Who might take on a project."""

    project: int
    group: int
    liaison: int
    deputy: int | None
    why: Why


@dataclass
class _Ledger:
    """What everyone bears as the projects are given out."""

    hands: list[Hand]
    serving: Counter[tuple[int, int]]  # projects by group and district
    load: Counter[int]
    own: Counter[tuple[int, int]]  # projects by officer and district
    projects: Counter[int]
    tickets: Counter[int]
    deputising: Counter[int]

    def known(self, hand: Hand, district: int) -> tuple[Knows, int]:
        """How he knows the district, and by how many projects."""
        if own := self.own[hand.officer, district]:
            return Knows.HIMSELF, own
        if of_group := self.serving[hand.group, district]:
            return Knows.GROUP, of_group
        is_new = not any(self.serving[each.group, district] for each in self.hands)
        return (Knows.NOBODY if is_new else Knows.OTHERS), 0

    def cost(self, hand: Hand, district: int) -> tuple[int, int, int]:
        """The least is chosen; of equals who knows the district better, then who came first."""
        is_own, is_known = self.own[hand.officer, district], self.serving[hand.group, district]
        worth = KNOWN_TO_HIM if is_own else KNOWN_TO_GROUP if is_known else 0
        return self.load[hand.officer] - worth, -worth, hand.officer

    def why(self, hand: Hand, district: int) -> Why:
        knows, number = self.known(hand, district)
        among = self.hands
        if knows in {Knows.HIMSELF, Knows.GROUP}:
            among = [each for each in self.hands if self.serving[each.group, district]]
        # He himself is always among them: he may know the district from a group that he has left.
        least = min(self.load[each.officer] for each in (hand, *among) if each.is_liaison)
        officer = hand.officer
        return Why(
            knows, number, self.load[officer] <= least, self.projects[officer],
            self.tickets[officer],
        )  # fmt: skip

    def give(self, gap: Gap, hand: Hand, deputy: int | None) -> None:
        officer = hand.officer
        self.load[officer] += gap.weight
        self.projects[officer] += 1
        self.tickets[officer] += len(gap.tickets)
        self.own[officer, gap.district] += 1
        self.serving[hand.group, gap.district] += 1
        if deputy is not None:
            self.deputising[deputy] += 1

    def deputy_of(self, group: int, liaison: int) -> int | None:
        """Somebody else of the group: a liaison first, whoever stands in for least, bears least."""
        others = [each for each in self.hands if each.group == group and each.officer != liaison]
        ranked = (
            (not each.is_liaison, self.deputising[each.officer], self.load[each.officer],
             each.officer)
            for each in others
        )  # fmt: skip
        best = min(ranked, default=None)
        return best[-1] if best else None


def _ledger(hands: Iterable[Hand], serving: Mapping[tuple[int, int], int]) -> _Ledger:
    rows = sorted(hands, key=lambda each: each.officer)
    return _Ledger(
        hands=rows,
        serving=Counter(serving),
        load=Counter({each.officer: each.load for each in rows}),
        own=Counter(
            {
                (each.officer, district): number
                for each in rows
                for district, number in each.districts.items()
            }
        ),
        projects=Counter({each.officer: each.projects for each in rows}),
        tickets=Counter({each.officer: sum(each.tickets.values()) for each in rows}),
        deputising=Counter({each.officer: each.deputising for each in rows}),
    )


def in_order(gaps: Iterable[Gap]) -> list[Gap]:
    """The heaviest first: what is light evens out what is heavy."""
    return sorted(gaps, key=lambda gap: (-gap.weight, gap.code, gap.project))


def spread(
    gaps: Iterable[Gap], hands: Iterable[Hand], serving: Mapping[tuple[int, int], int]
) -> list[Proposal]:
    """A group, a liaison and a deputy for each project, in the order in which they were given.

    ``hands`` are those who may be proposed; ``serving`` is how many projects of which district
    each group has, whoever answers for them. Empty where no liaison is on duty. The same rows in
    any order give the same answer.
    """
    ledger = _ledger(hands, serving)
    liaisons = [each for each in ledger.hands if each.is_liaison]
    return [_propose(gap, liaisons, ledger) for gap in in_order(gaps)] if liaisons else []


def _propose(gap: Gap, liaisons: list[Hand], ledger: _Ledger) -> Proposal:
    hand = min(liaisons, key=lambda each: ledger.cost(each, gap.district))
    deputy = ledger.deputy_of(hand.group, hand.officer)
    why = ledger.why(hand, gap.district)
    ledger.give(gap, hand, deputy)
    return Proposal(gap.project, hand.group, hand.officer, deputy, why)


def deputy_of(group: int, liaison: int, hands: Iterable[Hand]) -> int | None:
    """Who would stand in, were this officer the liaison; None where the group has nobody else."""
    return _ledger(hands, {}).deputy_of(group, liaison)

"""Propose officers for all unserved projects at once. Uses no database.

An officer's load is :data:`PROJECT` for each project that he answers for, plus the weight of each
of his tickets. Projects are assigned from the heaviest on, each to the officer with the least load;
one who knows its district is preferred, as if his load were :data:`KNOWN_TO_GROUP` or
:data:`KNOWN_TO_HIM` less. Each counts as accepted for those after it, so it makes no difference
whether they are accepted at once or one by one in this order.

The result is fair in the following sense, which a test verifies. Compare any officer who was given
projects with any other on duty, when all proposals are accepted:

- if the other's group serves the district of the last project that he was given, his load is higher
  by at most that project's weight and ``KNOWN_TO_HIM - KNOWN_TO_GROUP``; for a project without
  tickets, by less than two projects;
- otherwise by at most that project's weight and ``KNOWN_TO_HIM``.
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
KNOWN_TO_GROUP: Final = 5 * PROJECT  # the extra load accepted to keep a district's group
KNOWN_TO_HIM: Final = KNOWN_TO_GROUP + 1  # decides between nearly equal loads only


class Knows(Enum):
    """How the officer knows the district."""

    HIMSELF = "himself"
    GROUP = "group"
    NOBODY = "nobody"  # and no other officer does
    OTHERS = "others"  # but their load is too high


@dataclass(frozen=True)
class Gap:
    """An unserved project, and its waiting tickets."""

    project: int
    code: str
    district: int
    tickets: tuple[str, ...] = ()  # the urgency of each ticket

    @property
    def weight(self) -> int:
        """The load that it adds to an officer."""
        return PROJECT + sum(TICKET[each] for each in self.tickets)


@dataclass(frozen=True)
class Candidate:
    """An officer on duty in a group, and his workload."""

    officer: int
    group: int
    is_liaison: bool = True  # a lead is proposed as deputy only if nobody else can be
    districts: Mapping[int, int] = field(default_factory=dict)  # projects that he answers for
    deputising: int = 0  # projects whose deputy he is
    tickets: Mapping[str, int] = field(default_factory=dict)  # tickets with a clock, by urgency

    @property
    def projects(self) -> int:
        """The number of projects that he answers for."""
        return sum(self.districts.values())

    @property
    def load(self) -> int:
        """His load."""
        tickets = sum(TICKET[each] * number for each, number in self.tickets.items())
        return PROJECT * self.projects + tickets


@dataclass(frozen=True)
class Why:
    """Why he is proposed: how he knows the district, and his load before this project."""

    knows: Knows
    known: int  # projects of the district, his or his group's
    is_least: bool  # compared with officers whose group knows the district; otherwise with all
    projects: int
    tickets: int


@dataclass(frozen=True)
class Proposal:
    """The officers proposed for a project."""

    project: int
    group: int
    liaison: int
    deputy: int | None
    why: Why


@dataclass
class _Ledger:
    """The loads while projects are assigned."""

    candidates: list[Candidate]
    serving: Counter[tuple[int, int]]  # projects by group and district
    load: Counter[int]
    own: Counter[tuple[int, int]]  # projects by officer and district
    projects: Counter[int]
    tickets: Counter[int]
    deputising: Counter[int]

    def known(self, candidate: Candidate, district: int) -> tuple[Knows, int]:
        """How he knows the district, and the number of projects there."""
        if own := self.own[candidate.officer, district]:
            return Knows.HIMSELF, own
        if of_group := self.serving[candidate.group, district]:
            return Knows.GROUP, of_group
        is_new = not any(self.serving[each.group, district] for each in self.candidates)
        return (Knows.NOBODY if is_new else Knows.OTHERS), 0

    def cost(self, candidate: Candidate, district: int) -> tuple[int, int, int]:
        """The sort key: least load, then better knowledge of the district, then a fixed order."""
        is_own, is_known = (
            self.own[candidate.officer, district],
            self.serving[candidate.group, district],
        )
        worth = KNOWN_TO_HIM if is_own else KNOWN_TO_GROUP if is_known else 0
        return self.load[candidate.officer] - worth, -worth, candidate.officer

    def why(self, candidate: Candidate, district: int) -> Why:
        knows, number = self.known(candidate, district)
        among = self.candidates
        if knows in {Knows.HIMSELF, Knows.GROUP}:
            among = [each for each in self.candidates if self.serving[each.group, district]]
        # He is always included: he may know the district from a group that he has left.
        least = min(self.load[each.officer] for each in (candidate, *among) if each.is_liaison)
        officer = candidate.officer
        return Why(
            knows, number, self.load[officer] <= least, self.projects[officer],
            self.tickets[officer],
        )  # fmt: skip

    def give(self, gap: Gap, candidate: Candidate, deputy: int | None) -> None:
        officer = candidate.officer
        self.load[officer] += gap.weight
        self.projects[officer] += 1
        self.tickets[officer] += len(gap.tickets)
        self.own[officer, gap.district] += 1
        self.serving[candidate.group, gap.district] += 1
        if deputy is not None:
            self.deputising[deputy] += 1

    def deputy_of(self, group: int, liaison: int) -> int | None:
        """A deputy of the same group: liaisons first, then fewest deputy roles, then least load."""
        others = [
            each for each in self.candidates if each.group == group and each.officer != liaison
        ]
        ranked = (
            (not each.is_liaison, self.deputising[each.officer], self.load[each.officer],
             each.officer)
            for each in others
        )  # fmt: skip
        best = min(ranked, default=None)
        return best[-1] if best else None


def _ledger(candidates: Iterable[Candidate], serving: Mapping[tuple[int, int], int]) -> _Ledger:
    rows = sorted(candidates, key=lambda each: each.officer)
    return _Ledger(
        candidates=rows,
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
    """The heaviest first, so that light projects balance the loads."""
    return sorted(gaps, key=lambda gap: (-gap.weight, gap.code, gap.project))


def spread(
    gaps: Iterable[Gap], candidates: Iterable[Candidate], serving: Mapping[tuple[int, int], int]
) -> list[Proposal]:
    """Propose a group, a liaison and a deputy for each project, in the order of assignment.

    ``serving`` is the number of projects that each group has in each district. Empty if no
    liaison is on duty. The result does not depend on the order of the input.
    """
    ledger = _ledger(candidates, serving)
    liaisons = [each for each in ledger.candidates if each.is_liaison]
    return [_propose(gap, liaisons, ledger) for gap in in_order(gaps)] if liaisons else []


def _propose(gap: Gap, liaisons: list[Candidate], ledger: _Ledger) -> Proposal:
    candidate = min(liaisons, key=lambda each: ledger.cost(each, gap.district))
    deputy = ledger.deputy_of(candidate.group, candidate.officer)
    why = ledger.why(candidate, gap.district)
    ledger.give(gap, candidate, deputy)
    return Proposal(gap.project, candidate.group, candidate.officer, deputy, why)


def deputy_of(group: int, liaison: int, candidates: Iterable[Candidate]) -> int | None:
    """The deputy proposed if this officer is the liaison; None if the group has no other."""
    return _ledger(candidates, {}).deputy_of(group, liaison)

"""How many projects and open tickets each receiving officer has before and after. No database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Given:
    """A project that changes hands; officers by their ids.

    ``handlers`` holds the present handler of each open ticket that goes along, None for nobody.
    """

    before: int
    after: int
    handlers: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Share:
    """What a receiving officer has, in numbers."""

    officer: int
    projects_before: int
    projects_after: int
    tickets_before: int
    tickets_after: int


def shares_of(given: Iterable[Given], before: Mapping[int, tuple[int, int]]) -> list[Share]:
    """One for each liaison who receives a project, the one who then has most projects first.

    ``before`` is each officer's number of projects and of open tickets; missing means none.
    """
    rows = list(given)
    projects, tickets = Counter[int](), Counter[int]()
    for row in rows:
        projects[row.after] += 1
        projects[row.before] -= 1
        tickets[row.after] += len(row.handlers)
        tickets.subtract(each for each in row.handlers if each is not None)
    found = []
    for officer in {row.after for row in rows}:
        had = before.get(officer, (0, 0))
        found.append(
            Share(
                officer, had[0], had[0] + projects[officer], had[1], had[1] + tickets[officer],
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (-each.projects_after, each.officer))

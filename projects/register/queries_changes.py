"""Why the number of projects, and their investments, are others than at an earlier moment.

Two sets are compared, as each was recorded by its moment: so the rows add up for any two moments,
and a project that came and left in between is in neither.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.house.blocks import Text
from projects.register.models import ExitKind, ProjectExit, ProjectReturn, ProjectRevision
from projects.register.queries import exits_at, register_at

START, END, REVISED = "start", "end", "revised"
REGISTERED, SUCCESSOR, RETURNED, LISTED = "registered", "successor", "returned", "listed"
UNLISTED: Final = "unlisted"

# The rows in their order; the sign with which each is added.
ROWS: Final[dict[str, tuple[int, Text]]] = {
    START: (1, _("At the beginning")),
    REGISTERED: (1, _("Registered since")),
    SUCCESSOR: (1, _("Registered since, from a bundle or a split")),
    RETURNED: (1, _("Brought back to the register")),
    LISTED: (1, _("Entered this list by a revision")),
    ExitKind.MERGED.value: (-1, ExitKind.MERGED.label),
    ExitKind.BUNDLED.value: (-1, ExitKind.BUNDLED.label),
    ExitKind.SPLIT.value: (-1, ExitKind.SPLIT.label),
    ExitKind.COMPLETED.value: (-1, ExitKind.COMPLETED.label),
    ExitKind.ERROR.value: (-1, ExitKind.ERROR.label),
    UNLISTED: (-1, _("Left this list by a revision")),
    REVISED: (1, _("Investment revised of those that stayed")),
    END: (1, _("At the end")),
}


@dataclass
class Line:
    """One row: its projects, and what it adds to or takes from the investments (亿元)."""

    projects: list[int] = field(default_factory=list)
    total: Decimal = Decimal(0)
    annual: Decimal = Decimal(0)

    def add(self, project: int, amounts: Iterable[Decimal]) -> None:
        """Count the project with its total investment and its plan of the year."""
        total, annual = amounts
        self.projects.append(project)
        self.total += total
        self.annual += annual


type Amounts = tuple[Decimal, Decimal]
type Listing = Callable[[datetime], QuerySet[ProjectRevision]]


def in_year(year: int) -> Listing:
    """The projects in the batches of that year."""
    return lambda at: register_at(at).filter(batch__year=year)


def explained(start: datetime, end: datetime, listing: Listing = register_at) -> dict[str, Line]:
    """Each row of ``ROWS``: from the projects listed at the start to those at the end.

    A project that stayed is among those revised where its investment is another; those add to the
    investments alone, not to the number.
    """
    before, after = _amounts(listing(start)), _amounts(listing(end))
    lines = {name: Line() for name in ROWS}
    came, left = after.keys() - before.keys(), before.keys() - after.keys()
    ways = _ways_in(came, start, end) | _ways_out(left, end)
    for project, amounts in before.items():
        lines[START].add(project, amounts)
        if project in left:
            lines[ways[project]].add(project, amounts)
        elif amounts != after[project]:
            total, annual = after[project]
            lines[REVISED].add(project, (total - amounts[0], annual - amounts[1]))
    for project, amounts in after.items():
        lines[END].add(project, amounts)
        if project in came:
            lines[ways[project]].add(project, amounts)
    return lines


def _amounts(rows: QuerySet[ProjectRevision]) -> dict[int, Amounts]:
    found = rows.values_list("project_id", "total_investment", "annual_investment")
    return {project: (total, annual) for project, total, annual in found}


def _ways_in(came: set[int], start: datetime, end: datetime) -> dict[int, str]:
    """How each came since the start."""
    first = ProjectRevision.objects.filter(project__in=came, number=1, recorded_at__gt=start)
    registered = set(first.values_list("project_id", flat=True))
    kinds = (ExitKind.BUNDLED, ExitKind.SPLIT)
    into = exits_at(end).filter(successions__successor__in=registered, kind__in=kinds)
    successors = set(into.values_list("successions__successor", flat=True))
    back = ProjectReturn.objects.filter(
        exit__project__in=came - registered, recorded_at__gt=start, recorded_at__lte=end
    )
    returned = set(back.values_list("exit__project_id", flat=True))
    return {
        project: (
            SUCCESSOR if project in successors
            else REGISTERED if project in registered
            else RETURNED if project in returned
            else LISTED
        )
        for project in came
    }  # fmt: skip


def _ways_out(left: set[int], end: datetime) -> dict[int, str]:
    """How each left since the start: by its exit in force at the end, else by a revision."""
    exits: QuerySet[ProjectExit] = exits_at(end).filter(project__in=left).order_by("pk")
    kinds = dict(exits.values_list("project_id", "kind"))
    return {project: kinds.get(project, UNLISTED) for project in left}

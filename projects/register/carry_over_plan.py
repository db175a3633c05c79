"""What becomes of the projects of a year's list in that of the next year: a proposal for each.

Completing projects leave as completed, continuing ones go on, new starts that have started are
continuing, preliminary ones stay so until somebody decides that they start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from projects.house.blocks import Text
from projects.record.canonical import digest
from projects.register.leaving import STANDS_ON
from projects.register.models import Batch, ExitKind, Phase, Project, ProjectExit, ProjectRevision
from projects.register.phases import FORWARD
from projects.register.queries import current_projects

LEAVES: Final = "leaves"  # in place of a phase: it leaves the register as completed
DONE: Final = "done"  # in place of a phase: the view of those that were carried over
PER_PAGE: Final = 50
_ORDER: Final = tuple(each.value for each in Phase)


@dataclass(frozen=True)
class Step:
    """What becomes of a project that had this version: a phase in a batch, or ``LEAVES``."""

    project: int
    version: int
    batch: Batch
    to: str


@dataclass(frozen=True)
class Proposal:
    """Of one project: what is proposed and why, and what may be chosen instead.

    ``to`` is empty where nothing is left to do: it was carried over, or has left.
    """

    project: Project
    to: str
    why: Text
    choices: Sequence[str] = ()

    def step(self, batch: Batch) -> Step:
        """As it is proposed."""
        return Step(self.project.pk, self.project.version, batch, self.to)


@dataclass(frozen=True)
class Page:
    """At most fifty proposals, by the projects' codes, and whether there are others."""

    rows: Sequence[Proposal]
    has_before: bool
    has_after: bool


def next_batches(year: int) -> list[Batch]:
    """The batches of the next year; the first is proposed."""
    return list(Batch.objects.filter(year=year + 1).order_by("ordinal"))


def open_projects(year: int, phase: str = "") -> QuerySet[Project]:
    """The projects of the year's list that are still in it, by code."""
    rows = current_projects().filter(batch__year=year)
    rows = rows.filter(phase=phase) if phase else rows
    return rows.select_related("batch", "district").order_by("code")


def done_projects(year: int) -> QuerySet[Project]:
    """Those that were carried over to the next year's list, or left it as completed, by code."""
    before = ProjectRevision.objects.filter(project=OuterRef("pk"), batch__year=year)
    exits = ProjectExit.objects.filter(
        project=OuterRef("pk"), kind=ExitKind.COMPLETED, returned__isnull=True
    )
    carried = Q(batch__year=year + 1, left_at__isnull=True) & Exists(before)
    completed = Q(batch__year=year, left_at__isnull=False) & Exists(exits)
    rows = Project.objects.filter(carried | completed)
    return rows.select_related("batch", "district").order_by("code")


def counts_of(year: int) -> dict[str, int]:
    """How many projects are still to be carried over, by phase; and how many were."""
    found = open_projects(year).order_by().values_list("phase").annotate(Count("pk"))
    counted = dict(found)
    return {
        **{phase: counted.get(phase, 0) for phase in _ORDER}, DONE: done_projects(year).count()
    }  # fmt: skip


def page_of(year: int, view: str, *, after: str = "", before: str = "") -> Page:
    """The proposals behind the code ``after``, or before the code ``before``."""
    rows = done_projects(year) if view == DONE else open_projects(year, view)
    if before:
        found = list(rows.filter(code__lt=before).order_by("-code")[: PER_PAGE + 1])
        return Page(
            _proposed(found[PER_PAGE - 1 :: -1], year), len(found) > PER_PAGE, has_after=True
        )
    found = list(rows.filter(code__gt=after)[: PER_PAGE + 1])
    return Page(_proposed(found[:PER_PAGE], year), bool(after), len(found) > PER_PAGE)


def all_proposed(year: int, phase: str = "") -> list[Proposal]:
    """The proposals of all that are still to be carried over, of one phase if it is given."""
    return _proposed(list(open_projects(year, phase)), year)


def mark_of(steps: Iterable[Step]) -> str:
    """A digest by which steps that were shown are compared with those about to be done."""
    return digest([[each.project, each.version, each.batch.pk, each.to] for each in steps])


def choices_of(project: Project, *, stands: bool) -> list[str]:
    """What may become of the project, by the table of phases."""
    ahead = [each for each in _ORDER if each in FORWARD[project.phase]]
    may_leave = project.phase == Phase.COMPLETING and not stands
    return [project.phase, *ahead, *([LEAVES] if may_leave else [])]


def standing_on(projects: Iterable[Project]) -> dict[int, str]:
    """What keeps completing projects in the register, for people, by project."""
    keys = [each.pk for each in projects if each.phase == Phase.COMPLETING]
    found = dict[int, list[str]]()
    for each in STANDS_ON if keys else ():
        for key, reasons in each(keys).items():
            found.setdefault(key, []).extend(reasons)
    return {key: " ".join(reasons) for key, reasons in found.items()}


def _proposed(projects: Sequence[Project], year: int) -> list[Proposal]:
    standing = standing_on(projects)
    return [_proposal(each, year, standing.get(each.pk, "")) for each in projects]


def _proposal(project: Project, year: int, stands: str) -> Proposal:
    if project.left_at is not None:
        return Proposal(project, "", _("Left the register as completed."))
    if project.batch.year != year:
        return Proposal(project, "", _("Is in the list of %(year)s.") % {"year": year + 1})
    to, why = _reasoned(project, year, stands)
    return Proposal(project, to, why, choices_of(project, stands=bool(stands)))


def _reasoned(project: Project, year: int, stands: str) -> tuple[str, str]:
    """The proposal and its reason."""
    said = {"year": year, "next": year + 1, "reasons": stands, "day": project.resumed_on}
    if project.phase == Phase.COMPLETING and stands:
        return Phase.COMPLETING, _("Goes on as completing: %(reasons)s") % said
    if project.phase == Phase.COMPLETING:
        return LEAVES, _("Was to be completed in %(year)s.") % said
    if project.phase == Phase.CONTINUING:
        why = _("Goes on in %(next)s; choose completing if it is to be completed then.")
        return Phase.CONTINUING, why % said
    if project.phase == Phase.NEW_START and _is_at_work_since(project, year):
        return Phase.CONTINUING, _("At work since %(day)s, and goes on.") % said
    if project.phase == Phase.NEW_START:
        why = _("Not at work since %(year)s; choose continuing if it started and rests.")
        return Phase.NEW_START, why % said
    why = _("No start is decided; choose a new start if it starts in %(next)s.")
    return Phase.PRELIMINARY, why % said


def _is_at_work_since(project: Project, year: int) -> bool:
    """Whether it has been at work without a break since a day of the year, or earlier."""
    return project.resumed_on is not None and project.resumed_on.year <= year

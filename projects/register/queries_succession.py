"""What a project came from, and in what it goes on, with the investments that explain it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from projects.record.clock import now
from projects.register.models import ExitKind, Project, ProjectExit, Succession
from projects.register.queries import exits_at


@dataclass(frozen=True)
class Sums:
    """Investments in 亿元: those of the project itself, and of the others added up."""

    number: int
    total: Decimal
    annual: Decimal
    own_total: Decimal
    own_annual: Decimal

    @property
    def total_difference(self) -> Decimal:
        """By how much the project's own total is more than the sum."""
        return self.own_total - self.total

    @property
    def annual_difference(self) -> Decimal:
        """By how much the project's own plan of the year is more than the sum."""
        return self.own_annual - self.annual


def came_from(project: Project) -> list[ProjectExit]:
    """The exits in force by which others go on in the project, the latest first."""
    own = Succession.objects.filter(successor=project).values("exit")
    rows = exits_at(now()).filter(pk__in=own).select_related("project", "by")
    return list(rows.order_by("-pk"))


def exit_of(project: Project) -> ProjectExit | None:
    """The exit in force, by which the project left the register; None while it is in it."""
    return exits_at(now()).filter(project=project).select_related("by").order_by("-pk").first()


def goes_on_in(left: ProjectExit) -> list[Project]:
    """The projects that the exit named, ordered by code."""
    return list(Project.objects.filter(predecessions__exit=left).order_by("code"))


def bundled_sums(project: Project, exits: Iterable[ProjectExit]) -> Sums | None:
    """The projects bundled into it, added up; None where none was. A merge adds nothing."""
    found = [each.project for each in exits if each.kind == ExitKind.BUNDLED]
    return _sums(project, found)


def parts_sums(left: ProjectExit, parts: Iterable[Project]) -> Sums | None:
    """The projects into which it was split, added up; None where it was not split."""
    return _sums(left.project, list(parts)) if left.kind == ExitKind.SPLIT else None


def _sums(project: Project, others: list[Project]) -> Sums | None:
    if not others:
        return None
    return Sums(
        number=len(others),
        total=sum((each.total_investment for each in others), Decimal(0)),
        annual=sum((each.annual_investment for each in others), Decimal(0)),
        own_total=project.total_investment,
        own_annual=project.annual_investment,
    )

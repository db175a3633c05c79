"""What the rows of the sheet of assignments mean: projects, groups and officers by their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.groups.queries import away
from coordination.groups.queries_acting import SERVING_ROLES
from coordination.staff.models import Officer
from projects.house.imports import CellError, Change, ImportRow, Outcome, RowPlan
from projects.record.folding import fold
from projects.register.models import Project
from projects.register.queries_known import differs, that_of

_UNKNOWN: Final[Mapping[str, Promise]] = {
    "group": _("There is no such group in service."),
    "liaison": _("There is no such officer in service."),
    "deputy": _("There is no such officer in service."),
}
_SEVERAL: Final = _("Several officers have this name; write the user name.")
_NOT_IN_GROUP: Final = _("This officer does not serve in that group.")


@dataclass(frozen=True)
class Serves:
    """Who is to serve a project, or serves it."""

    group: ServiceGroup
    liaison: Officer
    deputy: Officer | None

    def words(self) -> dict[str, str]:
        """By the names of the columns."""
        return {
            "group": self.group.name, "liaison": str(self.liaison),
            "deputy": str(self.deputy or ""),
        }  # fmt: skip

    @staticmethod
    def of(assignment: Assignment) -> "Serves":
        """As the assignment has it."""
        return Serves(assignment.group, assignment.liaison, assignment.deputy)


class Staffing:
    """Projects, groups, officers and present assignments, each read once for all rows."""

    def __init__(self, rows: Sequence[ImportRow], at: datetime) -> None:
        codes = {row.values.get("code") for row in rows} - {None}
        names = {fold(row.values.get("name") or "") for row in rows} - {""}
        found = Project.objects.filter(code__in=codes) | Project.objects.filter(folded__in=names)
        self._by_code = {each.code: each for each in found}
        current = (each for each in self._by_code.values() if each.left_at is None)
        self._by_name = _grouped((each.folded, each) for each in current)
        self._groups = {
            key: each
            for each in ServiceGroup.objects.filter(is_active=True)
            for key in (fold(each.name), each.code)
        }
        serving = Officer.objects.filter(is_active=True, role__in=SERVING_ROLES)
        self._officers = _grouped(
            (key, each) for each in serving for key in (each.username, fold(each.name))
        )
        memberships = Membership.objects.filter(during__contains=at).select_related("group")
        self._group_of = {each.officer_id: each.group for each in memberships}
        self._away = set(away(at).values_list("officer_id", flat=True))
        present = Assignment.objects.filter(
            project__in=list(self._by_code.values()), during__upper_inf=True
        ).select_related("group", "liaison", "deputy")
        self._present = {each.project_id: each for each in present}

    def project_of(self, row: ImportRow) -> Project | CellError:
        """The project by its code, or else by its name; or what is wrong with them."""
        code, name = row.values.get("code"), row.values.get("name")
        if code:
            return self._project_of_code(code, name or "")
        named = self._by_name.get(fold(name or ""), [])
        if len(named) == 1:
            return named[0]
        message = _("Several projects have this name.") if named else _("No project is named so.")
        return CellError("name", message, "unknown")

    def _project_of_code(self, code: str, name: str) -> Project | CellError:
        project = self._by_code.get(code)
        if project is None:
            return CellError("code", _("No project has this code."), "unknown")
        if project.left_at is not None:
            return CellError("code", _("The project has left the register."), "left-register")
        if differs(name, project):
            return CellError("name", that_of(project), "contradicts")
        return project

    def present(self, project: Project) -> Serves | None:
        """Who serves the project now."""
        found = self._present.get(project.pk)
        return Serves.of(found) if found else None

    def officer_of(self, row: ImportRow, column: str) -> Officer | CellError | None:
        """The officer whom the cell names; None where it is empty."""
        typed = row.values.get(column)
        if not typed:
            return None
        found = self._officers.get(typed) or self._officers.get(fold(typed), [])
        if len(found) == 1:
            return found[0]
        return CellError(column, _SEVERAL if found else _UNKNOWN[column], "unknown")

    def group_of(
        self, row: ImportRow, liaison: Officer, before: Serves | None
    ) -> ServiceGroup | CellError:
        """The group that is named, or else the liaison's, or that of before."""
        if typed := row.values.get("group"):
            found = self._groups.get(fold(typed)) or self._groups.get(typed)
            return found or CellError("group", _UNKNOWN["group"], "unknown")
        own = self._group_of.get(liaison.pk) or (before.group if before else None)
        return own or CellError("liaison", _NOT_IN_GROUP, "not-in-group")

    def errors_of(self, wanted: Serves) -> Iterator[CellError]:
        """Why these officers cannot serve, as the verbs would refuse them."""
        named = {"liaison": wanted.liaison, "deputy": wanted.deputy}
        for column, officer in named.items():
            if officer is not None and self._group_of.get(officer.pk) != wanted.group:
                yield CellError(column, _NOT_IN_GROUP, "not-in-group")
        if wanted.deputy == wanted.liaison:
            yield CellError("deputy", _("The deputy must be someone else."), "same")
        if {each.pk for each in named.values() if each is not None} <= self._away:
            message = _("On leave, and no deputy who could act for him.")
            yield CellError("liaison", message, "on-leave")

    def warnings_of(self, wanted: Serves) -> list[Promise]:
        """What should be looked at."""
        is_away = wanted.liaison.pk in self._away
        return [_("The liaison is on leave; the deputy stands in.")] if is_away else []


def _grouped[Row](pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for key, row in pairs:
        rows = found.setdefault(key, [])
        if row not in rows:
            rows.append(row)
    return found


def wanted_of(row: ImportRow, before: Serves | None, staffing: Staffing) -> Serves | CellError:
    """Who is to serve: what the row does not state stays as it is."""
    liaison = staffing.officer_of(row, "liaison") or (before.liaison if before else None)
    if liaison is None:
        return CellError("liaison", _("A new row must state this."), "required")
    if isinstance(liaison, CellError):
        return liaison
    group, deputy = staffing.group_of(row, liaison, before), staffing.officer_of(row, "deputy")
    if isinstance(group, CellError):
        return group
    if isinstance(deputy, CellError):
        return deputy
    if deputy is None and before is not None and before.group == group:
        deputy = before.deputy if before.deputy != liaison else None
    return Serves(group, liaison, deputy)


def plan_row(row: ImportRow, staffing: Staffing, seen: dict[int, int]) -> RowPlan:
    """What one row would do; ``seen`` has the row of each project that stood above it."""
    project = staffing.project_of(row)
    if isinstance(project, CellError):
        return _refused(row, str(row.values.get("name") or row.values.get("code") or ""), project)
    first = seen.setdefault(project.pk, row.number)
    if first != row.number:
        message = _("This project stands in row %(row)s already.") % {"row": first}
        return _refused(row, str(project), CellError("", message, "twice"))
    before = staffing.present(project)
    wanted = wanted_of(row, before, staffing)
    if isinstance(wanted, CellError):
        return _refused(row, str(project), wanted)
    if wanted == before:
        return RowPlan(row, Outcome.UNCHANGED, str(project))
    if errors := list(staffing.errors_of(wanted)):
        return _refused(row, str(project), *errors)
    return RowPlan(
        row, Outcome.CHANGED if before else Outcome.NEW, str(project),
        changes=_changes(before, wanted), warnings=staffing.warnings_of(wanted),
    )  # fmt: skip


def _refused(row: ImportRow, title: str, *errors: CellError) -> RowPlan:
    return RowPlan(row, Outcome.REFUSED, title, errors=errors)


def _changes(before: Serves | None, wanted: Serves) -> list[Change]:
    now: dict[str, str] = before.words() if before else {}
    return [
        Change(column, now.get(column, ""), word)
        for column, word in wanted.words().items()
        if word != now.get(column, "")
    ]


def registered(_by: Any) -> Iterator[dict[str, str]]:
    """Every present assignment, by the names of the columns."""
    rows = Assignment.objects.filter(during__upper_inf=True).select_related(
        "project", "group", "liaison", "deputy"
    )
    for each in rows.order_by("project__code").iterator():
        words = Serves.of(each).words()
        yield {"code": each.project.code, "name": each.project.name, **words,
               "liaison": each.liaison.username,
               "deputy": each.deputy.username if each.deputy else ""}  # fmt: skip

"""The sheet of assignments: which group and which officers serve each project."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.groups.assign import end_assignment
from coordination.groups.models import Assignment
from coordination.groups.serve import require_permission
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.workbench.handovers.queries_sheet import (
    Serves,
    Staffing,
    plan_row,
    registered,
    wanted_of,
)
from projects.house.imports import (
    CellError,
    ImportColumn,
    ImportRow,
    ImportSheet,
    Kind,
    Outcome,
    RowPlan,
)
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import Project

_PERMISSION: Final = "groups.add_assignment"


def plan(rows: Sequence[ImportRow], at: datetime, by: Officer) -> list[RowPlan]:
    """A project that nobody serves is new, one that changes hands is changed."""
    require_permission(by, _PERMISSION)
    staffing, seen = Staffing(rows, at), dict[int, int]()
    return [plan_row(row, staffing, seen) for row in rows]


def carry_out(plans: Sequence[RowPlan], at: datetime, by: Officer) -> Iterator[dict[str, Any]]:
    """Assign or hand over each project from now on, its open tickets with it."""
    require_permission(by, _PERMISSION)
    staffing = Staffing([each.row for each in plans], at)
    for each in plans:
        project = staffing.project_of(each.row)
        if isinstance(project, CellError):
            raise Stale
        before = staffing.present(project)
        wanted = wanted_of(each.row, before, staffing)
        if isinstance(wanted, CellError):
            raise Stale
        yield _assigned(each, project, before, wanted, by)


def _assigned(
    plan: RowPlan, project: Project, before: Serves | None, wanted: Serves, by: Officer
) -> dict[str, Any]:
    reason = _("Import of assignments")
    verb = take_on if plan.outcome == Outcome.NEW else hand_over
    try:
        after = verb(
            project=project, group=wanted.group, liaison=wanted.liaison, deputy=wanted.deputy,
            reason=reason, by=by,
        )  # fmt: skip
    except Invalid as refusal:
        raise NotAllowed(f"{project}: {' '.join(refusal.reasons)}") from refusal
    return {"assignment": after.pk, "before": _kept(before)}


def _kept(before: Serves | None) -> dict[str, int | None] | None:
    if before is None:
        return None
    deputy = before.deputy.pk if before.deputy else None
    return {"group": before.group.pk, "liaison": before.liaison.pk, "deputy": deputy}


def undo(effects: Sequence[Any], _at: datetime, by: Officer) -> None:
    """Give each project back to whoever served it, or to nobody."""
    require_permission(by, _PERMISSION)
    found = Assignment.objects.select_related("project", "group").in_bulk(
        [each["assignment"] for each in effects]
    )
    for each in effects:
        _give_back(found[each["assignment"]], each["before"], by)


def _give_back(row: Assignment, before: dict[str, int | None] | None, by: Officer) -> None:
    if row.during.upper is not None:
        raise NotAllowed(_("%(project)s was handed over since.") % {"project": row.project})
    filed = Ticket.objects.filter(project=row.project, group=row.group)
    if before is not None:
        filed = filed.filter(filed_at__gte=row.during.lower)
    if filed.exists():
        message = _("Tickets of %(project)s have been filed or taken on since.")
        raise NotAllowed(message % {"project": row.project})
    if before is None:
        end_assignment(assignment=row, by=by)
        return
    people = Officer.objects.in_bulk(
        [pk for pk in (before["liaison"], before["deputy"]) if pk is not None]
    )
    groups = type(row.group).objects.in_bulk([before["group"]])
    try:
        hand_over(
            project=row.project, group=groups[before["group"]], liaison=people[before["liaison"]],
            deputy=people.get(before["deputy"]), reason=_("An import was undone"), by=by,
        )  # fmt: skip
    except Invalid as refusal:
        raise NotAllowed(f"{row.project}: {' '.join(refusal.reasons)}") from refusal


SHEET: Final = ImportSheet(
    "assignments", gettext_lazy("Assignments"), (
        ImportColumn(
            "code", gettext_lazy("Project code"), Kind.CODE, ("项目代码", "项目编号", "编码"),
            is_key=True,
        ),
        ImportColumn(
            "name", gettext_lazy("Project name"), synonyms=("项目名称", "项目", "工程名称"),
            is_key=True,
        ),
        ImportColumn(
            "group", gettext_lazy("Service group"),
            synonyms=("服务组", "协调服务组", "服务组别", "包保组", "所属组"),
        ),
        ImportColumn(
            "liaison", gettext_lazy("Liaison"),
            synonyms=("服务专员", "联络员", "专员", "首席服务员", "服务人员", "包保人员"),
            is_required=True,
        ),
        ImportColumn(
            "deputy", gettext_lazy("Deputy"), synonyms=("替补", "替补专员", "B角", "代班人"),
        ),
    ),
    _PERMISSION, plan=plan, carry_out=carry_out, undo=undo, export=registered, order=30,
)  # fmt: skip

"""Coverage told again in plain Python, from the dated facts alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coordination.groups.models import Assignment, GroupRevision, Leave, Membership
from coordination.staff.models import OfficerRevision
from projects.register.models import ProjectRevision

SERVING = {"liaison", "group_lead"}


def _last(rows: Any, owner: str, at: datetime) -> dict[int, Any]:
    """The last revision of each that was written, of those recorded by then."""
    found: dict[int, Any] = {}
    for row in sorted(rows, key=lambda each: each.pk):
        if row.recorded_at <= at:
            found[getattr(row, owner)] = row
    return found


def _covering(rows: Any, at: datetime) -> list[Any]:
    """Those recorded by then that hold at that moment."""
    return [row for row in rows if row.recorded_at <= at and at in row.during]


@dataclass
class Witness:
    """What was so at a moment."""

    officers: dict[int, Any]
    groups: dict[int, Any]
    serves: dict[int, int]  # officer: group
    away: set[int]

    def is_there(self, officer: int | None, group: int) -> bool:
        known = self.officers.get(officer or 0)
        return (
            known is not None
            and known.is_active
            and known.role in SERVING
            and self.serves.get(officer or 0) == group
        )

    def can_act(self, officer: int | None, group: int) -> bool:
        return (
            self.groups[group].is_active
            and officer not in self.away
            and self.is_there(officer, group)
        )

    def answers(self, row: Assignment) -> int | None:
        leads = sorted(pk for pk, each in self.officers.items() if each.role == "group_lead")
        order = [row.liaison_id, row.deputy_id, *leads]
        return next((pk for pk in order if self.can_act(pk, row.group_id)), None)

    def state(self, row: Assignment | None) -> str:
        if row is None:
            return "unserved"
        if self.answers(row) is not None:
            return "served"
        liaison, group = self.officers[row.liaison_id], row.group_id
        reasons = {
            "group_out_of_service": not self.groups[group].is_active,
            "group_empty": not any(self.is_there(pk, group) for pk in self.officers),
            "liaison_inactive": not liaison.is_active,
            "liaison_role": liaison.role not in SERVING,
            "liaison_moved": self.serves.get(row.liaison_id) != group,
        }
        return next((reason for reason, holds in reasons.items() if holds), "on_leave")


def witness_at(at: datetime) -> Witness:
    """From every fact recorded by then."""
    return Witness(
        officers=_last(OfficerRevision.objects.all(), "officer_id", at),
        groups=_last(GroupRevision.objects.all(), "group_id", at),
        serves={row.officer_id: row.group_id for row in _covering(Membership.objects.all(), at)},
        away={row.officer_id for row in _covering(Leave.objects.all(), at)},
    )


def coverage_told(at: datetime, seen: Witness | None = None) -> dict[str, Any]:
    """The block of coverage, told by the witness of that moment."""
    seen = seen or witness_at(at)
    projects = _last(ProjectRevision.objects.select_related("project"), "project_id", at)
    rows = {row.project_id: row for row in Assignment.objects.all() if at in row.during}
    states = {pk: seen.state(rows.get(pk)) for pk in projects}
    counts = Counter(states.values())
    served, unserved = counts.pop("served", 0), counts.pop("unserved", 0)
    names = [
        {
            "code": projects[pk].project.code, "name": projects[pk].name, "reason": state,
            "group": seen.groups[rows[pk].group_id].name if pk in rows else None,
            "liaison": seen.officers[rows[pk].liaison_id].name if pk in rows else None,
        }
        for pk, state in states.items() if state != "served"
    ]  # fmt: skip
    return {
        "projects": len(projects), "served": served, "unserved": unserved,
        "broken": counts.total(),
        "reasons": {each: {"broken": number} for each, number in sorted(counts.items())},
        "not_served": sorted(names, key=lambda each: each["code"]),
    }  # fmt: skip

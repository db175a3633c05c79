"""Panels of groups: members, an officer's service and posts, and who served a project when."""

from typing import Any, Final

from django.db.models import Count, Q

from coordination.groups.models import (
    Assignment,
    DistrictPost,
    Leave,
    Membership,
    Responsibility,
    ServiceGroup,
)
from coordination.groups.queries import away
from coordination.staff.models import Officer, Role
from projects.record.clock import now
from projects.register.models import Project

SHOWN: Final = 20


def members(group: ServiceGroup, officer: Officer) -> dict[str, Any] | None:
    """Who serves in it, with the projects of each, and who did; None who may not see it."""
    if not officer.has_perm("groups.view_membership"):
        return None
    at = now()
    rows = Membership.objects.filter(group=group).select_related("officer").order_by("-during")
    present = list(rows.filter(during__contains=at))
    assigned = Assignment.objects.filter(group=group, during__contains=at)
    served = dict(assigned.values_list("liaison").annotate(number=Count("pk")))
    absent = set(away(at).values_list("officer_id", flat=True))
    return {
        "present": [
            (row, served.get(row.officer_id, 0), row.officer_id in absent)
            for row in sorted(present, key=lambda row: (row.officer.role, row.officer.name))
        ],
        "over": list(rows.exclude(during__contains=at)[:SHOWN]),
        "projects": sum(served.values()),
    }


def serving(of: Officer, officer: Officer) -> dict[str, Any] | None:
    """The groups in which he serves and served, his leaves, and the projects that he serves."""
    if not officer.has_perm("groups.view_assignment"):
        return None
    at = now()
    found = Assignment.objects.filter(during__contains=at).aggregate(
        own=Count("pk", filter=Q(liaison=of)), deputy=Count("pk", filter=Q(deputy=of))
    )
    memberships = Membership.objects.filter(officer=of).select_related("group")
    leaves = Leave.objects.filter(officer=of).order_by("-during")
    return {
        "memberships": list(memberships.order_by("-during")[:SHOWN]),
        "leaves": list(leaves[:SHOWN]),
        "is_away": leaves.filter(during__contains=at).exists(),
        **found,
    }


def served_by(project: Project, officer: Officer) -> dict[str, Any] | None:
    """Everybody who served the project, the latest first; None who may not see assignments."""
    if not officer.has_perm("groups.view_assignment"):
        return None
    rows = Assignment.objects.filter(project=project).order_by("-during")
    related = rows.select_related("group", "liaison", "deputy", "opened_by")
    return {"assignments": list(related[:SHOWN])}


def posts(of: Officer, officer: Officer) -> dict[str, Any] | None:
    """The districts for which he reports, or the projects that he answers for, and did."""
    if not officer.has_perm("groups.view_districtpost"):
        return None
    at = now()
    districts = DistrictPost.objects.filter(officer=of).select_related("district")
    own = Responsibility.objects.filter(officer=of, during__contains=at)
    is_reporter, is_leader = of.role == Role.DISTRICT_REPORTER, of.role == Role.LEADER
    found = list(districts.order_by("-during")[:SHOWN])
    if not (is_reporter or is_leader or found):
        return None
    projects = own.select_related("project").order_by("project__code")
    return {
        "is_reporter": is_reporter, "is_leader": is_leader, "districts": found,
        "number": own.count() if is_leader else 0,
        "projects": list(projects[:SHOWN]) if is_leader else [],
        "may_give": officer.has_perm("groups.add_districtpost"),
    }  # fmt: skip


def leaders(project: Project, officer: Officer) -> dict[str, Any] | None:
    """Who answers for the project as its leader in charge, and who did; None who may not see it."""
    if not officer.has_perm("groups.view_responsibility"):
        return None
    at = now()
    rows = Responsibility.objects.filter(project=project).select_related("officer")
    found = list(rows.order_by("-recorded_at", "-pk")[:SHOWN])
    return {
        "present": next((each for each in found if at in each.during), None),
        "over": [each for each in found if at not in each.during],
        "may_give": officer.has_perm("groups.add_responsibility"),
    }  # fmt: skip

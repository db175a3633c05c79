"""What the house knows of groups and assignments."""

from django.utils.translation import gettext_lazy as _

from coordination.groups.admin_panels import members, served_by, serving
from coordination.groups.assign import end_assignments
from coordination.groups.block_coverage import BLOCK, BLOCK_1
from coordination.groups.models import GroupRevision
from coordination.groups.queries_first_steps import FIRST_STEPS
from coordination.groups.revisions import wrong_groups
from coordination.groups.serve import JOINED_GROUP, LEFT_GROUP
from coordination.groups.widgets import WIDGETS
from projects.house.rooms import SERVICE, Audit, Page, Panel, Room, permissions, register
from projects.record.naming import through
from projects.register.leaving import ENDS_WITH

_READING = permissions("view", "servicegroup", "membership", "leave", "assignment")
_LEADING = _READING | permissions("add change", "leave", "assignment")
_CENTRE = _LEADING | permissions("add change", "membership")

ENDS_WITH.append(end_assignments)

ROOM = register(
    Room(
        label="groups",
        first_steps=FIRST_STEPS,
        names={"groups.grouprevision": through(GroupRevision, "group")},
        widgets=WIDGETS,
        blocks=(BLOCK_1, BLOCK),
        audits=(Audit(wrong_groups),),
        pages=(
            Page(
                SERVICE, 10, _("Assignments"), "admin:groups_assignment_changelist",
                "groups.view_assignment",
            ),
            Page(
                SERVICE, 20, _("Service groups"),
                "admin:groups_servicegroup_changelist", "groups.view_servicegroup",
            ),
            Page(
                SERVICE, 30, _("Memberships"),
                "admin:groups_membership_changelist", "groups.view_membership",
            ),
            Page(
                SERVICE, 40, _("Leaves"), "admin:groups_leave_changelist",
                "groups.view_leave",
            ),
        ),
        panels=(
            Panel("groups.servicegroup", 10, "members", "groups/members.html", members),
            Panel("staff.officer", 10, "serving", "groups/serving.html", serving),
            Panel("register.project", 20, "served", "groups/served_by.html", served_by),
        ),
        permissions={
            "liaison": _READING, "auditor": _READING, "group_lead": _LEADING,
            "duty_desk": _CENTRE,
            "director": _CENTRE | permissions("add change", "servicegroup"),
            "system_admin": permissions("view add change", "servicegroup"),
        },
        acts={JOINED_GROUP: _("Joined a group"), LEFT_GROUP: _("Left a group")},
    )
)  # fmt: skip

"""What the house knows of groups and assignments."""

from django.utils.translation import gettext_lazy as _

from coordination.groups.admin_panels import leaders, members, posts, served_by, serving
from coordination.groups.assign import end_assignments
from coordination.groups.block_coverage import BLOCK, BLOCK_1
from coordination.groups.models import GroupRevision
from coordination.groups.posts import (
    GIVEN_DISTRICT,
    GIVEN_PROJECTS,
    LOST_DISTRICT,
    LOST_PROJECTS,
)
from coordination.groups.queries_first_steps import FIRST_STEPS
from coordination.groups.queries_scopes import limit_by_role
from coordination.groups.queries_served import served_by_group, served_by_officer
from coordination.groups.queries_timeline import assigned, unassigned
from coordination.groups.revisions import wrong_groups
from coordination.groups.serve import JOINED_GROUP, LEFT_GROUP
from coordination.groups.widgets import WIDGETS
from projects.house.rooms import SERVICE, Audit, Page, Panel, Room, permissions, register
from projects.house.timeline import TimelineSource
from projects.record.naming import through
from projects.register.leaving import ENDS_WITH
from projects.register.queries_scopes import LIMITERS
from projects.register.queries_served import SERVED_BY

LIMITERS.append(limit_by_role)
SERVED_BY.update(group=served_by_group, officer=served_by_officer)

_READING = permissions(
    "view", "servicegroup", "membership", "leave", "assignment", "districtpost", "responsibility"
)
_LEADING = _READING | permissions("add change", "leave", "assignment")
_CENTRE = _LEADING | permissions("add change", "membership", "districtpost", "responsibility")

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
        timelines=(
            TimelineSource("register.project", "assigned", assigned),
            TimelineSource("register.project", "unassigned", unassigned),
        ),
        panels=(
            Panel("groups.servicegroup", 10, "members", "groups/members.html", members),
            Panel("staff.officer", 10, "serving", "groups/serving.html", serving),
            Panel("staff.officer", 15, "posts", "groups/posts.html", posts),
            Panel("register.project", 15, "leaders", "groups/leaders.html", leaders),
            Panel("register.project", 20, "served", "groups/served_by.html", served_by),
        ),
        permissions={
            "liaison": _READING, "auditor": _READING, "group_lead": _LEADING,
            "duty_desk": _CENTRE,
            "director": _CENTRE | permissions("add change", "servicegroup"),
            "system_admin": permissions("view add change", "servicegroup"),
        },
        acts={
            JOINED_GROUP: _("Joined a group"), LEFT_GROUP: _("Left a group"),
            GIVEN_DISTRICT: _("Given a district"), LOST_DISTRICT: _("No longer has a district"),
            GIVEN_PROJECTS: _("Given projects to answer for"),
            LOST_PROJECTS: _("No longer answers for projects"),
        },
    )
)  # fmt: skip

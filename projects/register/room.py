"""What the house knows of the register."""

from django.utils.translation import gettext_lazy as _

from projects.house.rooms import (
    ADMINISTRATION,
    PROJECTS,
    Audit,
    Page,
    Panel,
    Room,
    permissions,
    register,
)
from projects.house.timeline import TimelineSource
from projects.record.naming import through
from projects.register.admin_panels import participations, succession, timeline
from projects.register.block_register import BLOCK
from projects.register.models import (
    DistrictClass,
    EnterpriseRevision,
    NotDuplicate,
    ProjectExit,
    ProjectParticipant,
    ProjectReturn,
    ProjectRevision,
    Succession,
)
from projects.register.queries_first_steps import FIRST_STEPS
from projects.register.queries_timeline import left, returned, revised, took_in
from projects.register.revisions import wrong_enterprises, wrong_exits, wrong_projects
from projects.register.sheet_enterprises import ENTERPRISES as ENTERPRISE_SHEET
from projects.register.sheet_projects import PROJECTS as PROJECT_SHEET

_ALL = permissions(
    "view", "district", "batch", "enterprise", "priorfiling", "project", "projectparticipant",
    "projectrevision", "enterpriserevision", "districtclass", "projectexit", "projectreturn",
    "succession", "notduplicate",
)  # fmt: skip
# Of those who see their own projects alone: queries_scopes.py.
_OWN = permissions(
    "view", "enterprise", "enterpriserevision", "project", "projectparticipant", "projectrevision"
)
_KEPT = permissions(
    "add change", "batch", "enterprise", "project", "projectparticipant", "priorfiling"
) | permissions("add", "districtclass", "projectexit", "projectreturn", "notduplicate")

ROOM = register(
    Room(
        label="register",
        first_steps=FIRST_STEPS,
        names={
            "register.districtclass": through(DistrictClass, "district"),
            "register.enterpriserevision": through(EnterpriseRevision, "enterprise"),
            "register.projectrevision": through(ProjectRevision, "project"),
            "register.projectparticipant": through(ProjectParticipant, "project"),
            "register.notduplicate": through(NotDuplicate, "first"),
            "register.projectexit": through(ProjectExit, "project"),
            "register.projectreturn": through(ProjectReturn, "exit.project"),
            "register.succession": through(Succession, "exit.project"),
        },
        blocks=(BLOCK,),
        imports=(PROJECT_SHEET, ENTERPRISE_SHEET),
        audits=(Audit(wrong_enterprises), Audit(wrong_projects), Audit(wrong_exits)),
        error_codes={
            "left-register": _("The project has left the register; the text names its successor."),
        },
        pages=(
            Page(
                PROJECTS, 10, _("Projects"), "admin:register_project_changelist",
                "register.view_project",
            ),
            Page(
                PROJECTS, 20, _("Enterprises"),
                "admin:register_enterprise_changelist", "register.view_enterprise",
            ),
            Page(
                ADMINISTRATION, 40, _("Districts"), "admin:register_district_changelist",
                "register.view_district",
            ),
            Page(
                ADMINISTRATION, 50, _("Batches"), "admin:register_batch_changelist",
                "register.view_batch",
            ),
        ),
        timelines=tuple(
            TimelineSource("register.project", each.__name__, each)
            for each in (revised, left, returned, took_in)
        ),
        panels=(
            Panel("register.project", 90, "timeline", "register/timeline.html", timeline),
            Panel(
                "register.enterprise", 10, "participations", "register/participations.html",
                participations,
            ),
            Panel("register.project", 5, "succession", "register/succession.html", succession),
        ),
        permissions={
            "liaison": _ALL, "group_lead": _ALL, "auditor": _ALL, "leader": _OWN,
            "district_reporter": _OWN, "duty_desk": _ALL | _KEPT,
            "director": _ALL | _KEPT,
        },
    )
)  # fmt: skip

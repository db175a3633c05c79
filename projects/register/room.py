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
from projects.record.naming import through
from projects.register.admin_panels import participations
from projects.register.block_register import BLOCK
from projects.register.models import (
    DistrictClass,
    EnterpriseRevision,
    ProjectParticipant,
    ProjectRevision,
)
from projects.register.queries_first_steps import FIRST_STEPS
from projects.register.revisions import wrong_enterprises, wrong_projects

_ALL = permissions(
    "view", "district", "batch", "enterprise", "priorfiling", "project", "projectparticipant",
    "projectrevision", "enterpriserevision", "districtclass",
)  # fmt: skip
_KEPT = permissions(
    "add change", "batch", "enterprise", "project", "projectparticipant", "priorfiling"
) | permissions("add", "districtclass")

ROOM = register(
    Room(
        label="register",
        first_steps=FIRST_STEPS,
        names={
            "register.districtclass": through(DistrictClass, "district"),
            "register.enterpriserevision": through(EnterpriseRevision, "enterprise"),
            "register.projectrevision": through(ProjectRevision, "project"),
            "register.projectparticipant": through(ProjectParticipant, "project"),
        },
        blocks=(BLOCK,),
        audits=(Audit(wrong_enterprises), Audit(wrong_projects)),
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
                PROJECTS, 25, _("Participants"), "admin:register_projectparticipant_changelist",
                "register.view_projectparticipant",
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
        panels=(
            Panel(
                "register.enterprise", 10, "participations", "register/participations.html",
                participations,
            ),
        ),
        permissions={
            "liaison": _ALL, "group_lead": _ALL, "auditor": _ALL, "duty_desk": _ALL | _KEPT,
            "director": _ALL | _KEPT,
        },
    )
)  # fmt: skip

"""Declares the checks of the record to the house."""

from django.utils.translation import gettext_lazy as _

from coordination.audit.check import CHECKED, check_due
from coordination.audit.told import told_anchors
from projects.house.rooms import (
    ADMINISTRATION,
    Audit,
    Named,
    Page,
    Periodic,
    Room,
    permissions,
    register,
)

_RUNNING = permissions("view run", "recordcheck")

ROOM = register(
    Room(
        label="audit",
        audits=(Audit(told_anchors),),
        names={"audit.checkedpart": Named},
        topics=(CHECKED,),
        pages=(
            Page(
                ADMINISTRATION, 10, _("Checks of the record"),
                "admin:audit_recordcheck_changelist", "audit.view_recordcheck",
            ),
        ),
        permissions={"director": _RUNNING, "auditor": _RUNNING},
        timetable=(
            Periodic(  # due every night at three, and whenever somebody asked
                "check-record", "coordination.audit.tasks.check_record", 30.0, expires=25,
                queue="bulletins", duty=check_due, order=90,
            ),
        ),
    )
)  # fmt: skip

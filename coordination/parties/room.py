"""Declares parties to the house."""

from django.utils.translation import gettext_lazy as _

from coordination.parties.queries_first_steps import FIRST_STEPS
from projects.house.rooms import SERVICE, Page, Room, permissions, register

_READING = permissions("view", "department")
_CENTRE = _READING | permissions("add change", "department")

ROOM = register(
    Room(
        label="parties",
        first_steps=FIRST_STEPS,
        pages=(
            Page(
                SERVICE, 50, _("Departments"),
                "admin:parties_department_changelist", "parties.view_department",
            ),
        ),
        permissions={
            "liaison": _READING, "group_lead": _READING, "auditor": _READING,
            "duty_desk": _CENTRE, "director": _CENTRE, "system_admin": _CENTRE,
        },
    )
)  # fmt: skip

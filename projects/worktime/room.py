"""What the house knows of working time."""

from projects.house.rooms import Room, permissions, register
from projects.worktime.queries_first_steps import FIRST_STEPS

_READING = permissions("view", "calendaroverride", "calendaryear", "servicehours")
_ALL = _READING | permissions(
    "add change delete", "calendaroverride", "calendaryear", "servicehours"
)

ROOM = register(
    Room(
        label="worktime",
        first_steps=FIRST_STEPS,
        permissions={
            "liaison": _READING, "group_lead": _READING, "auditor": _READING, "duty_desk": _ALL,
            "director": _ALL, "system_admin": _ALL,
        },
    )
)  # fmt: skip

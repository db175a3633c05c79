"""What the house knows of imports."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from projects.house.rooms import PROJECTS, Page, Periodic, Room, permissions, register
from projects.imports.begin import DISCARDED, SENT
from projects.imports.carry import CARRIED_OUT
from projects.imports.undo import UNDONE

_OWN: Final = permissions("view add", "import")  # of those who report, and see their own alone
_READING: Final = permissions("view", "import", "heading") | {"view_others"}
_IMPORTING: Final = _READING | _OWN | permissions("add delete", "heading")

ROOM = register(
    Room(
        label="imports",
        pages=(
            Page(
                PROJECTS, 25, _("Imports"), "admin:imports_import_changelist",
                "imports.view_import",
            ),
        ),
        permissions={
            "duty_desk": _IMPORTING, "director": _IMPORTING, "auditor": _READING,
            "liaison": _OWN, "district_reporter": _OWN,
        },
        acts={
            SENT: _("A workbook was sent for import"),
            CARRIED_OUT: _("An import was carried out"),
            UNDONE: _("An import was undone"),
            DISCARDED: _("An import was discarded"),
        },
        timetable=(
            Periodic(  # imports are claimed from their table; requests send no message
                "imports", "projects.imports.tasks.work_on_imports", 5.0, expires=5
            ),
        ),
    )
)  # fmt: skip

"""Verbs with which an officer sends a workbook, has it read again, and discards it."""

import hashlib
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.files.checks.file_bytes import Sent, opened, refuse_virus
from projects.files.checks.refusal_messages import refused_file
from projects.files.limits import LARGEST_FILE, PART
from projects.files.names import clean_name
from projects.imports.models import OPEN, Import, ImportPart, State
from projects.imports.rights import require_act, require_import
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed

SENT: Final = "import_sent"
DISCARDED: Final = "import_discarded"


def begin_import(*, sheet: str, file: Sent | None, by: Any) -> Import:
    """Take a workbook for a sheet; a worker reads it within seconds.

    Raises Missing where there is no such sheet, NotAllowed, Invalid by ``file`` where there is
    none, or it is empty or too large. Whether it is a workbook is said once it is read.
    """
    require_import(sheet, by)
    content, name = _checked(file), clean_name((file and file.name) or "")
    with change() as at:
        row = Import.objects.create(
            sheet=sheet, file_name=name, sha256=hashlib.sha256(content).hexdigest(),
            size=len(content), by=by, recorded_at=at,
        )  # fmt: skip
        for number, start in enumerate(range(0, len(content), PART)):
            part = content[start : start + PART]
            ImportPart.objects.create(of_import=row, number=number, content=part)
        record_act(SENT, about=row, by=by)
        return row


def _checked(file: Sent | None) -> bytes:
    if file is None:
        raise refused_file("required")
    if not file.size:
        raise refused_file("empty")
    if file.size > LARGEST_FILE:
        raise refused_file("too-large")
    with opened(file) as raw:
        refuse_virus(raw)
        return bytes(raw)


def read_again(*, of: Import, chosen: str = "", by: Any) -> Import:
    """Have the workbook read and planned again, as things are now; if chosen, another sheet of it.

    What was answered is forgotten of another sheet, and after a reading that failed.
    Raises NotAllowed if he may not, or the import has ended or is at work; Invalid by ``chosen``
    where the workbook has no such sheet.
    """
    require_act(of, by)
    with change():
        row = locked(of, *OPEN)
        check = Checker()
        check.require(
            not chosen or chosen in row.sheets, "chosen", _("The workbook has no such sheet.")
        )
        check.finish()
        if row.state == State.FAILED:  # answers may be why
            row.answers, row.stated = {}, {}
        if chosen and chosen != row.chosen_sheet:
            row.chosen_sheet, row.answers, row.stated = chosen, {}, {}
        begin_reading(row)
        return row


def discard_import(*, of: Import, by: Any) -> Import:
    """End an import of which nothing was carried out. Raises NotAllowed as above."""
    require_act(of, by)
    with change() as at:
        row = locked(of, *OPEN)
        row.state, row.ended_at = State.DISCARDED, at
        row.save(update_fields=["state", "ended_at"])
        record_act(DISCARDED, about=row, by=by)
        return row


def locked(of: Import, *states: State) -> Import:
    """The import, locked. Raises NotAllowed unless it is in one of the states."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=of.pk)
    if row.state not in states:
        raise NotAllowed(
            _("This import is in another state now: %(state)s.")
            % {"state": row.get_state_display()}
        )
    return row


def begin_reading(row: Import) -> None:
    """Let a worker read a locked import."""
    row.state, row.problem, row.tries, row.claimed_at = State.READING, "", 0, None
    row.save(
        update_fields=[
            "state", "problem", "tries", "claimed_at", "answers", "chosen_sheet", "stated",
        ]
    )  # fmt: skip

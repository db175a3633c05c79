"""Undoing an import: as long as nothing else stands on what it did."""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.imports.begin import locked
from projects.imports.models import Import, ImportEffect, State
from projects.imports.rights import require_act, require_import
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed
from projects.record.text import one_line

UNDONE: Final = "import_undone"


def ask_undo(*, of: Import, reason: str, by: Any) -> Import:
    """Ask for an import to be undone; a worker does it within seconds.

    Raises NotAllowed if he may not, it is not carried out, or its content is erased; Invalid
    without a reason.
    """
    require_act(of, by)
    check = Checker()
    check.require(one_line(reason), "reason", _("Say why."), "required")
    check.finish()
    with change():
        row = locked(of, State.DONE)
        if row.erased_at is not None:
            raise NotAllowed(_("What it did is no longer kept; it cannot be undone."))
        row.state, row.problem, row.tries = State.UNDOING, "", 0
        row.claimed_at = None
        row.undone_by, row.undo_reason = by, reason
        row.save()
        return row


def undo_import(*, of: Import, by: Any) -> Import:
    """Undo what the import did, the last first, in one transaction.

    Raises NotAllowed where he may not, or something stands on what was done; then nothing was
    undone.
    """
    declared = require_import(of.sheet, by)
    with change(whole=True) as at:
        row = locked(of, State.UNDOING)
        _undo(row, declared, at, by)
        row.state, row.ended_at = State.UNDONE, at
        row.save()
        record_act(UNDONE, about=row, by=by)
        return row


def _undo(row: Import, declared: ImportSheet, at: datetime, by: Any) -> None:
    rows = ImportEffect.objects.filter(of_import=row).order_by("-position")
    declared.undo([each.effect for each in rows], at, by)

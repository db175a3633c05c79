"""Confirming an import, and carrying it out: all of it in one transaction, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet, Outcome, RowPlan
from projects.imports.begin import locked
from projects.imports.models import Import, ImportEffect, State
from projects.imports.progress import counted
from projects.imports.queries import registered_totals
from projects.imports.queries_plan import WRITTEN, hash_of, plan_rows, read_workbook_of
from projects.imports.rights import require_act, require_import
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.record.writing import write

CARRIED_OUT: Final = "import_carried_out"
LOOK_AGAIN: Final = _(
    "What is registered was changed since the preview was made. Look at the preview again."
)
_AT_ONCE: Final = 500


def confirm_import(
    *, of: Import, plan_hash: str, seen: bool = False, without_refused: bool = False, by: Any
) -> Import:
    """Confirm the plan that was shown; a worker carries it out within seconds.

    ``plan_hash`` is that of the page. Raises NotAllowed if he may not, another confirmed it
    already, or nothing would be written; Stale where the plan was made anew since; Invalid by
    ``seen`` where notices must be agreed to, by ``without_refused`` where rows are refused.
    """
    require_act(of, by)
    with change():
        row = locked(of, State.READY)
        if row.plan_hash != plan_hash:
            raise Stale(LOOK_AGAIN)
        if not any(row.counts.get(str(each)) for each in WRITTEN):
            raise NotAllowed(_("Nothing would be changed."))
        _require_agreement(row, seen=seen, without_refused=without_refused)
        row.state, row.problem, row.tries = State.CARRYING, "", 0
        row.claimed_at = None
        row.confirmed_by, row.without_refused = by, without_refused
        row.save()
        return row


def _require_agreement(row: Import, *, seen: bool, without_refused: bool) -> None:
    unseen = any(each["must_be_seen"] for each in row.notices) and not seen
    refused = bool(row.counts.get(str(Outcome.REFUSED))) and not without_refused
    check = Checker()
    check.require(
        not unseen, "seen", _("Say that you have seen what is not read, or read otherwise."),
        "required",
    )  # fmt: skip
    check.require(
        not refused, "without_refused",
        _("Rows are refused. Mend them and send the workbook again, or import without them."),
        "refused",
    )  # fmt: skip
    check.finish()


def carry_out_import(*, of: Import, by: Any) -> Import:
    """Do what was confirmed, in one transaction, and keep what is needed to undo it.

    Plans again while the import is locked. Raises Stale where the plan would no longer be the one
    that was shown, NotAllowed where he may not or it is not to be carried out; whatever the
    sheet's own verbs raise; then nothing was done.
    """
    declared = require_import(of.sheet, by)
    read = read_workbook_of(of, declared)  # slow: before the change begins, which others await
    with change(whole=True) as at:
        row = locked(of, State.CARRYING)
        plans = plan_rows(declared, read, at, by)
        if hash_of(plans) != row.plan_hash:
            raise Stale(LOOK_AGAIN)
        _carry_out(row, declared, plans, at, by)
        after = registered_totals(declared, by)
        for each in row.totals["sums"]:
            each["after"] = f"{after[each['column']]:f}"
        row.state, row.done_at, row.ended_at = State.DONE, at, at
        row.save()
        record_act(CARRIED_OUT, about=row, by=by)
        return row


def _carry_out(
    row: Import, declared: ImportSheet, plans: Sequence[RowPlan], at: datetime, by: Any
) -> None:
    chosen = [plan for plan in plans if plan.outcome in WRITTEN]
    effects = counted(declared.carry_out(chosen, at, by), number=row.pk, of=len(chosen))
    for some in batched(enumerate(effects), _AT_ONCE):
        write([
            ImportEffect(of_import=row, position=position, effect=effect)
            for position, effect in some
        ])  # fmt: skip

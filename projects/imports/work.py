"""What workers do with imports: whatever an officer asked for, and what dead workers left."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from projects.imports.carry import carry_out_import
from projects.imports.models import (
    AT_WORK,
    ENDED,
    OPEN,
    Import,
    ImportEffect,
    ImportPart,
    PlannedRow,
    State,
)
from projects.imports.read import read_import
from projects.imports.undo import undo_import
from projects.record.clock import now
from projects.record.refusals import Busy, Refusal, Stale

log = logging.getLogger(__name__)

MOST_TRIES: Final = 3
HELD: Final = timedelta(minutes=2)  # by the worker that claimed it; longer than a reading takes
KEPT: Final = timedelta(days=30)  # what an import holds, after its end; of one left open, too
# The state in which a try leaves the import that was refused.
_BACK_TO: Final = {
    State.READING: State.FAILED, State.CARRYING: State.READY, State.UNDOING: State.DONE,
}  # fmt: skip


def do_waiting() -> int:
    """Read, carry out or undo every import that waits for it; returns how many were worked on.

    Any number of workers may do this at once. Each piece of work is one transaction that holds
    the import's row: of a worker that dies nothing stays but the import's state, by which the
    next one does the work again.
    """
    done, tried = 0, set[int]()
    while (row := _claim(tried)) is not None:
        tried.add(row.pk)
        done += _work_on(row)
    return done


def _claim(tried: set[int]) -> Import | None:
    """The first import that no other worker holds, with one more try counted."""
    with transaction.atomic():
        rows = Import.objects.select_for_update(skip_locked=True, of=("self",))
        free = Q(claimed_at=None) | Q(claimed_at__lte=now() - HELD)
        row = rows.filter(free, state__in=AT_WORK).exclude(pk__in=tried).order_by("pk").first()
        if row is None:
            return None
        row.tries, row.claimed_at = row.tries + 1, now()
        row.save(update_fields=["tries", "claimed_at"])
    if row.tries <= MOST_TRIES:
        return row
    problem = _("It was given up after several tries; nothing was done.")
    _leave(row, _BACK_TO[State(row.state)], problem)
    tried.add(row.pk)
    return _claim(tried)


def _work_on(row: Import, asked_by: Any = None) -> bool:
    """Do what it waits for, whatever comes of it; False where it must wait for other workbooks."""
    verb, by = _verb_of(row)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            verb(of=row, by=asked_by or by)
        except Busy:
            _wait(row)
            return False
        except Refusal as refusal:
            if isinstance(refusal, Stale) and row.state == State.CARRYING:
                return _plan_again(row, str(refusal.message))
            _leave(row, _BACK_TO[State(row.state)], " ".join(refusal.reasons))
        except Exception:  # whatever it is, the officer must see that nothing was done
            log.exception("import %d failed", row.pk)
            problem = _("It failed by a fault of this system; nothing was done.")
            _leave(row, _BACK_TO[State(row.state)], problem)
    return True


def _verb_of(row: Import) -> tuple[Callable[..., object], Any]:
    """What is to be done, and by whom: he who asked for it."""
    if row.state == State.READING:
        return read_import, row.by
    if row.state == State.CARRYING:
        return carry_out_import, row.confirmed_by
    return undo_import, row.undone_by


def _leave(row: Import, state: State, problem: str) -> None:
    """Leave the import in a state in which an officer decides, unless somebody changed it."""
    Import.objects.filter(pk=row.pk, state=row.state).update(
        state=state, problem=problem, tries=0, claimed_at=None
    )


def _wait(row: Import) -> None:
    """Leave it to whoever comes next; that was no try."""
    rows = Import.objects.filter(pk=row.pk, state=row.state)
    rows.update(claimed_at=None)
    rows.filter(tries__gt=0).update(tries=F("tries") - 1)


def _plan_again(row: Import, problem: str) -> bool:
    """Make the preview anew, after what was confirmed was no longer what would be done."""
    rows = Import.objects.filter(pk=row.pk, state=row.state)
    if rows.update(state=State.READING, problem=problem, tries=1, claimed_at=now()):
        row.refresh_from_db()
        return _work_on(row, asked_by=row.confirmed_by)
    return True  # another did it


def erase_old() -> int:
    """Delete what imports hold that ended thirty days ago, or were left open for so long."""
    at = now()
    with transaction.atomic():
        over = Q(state__in=ENDED, ended_at__lte=at - KEPT)
        left = Q(state__in=OPEN, recorded_at__lte=at - KEPT)
        rows = Import.objects.select_for_update(skip_locked=True, of=("self",))
        found = list(rows.filter(over | left, erased_at=None))
        ids = [row.pk for row in found]
        for model in (ImportPart, PlannedRow, ImportEffect):
            model.objects.filter(of_import__in=ids).delete()
        for row in found:
            if row.state in OPEN:
                row.state, row.ended_at = State.DISCARDED, at
            row.erased_at = at
            row.save()
    return len(found)

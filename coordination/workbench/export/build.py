"""Build requested exports under a lease, in batches; delete files that have expired."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.workbench.export.rows import batches, headings
from coordination.workbench.models import ExportJob, ExportPart, ExportState
from coordination.workbench.queue.filters import parse_queue
from projects.files.sheet import Cell, Sheet
from projects.record.clock import now

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)  # a build without progress for so long is started again
KEPT: Final = timedelta(days=3)
MOST_TRIES: Final = 3
PART: Final = 512 * 1024


class _GoneError(Exception):
    """The export was cancelled, or taken over by another worker."""


def build_waiting() -> int:
    """Build every pending export, and those left by dead workers; returns how many are ready.

    Any number of workers may do this at once: each claims exports that no other holds.
    """
    ready = 0
    while (job := _claim()) is not None:
        ready += _build(job)
    return ready


def expire_old() -> int:
    """Delete expired files; the row stays as a record of who exported what."""
    with transaction.atomic():
        over = ExportJob.objects.filter(state=ExportState.DONE, expires_at__lte=now())
        ids = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True))
        ExportPart.objects.filter(job__in=ids).delete()
        return ExportJob.objects.filter(pk__in=ids).update(state=ExportState.EXPIRED)


def _claim() -> ExportJob | None:
    at = now()
    left = Q(state=ExportState.RUNNING, seen_alive_at__lt=at - LEASE)
    with transaction.atomic():
        rows = ExportJob.objects.select_for_update(skip_locked=True, of=("self",))
        job = rows.filter(Q(state=ExportState.WAITING) | left).order_by("pk").first()
        if job is None:
            return None
        job.tries += 1
        job.state, job.seen_alive_at, job.done = ExportState.RUNNING, at, 0
        if job.tries > MOST_TRIES:
            job.state, job.error, job.finished_at = ExportState.FAILED, "given-up", at
        job.save()
    return job if job.state == ExportState.RUNNING else _claim()


def _build(job: ExportJob) -> bool:
    try:
        with (
            TemporaryDirectory(prefix="export-") as place,
            translation.override(settings.LANGUAGE_CODE),
        ):
            path = Path(place) / "export.xlsx"
            _write(job, path)
            _store_file(job, path)
    except _GoneError:
        log.info("export %d was cancelled or taken over", job.pk)
        return False
    except Exception as error:  # whatever the error, the officer must see that it failed
        log.exception("export %d failed", job.pk)
        _claimed(job).update(
            state=ExportState.FAILED, error=type(error).__name__[:100], finished_at=now()
        )
        return False
    return True


def _write(job: ExportJob, path: Path) -> None:
    """Write the tickets that he may see now, not those at the time of the request."""
    officer = Officer.objects.get(pk=job.officer_id)
    found = parse_queue(QueryDict(job.query).dict(), officer).rows()
    if found is None or not officer.is_active or not officer.has_perm("tickets.view_ticket"):
        found = Ticket.objects.none()
    _report_progress(job, total=found.count())
    sheet = Sheet(path, title=_("Tickets"), headings=headings())
    oldest = "order=oldest" in job.query.split("&")
    try:
        for rows in batches(found.order_by("pk" if oldest else "-pk")):
            _add(job, sheet, rows)
    finally:
        sheet.close()


def _add(job: ExportJob, sheet: Sheet, rows: Iterable[list[Cell]]) -> None:
    number = 0
    for row in rows:
        sheet.write(row)
        number += 1
    job.done += number
    _report_progress(job, done=job.done)


def _claimed(job: ExportJob) -> QuerySet[ExportJob]:
    """The row, if this try still builds it."""
    return ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING, tries=job.tries)


def _report_progress(job: ExportJob, **progress: int) -> None:
    """Store the progress and renew the lease. Raises _GoneError if it is no longer ours."""
    if not _claimed(job).update(seen_alive_at=now(), **progress):
        raise _GoneError


def _store_file(job: ExportJob, path: Path) -> None:
    """Store the file in parts, and mark the row as ready, in one transaction."""
    with transaction.atomic(), path.open("rb") as file:
        at = now()
        if not _claimed(job).update(
            state=ExportState.DONE, size=path.stat().st_size, finished_at=at, expires_at=at + KEPT
        ):
            raise _GoneError
        number = 0
        while content := file.read(PART):
            ExportPart.objects.create(job=job, number=number, content=content)
            number += 1

"""Request or cancel an export; workers poll the table, no message is sent."""

from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import SCOPED, Officer
from coordination.workbench.export.queries import exports_of
from coordination.workbench.models import ExportJob, ExportState
from coordination.workbench.queue.filters import Queue
from projects.record.clock import now
from projects.record.finding import get_or_missing
from projects.record.refusals import NotAllowed

MOST_AT_ONCE: Final = 3
_UNDER_WAY: Final = (ExportState.WAITING, ExportState.RUNNING)


def request_export(*, queue: Queue, by: Officer) -> ExportJob:
    """Request an Excel file of the queue; its tickets are selected when it is built.

    Raises NotAllowed if his role sees no tickets, if three of his exports are under way already,
    or if the search text is too short.
    """
    if not by.has_perm("tickets.view_ticket") or by.role in SCOPED:
        raise NotAllowed(_("Your role does not allow this."))
    if queue.rows() is None:
        raise NotAllowed(_("Type two characters or more."))
    with transaction.atomic():
        with connection.cursor() as cursor:  # simultaneous requests are counted in turn
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('export'), %s)", [by.pk])
        if exports_of(by).filter(state__in=_UNDER_WAY).count() >= MOST_AT_ONCE:
            raise NotAllowed(_("Three of your exports are under way; wait for one or cancel it."))
        return ExportJob.objects.create(officer=by, query=queue.query, asked_at=now())


def cancel_export(*, job: int, by: Officer) -> ExportJob:
    """Cancel an export; a build under way stops at its next batch.

    Raises Missing if it is not his, NotAllowed if it has ended.
    """
    with transaction.atomic():
        row = get_or_missing(exports_of(by).select_for_update(), pk=job)
        if not row.is_under_way:
            raise NotAllowed(_("This export has ended already."))
        row.state, row.finished_at = ExportState.CANCELLED, now()
        row.save(update_fields=["state", "finished_at"])
        return row

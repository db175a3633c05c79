"""An officer's own exports, and their bytes."""

from collections.abc import Iterator

from django.db.models import QuerySet

from coordination.staff.models import Officer
from coordination.workbench.models import ExportJob, ExportPart, ExportState


def exports_of(officer: Officer) -> QuerySet[ExportJob]:
    """The exports that he requested himself."""
    return ExportJob.objects.filter(officer=officer)


def content_of(job: ExportJob) -> Iterator[bytes]:
    """The file, part by part, with only one part in memory."""
    for number in ExportPart.objects.filter(job=job).values_list("number", flat=True):
        yield bytes(ExportPart.objects.get(job=job, number=number).content)


def is_ready(job: ExportJob) -> bool:
    """Whether the file is available."""
    return job.state == ExportState.DONE

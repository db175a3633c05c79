"""The rows behind the figures, as they were recorded up to a moment."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from coordination.bulletins.models import Bulletin, Series
from coordination.bulletins.week import SHANGHAI
from coordination.groups.models import Assignment
from coordination.tickets.models import TicketEvent
from projects.progress.models import DailyReport
from projects.register.models import Phase, ProjectRevision


def newest_edition(cut_off: datetime) -> Bulletin | None:
    """What a bulletin's address answers."""
    return Bulletin.objects.filter(series=Series.WEEKLY, cut_off=cut_off).first()


def register_at(at: datetime) -> QuerySet[ProjectRevision]:
    """Each project's latest revision by then."""
    latest = (
        ProjectRevision.objects.filter(recorded_at__lte=at)
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    return ProjectRevision.objects.filter(pk__in=latest.values("pk")).order_by("project_id")


def planned_at(at: datetime) -> QuerySet[ProjectRevision]:
    """Those of them that were planned to have resumed or started by that day."""
    return (
        register_at(at)
        .filter(planned_resumption__lte=at.astimezone(SHANGHAI).date())
        .exclude(phase=Phase.PRELIMINARY)
    )


def served_at(at: datetime) -> QuerySet[ProjectRevision]:
    """Those of the register that an assignment covered at that moment."""
    covering = Assignment.objects.filter(project=OuterRef("project"), during__contains=at)
    return register_at(at).filter(Exists(covering))


def resumed_at(at: datetime) -> QuerySet[DailyReport]:
    """The reports that say that work goes on: the last one of each project's last day."""
    latest = (
        DailyReport.objects.filter(recorded_at__lte=at, day__lte=at.astimezone(SHANGHAI).date())
        .order_by("project_id", "-day", "-revision")
        .distinct("project_id")
    )
    return DailyReport.objects.filter(pk__in=latest.values("pk"), resumed=True)


def reported_on_day_of(at: datetime) -> QuerySet[DailyReport]:
    """What had been reported for that day by that moment."""
    return DailyReport.objects.filter(recorded_at__lte=at, day=at.astimezone(SHANGHAI).date())


def last_events_at(at: datetime) -> QuerySet[TicketEvent]:
    """Each ticket's last event by then: where it stood."""
    latest = (
        TicketEvent.objects.filter(recorded_at__lte=at)
        .order_by("ticket_id", "-seq")
        .distinct("ticket_id")
    )
    return TicketEvent.objects.filter(pk__in=latest.values("pk")).order_by()

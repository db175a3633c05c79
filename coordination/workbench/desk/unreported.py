"""The projects that owe a daily report, of those that an officer serves."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from coordination.groups.queries import projects_for
from coordination.staff.models import Officer
from projects.progress.models import DailyReport
from projects.register.models import Project
from projects.register.queries import planned_at
from projects.worktime.calendar import at_time


def last_due_day(at: datetime) -> date:
    """The last day whose report is due at that moment."""
    today = timezone.localdate(at)
    return today if at_time(today, settings.REPORT_DUE) <= at else today - timedelta(days=1)


def unreported_of(officer: Officer, at: datetime) -> QuerySet[Project]:
    """The projects planned to be at work that have no report of the last day that is due.

    A liaison sees those that he serves, a lead those of his group, a district reporter those of
    his districts, a leader those that he answers for, the centre all; others none.
    """
    day = last_due_day(at)
    expected = planned_at(at).filter(planned_resumption__lte=day).values("project")
    reported = DailyReport.objects.filter(day=day).values("project")
    rows = projects_for(officer, at).filter(pk__in=expected).exclude(pk__in=reported)
    return rows.order_by("code")

"""The projects that owe a daily report, of those that an officer serves."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from coordination.groups.models import Assignment
from coordination.groups.queries import group_of
from coordination.staff.models import SCOPED, Officer, Role
from projects.progress.models import DailyReport
from projects.register.models import Project
from projects.register.queries import planned_at
from projects.register.queries_scopes import seen_among
from projects.worktime.calendar import at_time

DUE: Final = time(17)  # by which the day's report is due
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})


def last_due_day(at: datetime) -> date:
    """The last day whose report is due at that moment."""
    today = timezone.localdate(at)
    return today if at_time(today, DUE) <= at else today - timedelta(days=1)


def unreported_of(officer: Officer, at: datetime) -> QuerySet[Project]:
    """The projects planned to be at work that have no report of the last day that is due.

    A liaison sees those that he serves, a lead those of his group, a district reporter those of
    his districts, a leader those that he answers for, the centre all; others none.
    """
    day = last_due_day(at)
    expected = planned_at(at).filter(planned_resumption__lte=day).values("project")
    reported = DailyReport.objects.filter(day=day).values("project")
    rows = Project.objects.filter(pk__in=expected).exclude(pk__in=reported)
    if officer.role in _CENTRE:
        return rows.order_by("code")
    if officer.role in SCOPED:
        return seen_among(rows, officer, at, by="pk").order_by("code")
    group = group_of(officer, at) if officer.role in {Role.LIAISON, Role.GROUP_LEAD} else None
    if group is None:
        return rows.none()
    served = Assignment.objects.filter(group=group, during__contains=at)
    if officer.role == Role.LIAISON:
        served = served.filter(liaison=officer)
    return rows.filter(pk__in=served.values("project")).order_by("code")

"""What a new report of a day is compared with, and what is asked about those that hold."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from projects.progress.models import (
    DailyReport,
    FlagSettlement,
    Outcome,
    Reporter,
    ReportFlag,
)
from projects.progress.queries import REPORTING, that_hold
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.models import Project, ProjectParticipant


def report_of(project: Project, day: date) -> DailyReport | None:
    """The newest revision of the project's report of that day."""
    rows = DailyReport.objects.filter(project=project, day=day)
    return rows.select_related("narrative").order_by("-revision").first()


def reports_before(project: Project, day: date, *, since: date) -> list[DailyReport]:
    """The reports that hold of the days from ``since`` to the day before, the newest first."""
    rows = DailyReport.objects.filter(project=project, day__gte=since, day__lt=day)
    return list(that_hold(rows).order_by("-day"))


def last_before(project: Project, day: date) -> DailyReport | None:
    """The project's last report of an earlier day, as it holds."""
    rows = DailyReport.objects.filter(project=project, day__lt=day)
    return rows.order_by("-day", "-revision").first()


def explained(project: Project, day: date) -> set[tuple[str, Decimal | None]]:
    """What was found right of that day already: each rule with the number that was reported."""
    rows = FlagSettlement.objects.filter(
        outcome=Outcome.EXPLAINED, flag__report__project=project, flag__report__day=day
    )
    return set(rows.values_list("flag__rule", "flag__after"))


def open_flags() -> QuerySet[ReportFlag]:
    """The doubts about reports that hold which nobody has settled."""
    later = DailyReport.objects.filter(
        project=OuterRef("report__project"), day=OuterRef("report__day"),
        revision__gt=OuterRef("report__revision"),
    )  # fmt: skip
    return ReportFlag.objects.filter(~Exists(later), settlement=None)


def active_reporters() -> QuerySet[Reporter]:
    """Those who were named and have not ended."""
    return Reporter.objects.filter(ended_at=None)


def reporters_on(day: date) -> QuerySet[Reporter]:
    """Those whose enterprise owns or builds the project that day, and the register has it."""
    part = ProjectParticipant.objects.filter(
        project=OuterRef("project"), enterprise=OuterRef("enterprise"), role__in=REPORTING,
        during__contains=day,
    )  # fmt: skip
    return active_reporters().filter(Exists(part), project__left_at=None)


def shown_name(row: Reporter) -> str:
    """A reporter's name, masked."""
    name = opened_or(row, "name", None)
    return str(UNREADABLE) if name is None else mask_name(name)


def shown_phone(row: Reporter) -> str:
    """His telephone, masked."""
    phone = opened_or(row, "mobile", None)
    return str(UNREADABLE) if phone is None else mask_phone(phone)


def halted_on(day: date, projects: Iterable[int]) -> set[int]:
    """The projects among these whose last report says that work rests until a later day.

    Each is looked up by its project, as in ``reports_as_known_at``.
    """
    known: QuerySet[Any] = DailyReport.objects.filter(project=OuterRef("pk"), day__lte=day)
    latest = Subquery(known.order_by("-day", "-revision").values("pk")[:1])
    newest = Project.objects.filter(pk__in=list(projects)).annotate(latest=latest).values("latest")
    resting = DailyReport.objects.filter(pk__in=newest, resumed=False, halted_until__gt=day)
    return set(resting.values_list("project_id", flat=True))

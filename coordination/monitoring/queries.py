"""Which projects owe the day's report, who is asked for it, and what was sent to whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from coordination.monitoring.models import Asking
from projects.progress.models import DailyReport, Reporter
from projects.progress.queries import REPORTING
from projects.progress.queries_reporting import (
    active_reporters,
    halted_on,
    shown_name,
    shown_phone,
)
from projects.register.models import ProjectParticipant
from projects.register.queries import planned_at
from projects.worktime.calendar import day_of


def owing(at: datetime) -> set[int]:
    """The projects planned to be at work whose report of that day is missing.

    Without those whose last report says that work rests until a later day.
    """
    day = day_of(at)
    reported = DailyReport.objects.filter(day=day).values("project")
    planned = planned_at(at).exclude(project__in=reported).values_list("project_id", flat=True)
    found = set(planned)
    return found - halted_on(day, found)


def reporters_to_ask(at: datetime, kind: str) -> QuerySet[Reporter]:
    """Those with an address whose project owes the report, and who were not sent this kind today.

    Their enterprise takes part in the project today, as its owner or a contractor.
    """
    day = day_of(at)
    sent = Asking.objects.filter(reporter=OuterRef("pk"), day=day, kind=kind)
    part = ProjectParticipant.objects.filter(
        project=OuterRef("project"), enterprise=OuterRef("enterprise"), role__in=REPORTING,
        during__contains=day,
    )  # fmt: skip
    rows = active_reporters().filter(~Exists(sent), Exists(part), project__in=owing(at))
    return rows.exclude(email="").select_related("project").order_by("pk")


@dataclass(frozen=True)
class Contact:
    """A reporter, and what he was sent for one day, in order."""

    reporter: Reporter
    sent: list[Asking] = field(default_factory=list)

    @property
    def name(self) -> str:
        """His name, masked."""
        return shown_name(self.reporter)

    @property
    def phone(self) -> str:
        """His telephone, masked."""
        return shown_phone(self.reporter)


def contacts_of(projects: Iterable[int], day: date) -> dict[int, list[Contact]]:
    """The reporters of each project, with what they were sent for that day; by two queries."""
    rows = active_reporters().filter(project__in=list(projects))
    reporters = list(rows.select_related("enterprise").order_by("pk"))
    sent = defaultdict[int, list[Asking]](list)
    askings = Asking.objects.filter(day=day, reporter__in=reporters)
    for each in askings.select_related("delivery", "officer").order_by("recorded_at", "pk"):
        sent[each.reporter_id].append(each)
    found = defaultdict[int, list[Contact]](list)
    for reporter in reporters:
        found[reporter.project_id].append(Contact(reporter, sent[reporter.pk]))
    return dict(found)

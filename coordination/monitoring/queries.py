"""Which projects owe the day's report, who is asked for it, and what was sent to whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from coordination.delivery.models import Delivery
from coordination.monitoring.models import Asking
from projects.progress.models import DailyReport, Reporter
from projects.progress.queries_reporting import (
    active_reporters,
    halted_on,
    reporters_on,
    shown_name,
    shown_phone,
)
from projects.register.queries import planned_at
from projects.worktime.calendar import day_of


def owing(at: datetime, among: QuerySet[Reporter]) -> set[int]:
    """The projects of these reporters that are planned to be at work and owe that day's report.

    Without those whose last report says that work rests until a later day.
    """
    day = day_of(at)
    reported = DailyReport.objects.filter(day=day).values("project")
    planned = planned_at(at).filter(project__in=among.values("project"))
    found = set(planned.exclude(project__in=reported).values_list("project_id", flat=True))
    return found - halted_on(day, found)


def reporters_to_ask(at: datetime, kind: str, email: str = "") -> QuerySet[Reporter]:
    """Those with an address whose project owes the report, and who were not sent this kind today.

    With ``email`` those rows that are this person.
    """
    day = day_of(at)
    sent = Asking.objects.filter(reporter=OuterRef("pk"), day=day, kind=kind)
    rows = reporters_on(day).filter(~Exists(sent)).exclude(email="")
    if email:
        rows = rows.filter(email=email)
    rows = rows.filter(project__in=owing(at, rows))
    return rows.select_related("project").order_by("pk")


def has_reported(project_id: int, day: date) -> bool:
    """Whether the project's report of that day is there."""
    return DailyReport.objects.filter(project=project_id, day=day).exists()


def needed_of(letters: QuerySet[Delivery], day: date) -> list[tuple[int, str, str]]:
    """Of each link of that day in the letters which is still needed: letter, recipient, address.

    The project has not reported; the address is the reporter's present one.
    """
    reported = DailyReport.objects.filter(day=day).values("project")
    still = reporters_on(day).exclude(project__in=reported)
    sent = Asking.objects.filter(delivery__in=letters, day=day, reporter__in=still)
    return list(
        sent.values_list("delivery_id", "delivery__destination__outside", "reporter__email")
    )


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

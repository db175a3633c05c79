"""What blocks a project now: problems, overdue and waiting tickets, missing reports, no service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.groups.models import Assignment
from coordination.groups.queries_coverage import broken_reason
from coordination.staff.models import Officer
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import Status
from coordination.tickets.queries import tickets_for
from coordination.tickets.waiting import IS_OPEN
from coordination.workbench.desk.unreported import last_due_day
from projects.progress.models import DailyReport
from projects.register.models import Phase, Project
from projects.worktime.calendar import DAY


@dataclass(frozen=True)
class Blocker:
    """One thing in the way, in words; ``link`` is the page where something is done about it."""

    words: str
    link: str = ""


@dataclass(frozen=True)
class Known:
    """What the page has read of the project already.

    ``numbers`` are those of ``numbers_of``; ``may_assign`` whether the reader may do something
    about a project that nobody serves.
    """

    report: DailyReport | None
    assignment: Assignment | None
    numbers: dict[str, int]
    may_assign: bool


def numbers_of(project: Project, officer: Officer, at: datetime) -> dict[str, int]:
    """How many open tickets that the officer may see: in all, by light, waiting for an answer."""
    counts = {light.value: Count("pk", filter=lit(light, at)) for light in Light}
    asked = Count("pk", filter=Q(status=Status.NEED_INFO))
    rows = tickets_for(officer).filter(IS_OPEN, project=project).order_by()
    found: dict[str, int] = rows.aggregate(open=Count("pk"), asked=asked, **counts)
    return found


def light_in(numbers: dict[str, int]) -> str:
    """The worst light of the open tickets; empty where none has a clock."""
    worst = (Light.RED, Light.YELLOW, Light.GREEN)
    return next((each.value for each in worst if numbers[each.value]), "")


def blockers(project: Project, known: Known, at: datetime) -> list[Blocker]:
    """Everything in the way of a project of the register; nothing of one that has left."""
    if project.left_at is not None:
        return []
    return [
        *_not_at_work(project, known.report, at), *_problems(known.report),
        *_unreported(project, known.report, at), *_unserved(project, known, at),
        *_tickets(project, known.numbers),
    ]  # fmt: skip


def is_expected(project: Project, day: date) -> bool:
    """Whether it is planned to be at work on that day, and so reports it."""
    planned = project.planned_resumption
    return planned is not None and planned <= day and project.phase != Phase.PRELIMINARY


def _not_at_work(project: Project, report: DailyReport | None, at: datetime) -> Iterator[Blocker]:
    day = last_due_day(at)
    if is_expected(project, day) and (report is None or not report.resumed):
        yield Blocker(_("Planned to be at work from %(day)s, and not at work.")
                      % {"day": project.planned_resumption})  # fmt: skip


def _problems(report: DailyReport | None) -> Iterator[Blocker]:
    problems = getattr(getattr(report, "narrative", None), "problems", "")
    if report is not None and problems:
        link = reverse("admin:progress_dailyreport_change", args=[report.pk])
        words = _("Problems reported on %(day)s: %(problems)s")
        yield Blocker(words % {"day": report.day, "problems": problems}, link)


def _unreported(project: Project, report: DailyReport | None, at: datetime) -> Iterator[Blocker]:
    day, planned = last_due_day(at), project.planned_resumption
    if planned is None or not is_expected(project, day):
        return
    first = max(planned, report.day + DAY) if report is not None else planned
    missing = (day - first).days + 1
    if missing > 0:
        link = f"{reverse('admin:progress_dailyreport_add')}?{urlencode({'project': project.code})}"
        words = ngettext(
            "%(number)d day without a report, up to %(day)s.",
            "%(number)d days without a report, up to %(day)s.", missing,
        )  # fmt: skip
        yield Blocker(words % {"number": missing, "day": day}, link)


def _unserved(project: Project, known: Known, at: datetime) -> Iterator[Blocker]:
    if known.assignment is None:
        add = f"{reverse('admin:groups_assignment_add')}?{urlencode({'project': project.pk})}"
        yield Blocker(_("Nobody serves this project."), add if known.may_assign else "")
        return
    broken = broken_reason(project.pk, at)
    if broken:
        link = reverse("admin:groups_assignment_change", args=[known.assignment.pk])
        yield Blocker(_("Broken assignment: %(reason)s") % {"reason": broken}, link)


def _tickets(project: Project, numbers: dict[str, int]) -> Iterator[Blocker]:
    queue = reverse("admin:tickets_ticket_changelist")
    link = f"{queue}?{urlencode({'status': 'open', 'q': project.code})}"
    overdue, asked = numbers[Light.RED.value], numbers["asked"]
    if overdue:
        words = ngettext("%(number)d ticket overdue.", "%(number)d tickets overdue.", overdue)
        yield Blocker(words % {"number": overdue}, link)
    if asked:
        words = ngettext(
            "%(number)d ticket waits for the enterprise's answer.",
            "%(number)d tickets wait for the enterprise's answer.", asked,
        )  # fmt: skip
        yield Blocker(words % {"number": asked}, link)

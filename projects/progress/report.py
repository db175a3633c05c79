"""The verbs of the daily report (每日监测调度): a day, an amendment, or "nothing changed"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.progress.flag_rules import SOON, Known, doubts, first_of_month
from projects.progress.models import (
    DailyReport,
    Halt,
    Reporter,
    ReportFlag,
    ReportNarrative,
)
from projects.progress.queries import reporting_projects, resumed_since
from projects.progress.queries_reporting import (
    explained,
    last_before,
    report_of,
    reports_before,
)
from projects.record.clock import change
from projects.record.days import YEARS
from projects.record.refusals import Checker, FieldError, Invalid, Missing, NotAllowed, Stale
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.queries_scopes import projects_seen_by
from projects.register.registration import field_errors
from projects.worktime.calendar import at_time

LONGEST_TEXT: Final = 2000
LONGEST_HALT: Final = timedelta(days=366)  # a year; a longer one is entered wrongly
STANDS_FOR: Final = timedelta(days=7)  # after which "nothing changed" says too little

type Author = AbstractUser | ApiKey | Reporter


@dataclass(frozen=True)
class _Filing:
    """A report that is being made, with its texts and what it is judged by."""

    fact: DailyReport
    words: ReportNarrative
    at: datetime
    last: DailyReport | None  # of an earlier day


def report(
    *,
    project: Project,
    day: date,
    resumed: bool,
    workers_required: int | None = None,
    workers_on_site: int | None = None,
    month_investment: Decimal | None = None,
    progress: str = "",
    problems: str = "",
    halt: str | None = "",
    halt_words: str = "",
    halted_until: date | None = None,
    reason: str = "",
    revision: int | None = None,
    by: Author,
) -> DailyReport:
    """Report one day of one project; a second report of the day is an amendment.

    ``month_investment`` in 万元, of the month up to and with the day. Empty numbers mean "not
    stated". ``halt`` says why work stopped, and must where the last report said that it went on;
    ``halted_until`` is the day on which it goes on again. An amendment after the day's deadline
    needs a ``reason``. ``revision`` is that which the author read, 0 for none.

    By an officer who may add reports and see the project, an enterprise for a project that it owns
    or builds on that day, or a reporter of the project. What is doubtful is flagged. Raises
    NotAllowed, also if the project has left the register, Missing, Stale, and Invalid if the day
    is in the future or a value is impossible.
    """
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        _may_report(row, day, by, at)
        require_current(row)
        fact = DailyReport(
            project=row, day=day, resumed=resumed, workers_required=workers_required,
            workers_on_site=workers_on_site, month_investment=month_investment, halt=halt or "",
            halted_until=halted_until, recorded_at=at,
        )  # fmt: skip
        words = ReportNarrative(
            progress=progress, problems=problems, halt_words=halt_words, reason=reason
        )
        return _file(_Filing(fact, words, at, last_before(row, day)), revision, by)


def report_unchanged(*, project: Project, day: date, by: Author) -> DailyReport:
    """Report a day by the figures of the last report: nothing has changed.

    State, people and why work stopped are taken over, texts are not. The investment of the month
    is taken over within its month; in a new one it is not stated, since it begins anew. By whom
    ``report`` is allowed. Raises NotAllowed where the day was reported, or the last report is
    missing, more than seven days old, or named a day that has come as that on which work goes on.
    """
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        _may_report(row, day, by, at)
        require_current(row)
        last = last_before(row, day)
        _may_repeat(last, row, day)
        assert last is not None  # noqa: S101 - or it was refused
        same_month = first_of_month(last.day) == first_of_month(day)
        fact = DailyReport(
            project=row, day=day, resumed=last.resumed, workers_required=last.workers_required,
            workers_on_site=last.workers_on_site, halt=last.halt, halted_until=last.halted_until,
            month_investment=last.month_investment if same_month else None,
            is_unchanged=True, recorded_at=at,
        )  # fmt: skip
        return _file(_Filing(fact, ReportNarrative(), at, last), 0, by)


def errors_in(
    fact: DailyReport, words: ReportNarrative, *, last: DailyReport | None, at: datetime
) -> list[FieldError]:
    """What would be wrong with a report that was filed at that moment; asks the database nothing.

    ``last`` is the project's last report of an earlier day.
    """
    try:
        _check(_Filing(fact, words, at, last))
    except Invalid as refused:
        return refused.errors
    return []


def why_not_unchanged(last: DailyReport | None, day: date) -> str:
    """Why the last report cannot be repeated for that day; empty where it can."""
    if last is None:
        return str(_("There is no earlier report: please enter the figures."))
    if day - last.day > STANDS_FOR:
        return str(_("The last report is more than seven days old: please enter the figures."))
    if last.halted_until is not None and last.halted_until <= day:
        return str(_("Work was to go on by now: please say how it stands."))
    return ""


def _may_repeat(last: DailyReport | None, project: Project, day: date) -> None:
    if DailyReport.objects.filter(project=project, day=day).exists():
        raise NotAllowed(_("This day is reported already: amend the report instead."))
    why = why_not_unchanged(last, day)
    if why:
        raise NotAllowed(why)


def _may_report(project: Project, day: date, by: Author, at: datetime) -> None:
    if isinstance(by, Reporter):
        _may_as_reporter(project, day, by)
    elif isinstance(by, ApiKey):
        if not reporting_projects(by.enterprise, on=day).filter(pk=project.pk).exists():
            raise Missing(_("Only its owner and its contractors report on a project."))
    elif not by.has_perm("progress.add_dailyreport"):
        raise NotAllowed(_("Your role does not allow this."))
    elif not projects_seen_by(by, at).filter(pk=project.pk).exists():
        raise Missing(_("You report for other projects, and not for this one."))


def _may_as_reporter(project: Project, day: date, by: Reporter) -> None:
    """Named for this project, not ended, and his enterprise reports on it that day."""
    row = Reporter.objects.filter(pk=by.pk, project=project, ended_at=None).first()
    own = reporting_projects(by.enterprise, on=day)
    if row is None or not own.filter(pk=project.pk).exists():
        raise NotAllowed(_("You are no longer asked to report on this project."))


def _file(filing: _Filing, revision: int | None, by: Author) -> DailyReport:
    """Judge and write the report, with its author, its texts and its flags."""
    fact = filing.fact
    newest = report_of(fact.project, fact.day)
    number = 0 if newest is None else newest.revision
    if revision is not None and revision != number:
        raise Stale(_("This day was reported meanwhile: look at that report first."))
    fact.revision = number + 1
    _sign(fact, by)
    _check(filing)
    fact.save(force_insert=True)
    words = filing.words
    if words.progress or words.problems or words.halt_words or words.reason:
        words.report = fact
        words.save(force_insert=True)
    _flag(filing)
    _follow(fact.project)
    return fact


def _sign(fact: DailyReport, by: Author) -> None:
    if isinstance(by, Reporter):
        fact.reporter = by
    elif isinstance(by, ApiKey):
        fact.api_key = by
    else:
        fact.officer_id = by.pk


def _check(filing: _Filing) -> None:
    fact, words = filing.fact, filing.words
    check = Checker(
        field_errors(fact, exclude=("project", "officer", "api_key", "reporter"))
        + field_errors(words, exclude=("report",))
    )
    for name, most, said in (
        ("progress", LONGEST_TEXT, _("At most 2,000 characters.")),
        ("problems", LONGEST_TEXT, _("At most 2,000 characters.")),
    ):  # a TextField's max_length is enforced by forms only
        check.require(len(getattr(words, name)) <= most, name, said, "max_length")
    check.require(fact.day <= timezone.localdate(filing.at), "day", _STILL_TO_COME, "date-order")
    check.require(fact.day.year in YEARS, "day", _("There is no such day."), "out-of-range")
    if not check.errors:
        _check_halt(filing, check)
        is_late = filing.at > at_time(fact.day, settings.REPORT_DUE)
        check.require(
            fact.revision == 1 or not is_late or words.reason, "reason",
            _("Say why the report is amended: the day's reports were due already."), "required",
        )  # fmt: skip
    check.finish()


_STILL_TO_COME: Final = _("This day is still to come.")


def _check_halt(filing: _Filing, check: Checker) -> None:
    fact, last = filing.fact, filing.last
    if fact.resumed:
        said = fact.halt or fact.halted_until or filing.words.halt_words
        check.require(not said, "halt", _("Work goes on, so nothing stopped it."), "choice")
        return
    has_stopped = last is not None and last.resumed
    check.require(
        fact.halt or fact.is_unchanged or not has_stopped, "halt",
        _("Say why work stopped: the last report said that it went on."), "required",
    )  # fmt: skip
    check.require(
        fact.halt != Halt.OTHER or fact.is_unchanged or filing.words.halt_words, "halt_words",
        _("Say what stopped work."), "required",
    )  # fmt: skip
    check.require(
        fact.halted_until is None or fact.halted_until > fact.day, "halted_until",
        _("This must be a later day."), "date-order",
    )  # fmt: skip
    check.require(
        fact.halted_until is None or fact.halted_until - fact.day <= LONGEST_HALT, "halted_until",
        _("Enter a day within a year."), "out-of-range",
    )  # fmt: skip


def _flag(filing: _Filing) -> None:
    """Record what is doubtful beside earlier reports, unless it was found right already."""
    fact = filing.fact
    since = min(first_of_month(fact.day), fact.day - SOON)
    before = reports_before(fact.project, fact.day, since=since)
    found = doubts(fact, Known(filing.last, before, fact.project.annual_investment))
    settled = explained(fact.project, fact.day)
    ReportFlag.objects.bulk_create(
        ReportFlag(
            report=fact, rule=each.rule, earlier=each.earlier, before=each.before,
            after=each.after, recorded_at=filing.at,
        )
        for each in found
        if (each.rule, each.after) not in settled
    )  # fmt: skip


def _follow(project: Project) -> None:
    """Update the project's ``resumed_on`` from its reports."""
    project.resumed_on = resumed_since(project)
    project.save(update_fields=["resumed_on"])

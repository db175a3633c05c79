"""The verb of the daily report (每日监测调度), for first reports and amendments."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.progress.models import DailyReport, ReportNarrative
from projects.progress.queries import reporting_projects, resumed_since
from projects.record.clock import change
from projects.record.days import YEARS
from projects.record.refusals import Checker, Missing, NotAllowed
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.registration import field_errors

LONGEST_TEXT: Final = 2000


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
    by: AbstractUser | ApiKey,
) -> DailyReport:
    """Report one day of one project; a second report of the day is an amendment.

    ``month_investment`` in 万元, of the month up to and with the day. Empty numbers mean "not
    stated". By an officer who may add reports, or an enterprise for a project that it owns or
    builds on that day. Raises NotAllowed, also if the project has left the register, Missing, and
    Invalid if the day is in the future or a
    value is impossible.
    """
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        _may_report(row, day, by)
        require_current(row)
        fact = DailyReport(
            project=row, day=day, resumed=resumed, workers_required=workers_required,
            workers_on_site=workers_on_site, month_investment=month_investment, recorded_at=at,
            revision=DailyReport.objects.filter(project=row, day=day).count() + 1,
        )  # fmt: skip
        if isinstance(by, ApiKey):
            fact.api_key = by
        else:
            fact.officer_id = by.pk
        words = ReportNarrative(progress=progress, problems=problems)
        _check(fact, words, timezone.localdate(at))
        fact.save(force_insert=True)
        if words.progress or words.problems:
            words.report = fact
            words.save(force_insert=True)
        _follow(row)
        return fact


def _may_report(project: Project, day: date, by: AbstractUser | ApiKey) -> None:
    if isinstance(by, ApiKey):
        if not reporting_projects(by.enterprise, on=day).filter(pk=project.pk).exists():
            raise Missing(_("Only its owner and its contractors report on a project."))
    elif not by.has_perm("progress.add_dailyreport"):
        raise NotAllowed(_("Your role does not allow this."))


def _check(fact: DailyReport, words: ReportNarrative, today: date) -> None:
    check = Checker(
        field_errors(fact, exclude=("officer", "api_key"))
        + field_errors(words, exclude=("report",))
    )
    for name in ("progress", "problems"):  # a TextField's max_length is enforced by forms only
        check.require(
            len(getattr(words, name)) <= LONGEST_TEXT, name, _("At most 2,000 characters."),
            "max_length",
        )  # fmt: skip
    check.require(fact.day <= today, "day", _("This day is still to come."), "date-order")
    check.require(fact.day.year in YEARS, "day", _("There is no such day."), "out-of-range")
    check.finish()


def _follow(project: Project) -> None:
    """Update the project's ``resumed_on`` from its reports."""
    project.resumed_on = resumed_since(project)
    project.save(update_fields=["resumed_on"])

"""The verbs of a project's statistical status (纳统、入库), and of the rule of the indicators."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.investment.choices import Entry
from projects.investment.models import IndicatorRule, StatisticalStatus
from projects.investment.queries import rule_at
from projects.investment.queries_issues import statuses_at
from projects.record.acts import CHANGED, record_act
from projects.record.clock import change
from projects.record.refusals import Checker
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.registration import LONGEST_REASON, field_errors, require_permission


def set_statistical_status(
    *, project: Project, status: str, since: date, document: str = "", by: AbstractUser
) -> StatisticalStatus:
    """Record whether the project is entered in the statistics office's base, and since when.

    The day is today at the latest. Entered needs the number of the document. Raises NotAllowed,
    Invalid by field.
    """
    require_permission(by, "investment.add_statisticalstatus")
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(row)
        fact = StatisticalStatus(
            project=row, status=status, since=since, document=document, recorded_at=at, by_id=by.pk
        )
        check = Checker(field_errors(fact, exclude={"by", "project"}))
        check.require(
            since <= timezone.localdate(at), "since", _("This day has not come yet."), "date-order"
        )
        check.require(
            document.strip() or status != Entry.ENTERED, "document",
            _("Give the number of the document."), "required",
        )  # fmt: skip
        before = statuses_at(at, [row.pk]).get(row.pk)
        check.require(
            before is None
            or (before.status, before.since, before.document)
            != (fact.status, fact.since, fact.document),
            "status", _("It is so already."), "unchanged",
        )  # fmt: skip
        check.finish()
        fact.save(force_insert=True)
        return fact


def set_rule(*, time_progress: str, lights: str, reason: str, by: AbstractUser) -> IndicatorRule:
    """Choose how time progress and lights are reckoned from now on.

    Issues that are built keep the rule of their cut-off. Raises NotAllowed, Invalid by field.
    """
    require_permission(by, "investment.add_indicatorrule")
    with change() as at:
        before = rule_at(at)
        fact = IndicatorRule(
            time_progress=time_progress, lights=lights, reason=reason, recorded_at=at, by_id=by.pk
        )
        check = Checker(field_errors(fact, exclude={"by"}))
        check.require(
            (time_progress, lights) != (before.time_progress, before.lights),
            "lights", _("It is so already."), "unchanged",
        )  # fmt: skip
        check.require(
            len(reason.strip()) <= LONGEST_REASON, "reason", _("At most 200 characters."),
            "max_length",
        )  # fmt: skip
        check.finish()
        fact.save(force_insert=True)
        pairs = {
            "time_progress": (before.time_progress, time_progress),
            "lights": (before.lights, lights),
        }
        record_act(CHANGED, about=fact, changes=pairs, by=by)
        return fact

"""Which plans were issued, acknowledged, or changed since, and by whom they are read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from projects.house.blocks import Text
from projects.investment.models import PlanAcknowledgement, PlanIssue, StatisticalStatus
from projects.investment.progress_of_time import Plan
from projects.record.canonical import canonical
from projects.register.models import Enterprise, ParticipantRole, Project, ProjectParticipant

_EXACT: Final = Decimal("0.0001")


def owned_projects(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects of which the enterprise is the owner on that day."""
    own = ProjectParticipant.objects.filter(
        enterprise=enterprise, role=ParticipantRole.OWNER, during__contains=on
    )
    return Project.objects.filter(pk__in=own.values("project"))


def digest_of(plan: Plan) -> str:
    """SHA-256 of the plan's canonical form: annual plan, quarters and months with 4 decimals."""
    spans = {
        "quarters": {str(key): each.quantize(_EXACT) for key, each in plan.quarters.items()},
        "months": {str(key): each.quantize(_EXACT) for key, each in plan.months.items()},
    }
    return sha256(canonical({"annual": plan.annual.quantize(_EXACT), **spans})).hexdigest()


def mark_of(plans: Iterable[tuple[int, str]]) -> str:
    """A mark of plans that wait to be issued, by project and digest: of what a page shows."""
    return sha256(canonical({str(project): digest for project, digest in plans})).hexdigest()


def issues_at(
    at: datetime, year: int, projects: Collection[int] | None = None
) -> dict[int, PlanIssue]:
    """Each project's last issue of the year's plan by that moment.

    Its acknowledgement is read with it, which may be later; :func:`issued_of` says how far it was.
    """
    known = PlanIssue.objects.filter(year=year, recorded_at__lte=at)
    if projects is not None:
        known = known.filter(project__in=projects)
    rows = known.order_by("project_id", "-pk").distinct("project_id")
    return {each.project_id: each for each in rows.select_related("acknowledgement", "by")}


NOT_ISSUED: Final = "not_issued"
CHANGED: Final = "changed"
ISSUED: Final = "issued"
ACKNOWLEDGED: Final = "acknowledged"
STAGES: Final[Mapping[str, Text]] = {
    NOT_ISSUED: pgettext_lazy("plan", "not issued"),
    CHANGED: pgettext_lazy("plan", "changed since it was issued"),
    ISSUED: pgettext_lazy("plan", "issued, not acknowledged"),
    ACKNOWLEDGED: pgettext_lazy("plan", "acknowledged"),
}


@dataclass(frozen=True)
class Issued:
    """How far the issue of a plan is; ``stage`` is one of ``STAGES``."""

    stage: str
    issue: PlanIssue | None
    acknowledgement: PlanAcknowledgement | None = None

    @property
    def words(self) -> Text:
        return STAGES[self.stage]


def issued_of(plan: Plan, issue: PlanIssue | None, at: datetime) -> Issued:
    """Compare the plan as it holds with its last issue, and whether that was acknowledged by then.

    Plan and issue are those of the same moment.
    """
    if issue is None:
        return Issued(NOT_ISSUED, None)
    acknowledged: PlanAcknowledgement | None = getattr(issue, "acknowledgement", None)
    if acknowledged is not None and acknowledged.recorded_at > at:
        acknowledged = None
    if issue.digest != digest_of(plan):
        return Issued(CHANGED, issue, acknowledged)
    return Issued(ACKNOWLEDGED if acknowledged else ISSUED, issue, acknowledged)


def statuses_at(
    at: datetime, projects: Collection[int] | None = None
) -> dict[int, StatisticalStatus]:
    """Each project's statistical status as recorded by that moment."""
    known = StatisticalStatus.objects.filter(recorded_at__lte=at)
    if projects is not None:
        known = known.filter(project__in=projects)
    rows = known.order_by("project_id", "-pk").distinct("project_id")
    return {each.project_id: each for each in rows}

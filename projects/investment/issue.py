"""The verbs by which plans are issued to the owners (下发), who acknowledge them (签收)."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.access.models import ApiKey
from projects.investment.models import PlanAcknowledgement, PlanIssue
from projects.investment.progress_of_time import Plan
from projects.investment.queries import plans_at
from projects.investment.queries_issues import digest_of, issues_at, mark_of, owned_projects
from projects.record.clock import change, now
from projects.record.refusals import Missing, NotAllowed, Stale
from projects.record.writing import write
from projects.register.current import require_current
from projects.register.models import Project
from projects.register.registration import require_permission


def issue_plans(
    *, projects: Sequence[Project], year: int, mark: str | None = None, by: AbstractUser
) -> list[PlanIssue]:
    """Issue the plans of these projects as they hold now; returns the new issues.

    One without a plan of any quarter, or whose plan is issued already as it is, is left out.
    Raises NotAllowed, also if a project has left the register, and Stale if ``mark`` is not
    :func:`mark_of` what would be issued.
    """
    require_permission(by, "investment.add_planissue")
    with change() as at:
        keys = [each.pk for each in projects]
        rows = list(
            Project.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        )
        for row in rows:
            require_current(row)
        plans, issues = plans_at(at, year, keys), issues_at(at, year, keys)
        made = list[PlanIssue]()
        for row in sorted(rows, key=lambda each: each.code):
            targets = plans[row.pk]
            digest = digest_of(Plan(row.annual_investment, targets.quarters, targets.months))
            before = issues.get(row.pk)
            if targets.quarters and (before is None or before.digest != digest):
                made.append(
                    PlanIssue(project=row, year=year, digest=digest, recorded_at=at, by_id=by.pk)
                )
        if mark is not None and mark != mark_of((each.project_id, each.digest) for each in made):
            raise Stale
        if made:
            write(made)
        return made


def issue_plan(*, project: Project, year: int, by: AbstractUser) -> PlanIssue:
    """Issue one project's plan. Raises NotAllowed if there is nothing new to issue."""
    with change():
        if not issue_plans(projects=[project], year=year, by=by):
            raise NotAllowed(_("There is no plan of a quarter, or it is issued already as it is."))
        return PlanIssue.objects.filter(project=project, year=year).latest("pk")


def acknowledge_plan(
    *, project: Project, year: int, by: AbstractUser | ApiKey
) -> PlanAcknowledgement:
    """Acknowledge the plan that was issued last: by the owner, or an officer on its behalf.

    Raises Missing for an enterprise that is not the owner today, NotAllowed if nothing is issued,
    it is acknowledged already, or the plan was changed since.
    """
    with change() as at:
        row = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(row)
        fact = PlanAcknowledgement(recorded_at=at)
        if isinstance(by, ApiKey):
            require_owner(row, by)
            fact.api_key = by
        else:
            require_permission(by, "investment.add_planacknowledgement")
            fact.officer_id = by.pk
        issue = issues_at(at, year, [row.pk]).get(row.pk)
        if issue is None:
            raise NotAllowed(_("No plan was issued."), reason="plan-not-issued")
        targets = plans_at(at, year, [row.pk])[row.pk]
        if issue.digest != digest_of(Plan(row.annual_investment, targets.quarters, targets.months)):
            raise NotAllowed(
                _("The plan was changed since it was issued; wait for the next issue."),
                reason="plan-changed",
            )
        if hasattr(issue, "acknowledgement"):
            raise NotAllowed(_("The plan is acknowledged already."), reason="plan-acknowledged")
        fact.issue = issue
        fact.save(force_insert=True)
        return fact


def require_owner(project: Project, by: ApiKey) -> None:
    """Raise Missing unless the key's enterprise owns the project today."""
    today = timezone.localdate(now())
    if not owned_projects(by.enterprise, on=today).filter(pk=project.pk).exists():
        raise Missing(_("Only its owner reads a project's plan."))

"""Plans, their issue, months' ends and status: who may, what is refused, and what stays."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, transaction

from projects.investment.issue import acknowledge_plan, issue_plan, issue_plans
from projects.investment.models import (
    IndicatorRule,
    MonthEnd,
    MonthEndNarrative,
    PlanAcknowledgement,
    PlanIssue,
    PlanRevision,
    StatisticalStatus,
)
from projects.investment.month_end import Stated, revise_month_ends
from projects.investment.plan import Wanted, plan_version, set_plans
from projects.investment.queries import Rule, actuals_at, plans_at, rule_at
from projects.investment.queries_issues import STAGES, digest_of, issued_of, issues_at, mark_of
from projects.investment.queries_panel import year_of
from projects.investment.status import set_rule, set_statistical_status
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing, NotAllowed, Refusal, Stale
from projects.register.exits import remove_project
from projects.register.models import Project
from projects.register.registration import revise_project
from tests.factories.coordination import Desk, project
from tests.projects.investment.scene import NOW, amounts, month, planned
from tests.projects.investment.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db
FACTS: Final = (
    PlanRevision, PlanIssue, PlanAcknowledgement, MonthEnd, MonthEndNarrative, StatisticalStatus,
    IndicatorRule,
)  # fmt: skip


def record() -> list[Any]:
    """All that a refusal must leave as it was."""
    return [list(model._default_manager.order_by("pk").values()) for model in FACTS]


def refused(act: Callable[[], object], kind: type[Refusal] = Invalid) -> list[Any]:
    """Where and why; nothing is written."""
    before = record()
    with pytest.raises(kind) as found, transaction.atomic():
        act()
    assert record() == before
    return [(".".join(map(str, error.path)), error.code) for error in found.value.errors]


def test_a_plan_is_set_and_revised_with_a_reason(at: Desk) -> None:
    site = at.project  # its plan of the year is 3
    done = planned(site, at, "0.6", "0.8", "0.8", "0.8", months=("0.2", "0.2", "0.2"))
    assert [row.revision for row in done.rows] == [1] * 7
    assert done.warnings == []
    known, version = now(), plan_version(site, 2020)
    with clock_at(NOW + timedelta(hours=1)):
        assert refused(lambda: planned(site, at, "0.7")) == [("reason", "required")]
        assert refused(lambda: planned(site, at, "0.6", reason="无")) == [("reason", "unchanged")]
        done = planned(site, at, "0.7", None, None, "0.7", reason="开工提前", version=version)
        assert [(row.number, row.revision, row.reason) for row in done.rows] == [
            (1, 2, "开工提前"), (4, 2, "开工提前"),
        ]  # fmt: skip
        assert [each.field for each in done.warnings] == ["month_3"]
        assert refused(lambda: planned(site, at, "1", reason="再改", version=version), Stale) == []
        assert plans_at(now(), 2020)[site.pk].quarters == amounts("0.7", "0.8", "0.8", "0.7")
        assert plans_at(known, 2020)[site.pk].quarters == amounts("0.6", "0.8", "0.8", "0.8")
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanRevision.objects.update(amount=0)


@pytest.mark.parametrize(
    ("quarters", "more", "expected"),
    [
        (("-1",), {}, [("quarter_1", "min_value")]),
        (("0.00001", "123456789"), {}, [
            ("quarter_1", "max_decimal_places"), ("quarter_2", "max_whole_digits"),
        ]),
        ((), {}, [("reason", "unchanged")]),
        (("1",), {"year": 1}, [("year", "out-of-range")]),
        (("1",), {"reason": "长" * 201}, [("reason", "max_length")]),
    ],
)  # fmt: skip
def test_what_cannot_be_planned(
    at: Desk, quarters: tuple[str, ...], more: dict[str, Any], expected: list[Any]
) -> None:
    assert refused(lambda: planned(at.project, at, *quarters, **more)) == expected


def test_plans_that_do_not_add_up_are_refused_by_setting(at: Desk, settings: LazySettings) -> None:
    def wrong() -> object:
        return planned(at.project, at, "1", "1", "1", "1", months=("0.1", "0.1", "0.1"))

    settings.PLAN_MISMATCH = "refuse"
    assert refused(wrong) == [("quarter_4", "mismatch"), ("month_3", "mismatch")]
    month(at.project, at, 2, "99999")  # an actual never is
    settings.PLAN_MISMATCH = "warn"
    wrong()
    assert PlanRevision.objects.count() == 7


def test_many_plans_are_set_together_or_not_at_all(at: Desk) -> None:
    sites = [at.project, *(project() for _ in range(24))]
    wanted = [Wanted(site, amounts("1", "1", "0.5", "0.5")) for site in sites]
    assert len(set_plans(plans=wanted, year=2020, by=at.director)) == 25
    wrong = [*wanted[:2], Wanted(sites[2], amounts("-1"))]
    assert refused(lambda: set_plans(plans=wrong, year=2020, reason="改", by=at.director)) == [
        ("2.quarter_1", "min_value")
    ]
    again = set_plans(plans=wanted, year=2020, by=at.director)
    assert [each.rows for each in again] == [[]] * 25
    assert PlanRevision.objects.count() == 100


def stage(site: Project) -> str:
    year = year_of(site, now())
    assert year is not None
    return year.issued.stage


def test_a_plan_is_issued_acknowledged_and_issued_again_when_it_changes(at: Desk) -> None:
    site = at.project
    assert stage(site) == "not_issued"
    assert refused(lambda: issue_plan(project=site, year=2020, by=at.director), NotAllowed) == []
    planned(site, at, "0.6", "0.8", "0.8", "0.8")

    def acknowledge(by: Any = at.key) -> PlanAcknowledgement:
        return acknowledge_plan(project=site, year=2020, by=by)

    assert refused(acknowledge, NotAllowed) == [("", "plan-not-issued")]
    issue = issue_plan(project=site, year=2020, by=at.duty_desk)
    assert (stage(site), issues_at(now(), 2020)) == ("issued", {site.pk: issue})
    assert issue_plans(projects=[site, project()], year=2020, by=at.director) == []
    fact = acknowledge()
    assert (stage(site), fact.issue, fact.api_key, fact.officer) == (
        "acknowledged", issue, at.key, None,
    )  # fmt: skip
    assert refused(acknowledge, NotAllowed) == [("", "plan-acknowledged")]
    revise_project(project=site, changes={"annual_investment": Decimal(4)}, by=at.director)
    site.refresh_from_db()
    assert stage(site) == "changed"
    assert refused(acknowledge, NotAllowed) == [("", "plan-changed")]
    issue_plan(project=site, year=2020, by=at.director)
    assert acknowledge(at.duty_desk).officer == at.duty_desk
    assert stage(site) == "acknowledged"
    assert set(STAGES) == {"not_issued", "changed", "issued", "acknowledged"}
    year = year_of(site, now())
    assert year is not None
    assert issued_of(year.standing.plan, None, now()).stage == "not_issued"


def test_an_acknowledgement_is_read_as_of_the_moment(at: Desk) -> None:
    site = at.project
    planned(site, at, "0.6", "0.8", "0.8", "0.8")
    issue_plan(project=site, year=2020, by=at.director)
    later = NOW + timedelta(hours=1)
    with clock_at(later):
        fact = acknowledge_plan(project=site, year=2020, by=at.key)
    years = [year_of(site, moment) for moment in (NOW, later)]
    assert [(each.issued.stage, each.issued.acknowledgement) for each in years if each] == [
        ("issued", None), ("acknowledged", fact),
    ]  # fmt: skip


def test_no_verb_is_for_a_project_that_left(at: Desk) -> None:
    site, other = at.project, project()
    planned(site, at, "0.6", "0.8", "0.8", "0.8")
    issue_plan(project=site, year=2020, by=at.director)
    remove_project(project=site, reason="调出", by=at.director)
    stated = [Stated(other, Decimal(1)), Stated(site, Decimal(1))]
    wanted = [Wanted(other, amounts("1")), Wanted(site, amounts("1"))]
    acts: list[Callable[[], object]] = [
        lambda: planned(site, at, "1", reason="调整"),
        lambda: set_plans(plans=wanted, year=2020, reason="调整", by=at.director),
        lambda: issue_plans(projects=[site], year=2020, by=at.director),
        lambda: acknowledge_plan(project=site, year=2020, by=at.director),
        lambda: month(site, at, 1, "1"),
        lambda: revise_month_ends(stated=stated, year=2020, month=1, by=at.director),
        lambda: set_statistical_status(
            project=site, status="submitted", since=date(2020, 3, 1), by=at.director
        ),
    ]
    assert [refused(act, NotAllowed) for act in acts] == [[("", "left-register")]] * len(acts)


def test_what_was_not_shown_is_not_issued(at: Desk) -> None:
    site = at.project
    planned(site, at, "0.6", "0.8", "0.8", "0.8")
    year = year_of(site, now())
    assert year is not None
    mark = mark_of([(site.pk, digest_of(year.standing.plan))])
    planned(site, at, "0.7", reason="调整")

    def issue(mark: str) -> object:
        return issue_plans(projects=[site], year=2020, mark=mark, by=at.director)

    assert refused(lambda: issue(mark), Stale) == []
    assert refused(lambda: issue(""), Stale) == []


def test_a_month_is_what_was_stated_after_it_or_else_its_last_report(at: Desk) -> None:
    site = at.project

    def said(day: date, amount: str | None, **more: Any) -> None:
        value = None if amount is None else Decimal(amount)
        report(
            project=site, day=day, resumed=True, month_investment=value, reason="更正",
            by=at.liaison, **more,
        )  # fmt: skip

    def actuals(moment: datetime) -> Any:
        return actuals_at(moment, 2020, [site.pk])[site.pk]

    with clock_at(NOW - timedelta(days=8)):  # 1 March
        said(date(2020, 2, 20), "200")
        said(date(2020, 2, 28), "300")
        said(date(2020, 2, 29), None)  # the day does not state it
        said(date(2020, 2, 28), "290")  # amended
        said(date(2020, 1, 31), "50")
    assert actuals(NOW) == {1: Decimal(50), 2: Decimal(290)}
    with clock_at(NOW + timedelta(hours=1)):
        said(date(2020, 2, 28), None)  # taken back: the day before holds
    assert actuals(NOW + timedelta(hours=1)) == {1: Decimal(50), 2: Decimal(200)}
    with clock_at(NOW + timedelta(hours=2)):
        fact = month(site, at, 2, "350.25", paid=Decimal(100), evidence="主体封顶", by=at.key)
        assert (fact.revision, fact.api_key, fact.narrative.evidence) == (1, at.key, "主体封顶")
        assert refused(lambda: month(site, at, 2, "360")) == [("reason", "required")]
    with clock_at(NOW + timedelta(hours=3)):
        fact = month(site, at, 2, "340", reason="审计核减", by=at.liaison)
        assert (fact.revision, fact.officer) == (2, at.liaison)
        said(date(2020, 2, 29), "999")  # a late report does not change a stated month
        found = year_of(site, now())
    assert actuals(NOW + timedelta(hours=2))[2] == Decimal("350.25")
    assert actuals(NOW + timedelta(hours=3))[2] == Decimal(340)
    assert actuals(NOW) == {1: Decimal(50), 2: Decimal(290)}  # as it was known
    assert found is not None
    february = found.quarters[0].months[1]
    assert (february.reported, february.difference) == (Decimal(999), Decimal(-659))
    assert [flag.code for flag in found.flags] == ["falls"]


@pytest.mark.parametrize(
    ("number", "amount", "more", "expected"),
    [
        (3, "1", {}, [("month", "date-order")]),
        (13, "1", {}, [("month", "out-of-range")]),
        (2, "-1", {}, [("amount", "min_value")]),
        (2, "1.001", {}, [("amount", "max_decimal_places")]),
        (2, "1", {"paid": Decimal(-1)}, [("paid", "min_value")]),
        (2, "1", {"evidence": "长" * 2001}, [("evidence", "max_length")]),
        (2, "1", {"reason": "长" * 201}, [("reason", "max_length")]),
    ],
)  # fmt: skip
def test_what_cannot_be_stated(
    at: Desk, number: int, amount: str, more: dict[str, Any], expected: list[Any]
) -> None:
    assert refused(lambda: month(at.project, at, number, amount, **more)) == expected


def test_months_of_many_are_stated_together(at: Desk) -> None:
    sites = [at.project, *(project() for _ in range(22))]
    stated = [Stated(site, Decimal(5), evidence="基础") for site in sites]
    revise_month_ends(stated=stated, year=2020, month=2, by=at.duty_desk)
    assert MonthEndNarrative.objects.filter(month_end__project__in=sites).count() == 23
    assert refused(
        lambda: revise_month_ends(
            stated=[stated[0], Stated(sites[1], Decimal(-5))], year=2020, month=1, by=at.duty_desk
        )
    ) == [("1.amount", "min_value")]


def test_statistical_status(at: Desk) -> None:
    def put(status: str, document: str = "", since: date = date(2020, 3, 1)) -> StatisticalStatus:
        return set_statistical_status(
            project=at.project, status=status, since=since, document=document, by=at.director
        )

    assert refused(lambda: put("entered")) == [("document", "required")]
    assert refused(lambda: put("gone")) == [("status", "invalid_choice")]
    assert refused(lambda: put("submitted", since=date(2020, 3, 10))) == [("since", "date-order")]
    put("submitted")
    assert refused(lambda: put("submitted")) == [("status", "unchanged")]
    put("entered", "洛统〔2020〕1号")
    year = year_of(at.project, now())
    assert year is not None
    assert year.status is not None
    assert (year.status.status, year.status.document) == ("entered", "洛统〔2020〕1号")


def test_the_rule_holds_from_its_moment(at: Desk) -> None:
    assert rule_at(NOW) == Rule("days", "ratio")
    again = {"time_progress": "days", "lights": "ratio", "reason": "改"}
    assert refused(lambda: set_rule(**again, by=at.director)) == [("lights", "unchanged")]
    with clock_at(NOW + timedelta(hours=1)):
        set_rule(time_progress="plan", lights="gap", reason="市政府要求", by=at.director)
    assert rule_at(NOW) == Rule("days", "ratio")
    assert rule_at(NOW + timedelta(hours=1)) == Rule("plan", "gap")


def test_who_may_not(at: Desk) -> None:
    site = at.project
    planned(site, at, "0.6", "0.8", "0.8", "0.8")
    issue_plan(project=site, year=2020, by=at.director)

    def plan(by: Any) -> object:
        return planned(site, at, "1", by=by)

    def issue(by: Any) -> object:
        return issue_plans(projects=[], year=2020, by=by)

    def acknowledge(by: Any) -> object:
        return acknowledge_plan(project=site, year=2020, by=by)

    def rule(by: Any) -> object:
        return set_rule(time_progress="plan", lights="gap", reason="改", by=by)

    def state(by: Any) -> object:
        return month(site, at, 1, "1", by=by)

    others = (at.liaison, at.lead, at.auditor)
    tried = [(act, who) for act in (plan, issue, acknowledge, rule) for who in others]
    tried += [(state, who) for who in others[1:]]
    for act, who in tried:
        assert refused(partial(act, who), NotAllowed) == []
    other = project()
    assert refused(lambda: month(other, at, 1, "1", by=at.key), Missing) == []
    assert refused(lambda: acknowledge_plan(project=other, year=2020, by=at.key), Missing) == []

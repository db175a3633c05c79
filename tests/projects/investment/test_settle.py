"""Figures out of the ordinary: settled by a person, and asked about anew once they change."""

from decimal import Decimal
from typing import Any

import pytest

from projects.investment.models import FlagSettlement
from projects.investment.queries_flags import Flag, flag_of
from projects.investment.settle import settle_flag
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.exits import remove_project
from projects.register.registration import revise_project
from tests.factories.coordination import Desk
from tests.projects.investment.scene import NOW, month, planned
from tests.projects.investment.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def settle(at: Desk, **given: Any) -> FlagSettlement:
    """A month above the year's plan, by the liaison, if nothing else is given."""
    values: dict[str, Any] = {
        "project": at.project, "flag": "over_plan", "month": 1, "outcome": "right",
        "note": "补报上年结转", "by": at.liaison,
    } | given  # fmt: skip
    return settle_flag(**values)


def asked(at: Desk, code: str = "over_plan", number: int = 1) -> Flag:
    found = flag_of(at.project, code, number, now())
    assert found is not None
    return found


def test_it_is_settled_until_its_figures_change(at: Desk) -> None:
    month(at.project, at, 1, "31000")  # the year's plan is 30,000
    assert asked(at).is_open
    made = settle(at, note=" 补报上年结转 ")
    assert (made.stated, made.beside, made.year, made.note) == (
        Decimal(31000), Decimal(30000), 2020, "补报上年结转",
    )  # fmt: skip
    assert asked(at).settlement == made
    month(at.project, at, 1, "31000", reason="附材料")  # the same figure, stated again
    assert asked(at).settlement == made
    month(at.project, at, 1, "32000", reason="更正")
    assert asked(at).is_open
    month(at.project, at, 1, "31000", reason="恢复")
    assert asked(at).settlement == made
    revise_project(
        project=at.project, changes={"annual_investment": Decimal("3.05")}, by=at.director
    )
    assert asked(at).is_open  # what it stands beside is another


def test_each_flag_is_settled_by_itself(at: Desk) -> None:
    planned(at.project, at, "1", months=("0.1", "0.1"))
    month(at.project, at, 1, "31000")
    month(at.project, at, 2, "40000")
    settle(at)
    flags = [("over_plan", 1), ("over_plan", 2), ("jump", 1), ("jump", 2)]
    assert [asked(at, *each).is_open for each in flags] == [False, True, True, True]
    month(at.project, at, 2, "70000", reason="更正")
    year = settle(at, flag="over_total", month=0)
    assert (year.stated, year.beside) == (Decimal("10.1"), Decimal(10))
    assert not asked(at, "over_total", 0).is_open


def test_what_was_to_be_corrected_may_be_found_right_and_nothing_else_twice(at: Desk) -> None:
    month(at.project, at, 1, "31000")
    settle(at, outcome="wrong", note="多报一位", by=at.lead)
    assert (asked(at).is_open, asked(at).is_wrong) == (False, True)
    settle(at, by=at.director)
    assert (asked(at).is_open, asked(at).is_wrong) == (False, False)
    with pytest.raises(NotAllowed):
        settle(at, outcome="wrong")
    assert [each.outcome for each in FlagSettlement.objects.order_by("pk")] == ["wrong", "right"]


def test_a_moment_before_knows_nothing_of_it(at: Desk) -> None:
    month(at.project, at, 1, "31000")
    with clock_at(NOW.replace(hour=13)):
        settle(at)
    before, after = (flag_of(at.project, "over_plan", 1, NOW.replace(hour=n)) for n in (12, 14))
    assert before is not None
    assert after is not None
    assert (before.is_open, after.is_open) == (True, False)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"note": ""}, "note", "blank"),
        ({"note": "张三 13800138000"}, "note", "personal-number"),
        ({"outcome": "forgiven"}, "outcome", "invalid_choice"),
        ({"note": "长" * 201}, "note", "max_length"),
    ],
)
def test_a_finding_is_said_in_words(
    at: Desk, values: dict[str, str], field: str, code: str
) -> None:
    month(at.project, at, 1, "31000")
    with pytest.raises(Invalid) as refused:
        settle(at, **values)
    assert [(error.path, error.code) for error in refused.value.errors] == [((field,), code)]
    assert (FlagSettlement.objects.count(), asked(at).is_open) == (0, True)


def test_who_may_not_and_what_is_not_there_is_refused(at: Desk) -> None:
    month(at.project, at, 1, "31000")
    for given in ({"by": at.auditor}, {"month": 2}, {"flag": "falls"}, {"flag": "none"}):
        with pytest.raises(NotAllowed):
            settle(at, **given)
    seen = asked(at).mark
    month(at.project, at, 1, "32000", reason="更正")
    with pytest.raises(Stale):
        settle(at, seen=seen)
    assert FlagSettlement.objects.count() == 0
    remove_project(project=at.project, reason="调出", by=at.director)
    with pytest.raises(NotAllowed):
        settle(at)
    assert FlagSettlement.objects.count() == 0

"""Doubtful figures: which are flagged, that they are recorded with the report, and settled once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from coordination.staff.models import Officer
from projects.progress.models import FlagSettlement, ReportFlag
from projects.progress.queries_reporting import open_flags
from projects.progress.report import report
from projects.progress.settle import settle_flag
from projects.record.refusals import Invalid, NotAllowed
from projects.register.models import Project
from tests.factories.coordination import desk, director, project

pytestmark = pytest.mark.django_db


def file(site: Project, day: int, by: Officer, **values: Any) -> Any:
    given: dict[str, Any] = {"resumed": True, "reason": "更正"} | values
    if not given["resumed"]:
        given.setdefault("halt", "weather")
    return report(project=site, day=date(2020, 3, day), by=by, **given)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([{"workers_on_site": 20}, {"workers_on_site": 200}], [("on_site", 20, 200)]),
        ([{"workers_on_site": 20}, {"workers_on_site": 199}], []),
        ([{"workers_on_site": 1}, {"workers_on_site": 19}], []),  # too few to ask about
        ([{"workers_on_site": 2}, {"workers_on_site": 20}], [("on_site", 2, 20)]),
        ([{"workers_on_site": 300}, {"workers_on_site": 30}], [("on_site", 300, 30)]),
        ([{"workers_on_site": 0}, {"workers_on_site": 300}], []),  # nobody was there
        ([{"workers_required": 30}, {"workers_required": 300}], [("required", 30, 300)]),
        ([{"workers_required": 30}, {"workers_required": None}], []),  # not stated
        ([{"resumed": False, "workers_on_site": 5}, {"workers_on_site": 300}], []),  # it resumed
        ([{}, {"resumed": False}, {}], [("back", None, None)]),
        ([{"resumed": False}, {}, {"resumed": False}], [("back", None, None)]),
        ([{"resumed": False}, {}, {}], []),
        ([{}, {"resumed": False}, None, None, {}], []),  # the stop is more than three days ago
        ([{"month_investment": "30"}, {"month_investment": "29.99"}],
         [("falling", 30, Decimal("29.99"))]),
        ([{"month_investment": "30"}, {}, {"month_investment": "29"}], [("falling", 30, 29)]),
        ([{"month_investment": "30"}, {"month_investment": "30"}], []),
        ([{"month_investment": "30000"}], []),  # 3亿元, the whole year's plan
        ([{"month_investment": "30000.01"}], [("above_plan", 30000, Decimal("30000.01"))]),
    ],
)  # fmt: skip
def test_what_is_doubtful(
    reports: list[dict[str, Any] | None], expected: list[tuple[Any, ...]]
) -> None:
    site, by = project(), director()
    for day, values in enumerate(reports, start=2):
        if values is not None:
            given = dict(values)
            if "month_investment" in given:
                given["month_investment"] = Decimal(given["month_investment"])
            made = file(site, day, by, **given)
    found = ReportFlag.objects.order_by("pk")
    assert [(each.rule, each.before, each.after) for each in found] == expected
    assert [each.report for each in found] == [made] * len(expected)


def test_a_new_month_begins_anew() -> None:
    site, by = project(), director()
    report(project=site, day=date(2020, 3, 31), resumed=True, month_investment=Decimal(90), by=by)
    report(project=site, day=date(2020, 4, 1), resumed=True, month_investment=Decimal(2), by=by)
    assert not ReportFlag.objects.exists()


def test_an_amendment_leaves_nothing_to_settle() -> None:
    site, by = project(), director()
    file(site, 2, by, workers_on_site=20)
    file(site, 3, by, workers_on_site=200)
    (flag,) = open_flags()
    file(site, 3, by, workers_on_site=21)
    assert not open_flags().exists()
    with pytest.raises(NotAllowed):
        settle_flag(flag=flag, outcome="explained", note="属实", by=by)
    assert not FlagSettlement.objects.exists()


def test_it_is_settled_once_and_not_asked_again_of_the_same_number() -> None:
    at = desk()
    file(at.project, 2, at.liaison, workers_on_site=20)
    file(at.project, 3, at.liaison, workers_on_site=200)
    (flag,) = open_flags()
    made = settle_flag(flag=flag, outcome="explained", note=" 新班组进场 ", by=at.liaison)
    assert (made.outcome, made.note, made.officer) == ("explained", "新班组进场", at.liaison)
    with pytest.raises(NotAllowed):
        settle_flag(flag=flag, outcome="corrected", note="再看", by=at.lead)
    file(at.project, 3, at.liaison, workers_on_site=200, progress="二层")
    assert not open_flags().exists()
    file(at.project, 3, at.liaison, workers_on_site=201)
    assert [each.after for each in open_flags()] == [201]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"note": ""}, "note", "blank"),
        ({"note": "张三 13800138000"}, "note", "personal-number"),
        ({"outcome": "forgiven"}, "outcome", "invalid_choice"),
        ({"note": "长" * 201}, "note", "max_length"),
    ],
)
def test_a_finding_is_said_in_words(values: dict[str, str], field: str, code: str) -> None:
    site, by = project(), director()
    file(site, 2, by, month_investment=Decimal(99999))
    (flag,) = open_flags()
    with pytest.raises(Invalid) as refused:
        settle_flag(flag=flag, by=by, **({"outcome": "explained", "note": "属实"} | values))
    assert [(error.path, error.code) for error in refused.value.errors] == [((field,), code)]
    assert list(open_flags()) == [flag]


def test_an_auditor_settles_nothing() -> None:
    at = desk()
    file(at.project, 2, at.liaison, month_investment=Decimal(99999))
    (flag,) = open_flags()
    with pytest.raises(NotAllowed):
        settle_flag(flag=flag, outcome="explained", note="属实", by=at.auditor)
    assert list(open_flags()) == [flag]

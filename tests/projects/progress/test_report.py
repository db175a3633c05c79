"""The daily report: revisions, who may, and the day of resumption that follows from it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.progress.models import DailyReport, ReportNarrative
from projects.progress.queries import reports_as_known_at
from projects.progress.report import report
from projects.record.clock import now
from projects.record.refusals import Invalid, Missing, NotAllowed
from projects.register.models import Project
from tests.factories.coordination import desk, director, project

pytestmark = pytest.mark.django_db


def march(number: int) -> date:
    return date(2020, 3, number)


def test_an_amendment_is_the_next_revision() -> None:
    at = desk()
    first = report(project=at.project, day=march(2), resumed=False, problems="缺水泥", by=at.key)
    known = now()
    second = report(
        project=at.project, day=march(2), resumed=True, workers_required=0,
        month_investment=Decimal("12.50"), by=at.liaison,
    )  # fmt: skip
    assert [(row.revision, row.api_key, row.officer) for row in (first, second)] == [
        (1, at.key, None), (2, None, at.liaison),
    ]  # fmt: skip
    assert (second.workers_required, second.workers_on_site) == (0, None)
    assert list(reports_as_known_at(known)) == [first]
    assert list(reports_as_known_at(now())) == [second]
    assert ReportNarrative.objects.get().report == first
    with pytest.raises(DatabaseError), transaction.atomic():
        DailyReport.objects.update(resumed=True)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([(2, True)], 2),
        ([(2, False)], None),
        ([(2, True), (3, True)], 2),
        ([(3, True), (2, True)], 2),  # reported late
        ([(2, True), (3, False)], None),
        ([(2, True), (3, False), (4, True)], 4),
        ([(2, True), (3, True), (2, False)], 3),  # amended: it had not resumed yet
        ([(2, True), (3, False), (3, True)], 2),  # amended: it had not stopped
        ([(2, True), (4, True), (3, False)], 4),  # reported late: it had stopped between
    ],
)
def test_resumed_on_follows_from_what_holds(
    days: list[tuple[int, bool]], expected: int | None
) -> None:
    site, by = project(), director()
    for number, resumed in days:
        report(project=site, day=march(number), resumed=resumed, by=by)
    found = Project.objects.get(pk=site.pk).resumed_on
    assert found == (march(expected) if expected else None)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"workers_on_site": -1}, "workers_on_site", "min_value"),
        ({"workers_required": "many"}, "workers_required", "invalid"),
        ({"month_investment": Decimal("-0.01")}, "month_investment", "min_value"),
        ({"month_investment": Decimal("1.001")}, "month_investment", "max_decimal_places"),
        ({"progress": "长" * 2001}, "progress", "max_length"),
    ],
)
def test_what_cannot_be_reported(values: dict[str, Any], field: str, code: str) -> None:
    site = project()
    with pytest.raises(Invalid) as refused:
        report(project=site, day=march(2), resumed=True, by=director(), **values)
    assert [(error.path, error.code) for error in refused.value.errors] == [((field,), code)]
    assert not DailyReport.objects.exists()
    assert Project.objects.get().resumed_on is None


def test_a_day_to_come_is_not_reported() -> None:
    today = timezone.localdate(now())
    site = project()
    with pytest.raises(Invalid) as refused:
        report(project=site, day=today + timedelta(days=1), resumed=True, by=director())
    assert [(error.path, error.code) for error in refused.value.errors] == [
        (("day",), "date-order")
    ]
    assert not DailyReport.objects.exists()


def test_who_may_not_report() -> None:
    at = desk()
    with pytest.raises(Missing):
        report(project=project(), day=march(2), resumed=True, by=at.key)  # someone else's
    with pytest.raises(Missing):
        report(project=at.project, day=date(2019, 12, 31), resumed=True, by=at.key)
    with pytest.raises(NotAllowed):
        report(project=at.project, day=march(2), resumed=True, by=at.auditor)
    assert not DailyReport.objects.exists()

"""The daily report: revisions, who may, and the day of resumption that follows from it."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.progress.models import DailyReport, ReportNarrative
from projects.progress.queries import reports_as_known_at
from projects.progress.report import report, report_unchanged
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing, NotAllowed, Stale
from projects.register.models import Project
from projects.worktime.calendar import at_time
from tests.bed.races import race
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
        month_investment=Decimal("12.50"), reason="漏报投资", by=at.liaison,
    )  # fmt: skip
    assert [(row.revision, row.api_key, row.officer) for row in (first, second)] == [
        (1, at.key, None), (2, None, at.liaison),
    ]  # fmt: skip
    assert (second.workers_required, second.workers_on_site) == (0, None)
    assert list(reports_as_known_at(known)) == [first]
    assert list(reports_as_known_at(now())) == [second]
    assert [row.report for row in ReportNarrative.objects.order_by("pk")] == [first, second]
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
        report(
            project=site, day=march(number), resumed=resumed, by=by, reason="更正",
            halt="" if resumed else "weather",
        )  # fmt: skip
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


def last_texts() -> dict[str, str]:
    row = ReportNarrative.objects.latest("pk")
    return {"halt_words": row.halt_words, "reason": row.reason}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"resumed": False}, "halt", "required"),
        ({"resumed": False, "halt": "other"}, "halt_words", "required"),
        ({"resumed": False, "halt": "war"}, "halt", "invalid_choice"),
        (
            {"resumed": False, "halt": "air", "halted_until": march(3)},
            "halted_until", "date-order",
        ),
        (
            {"resumed": False, "halt": "air", "halted_until": date(2021, 3, 5)},
            "halted_until", "out-of-range",
        ),
        ({"resumed": True, "halt": "air"}, "halt", "choice"),
        ({"resumed": True, "halt_words": "停电"}, "halt", "choice"),
    ],
)  # fmt: skip
def test_why_work_stopped_is_said(values: dict[str, Any], field: str, code: str) -> None:
    site = project()
    first = report(project=site, day=march(2), resumed=True, by=director())
    with pytest.raises(Invalid) as refused:
        report(project=site, day=march(3), by=director(), **values)
    assert [(error.path, error.code) for error in refused.value.errors] == [((field,), code)]
    assert list(DailyReport.objects.all()) == [first]


def test_a_halt_is_explained_once_and_a_project_that_never_began_is_not_asked() -> None:
    site, by = project(), director()
    report(project=site, day=march(2), resumed=False, by=by)
    report(project=site, day=march(3), resumed=True, by=by)
    halted = report(
        project=site, day=march(4), resumed=False, halt="other", halt_words=" 停电 ",
        halted_until=march(9), by=by,
    )  # fmt: skip
    assert last_texts() == {"halt_words": "停电", "reason": ""}
    same = report_unchanged(project=site, day=march(5), by=by)
    report(project=site, day=march(6), resumed=False, by=by)
    assert list(DailyReport.objects.filter(halt="other").order_by("day")) == [halted, same]
    assert (same.halted_until, ReportNarrative.objects.count()) == (march(9), 1)


def test_an_amendment_after_the_deadline_has_a_reason() -> None:
    site, by, day = project(), director(), march(10)
    with clock_at(at_time(day, time(16))):
        report(project=site, day=day, resumed=True, by=by)
        report(project=site, day=day, resumed=True, workers_on_site=5, by=by)
    with clock_at(at_time(day, time(17, 1))):
        with pytest.raises(Invalid) as refused:
            report(project=site, day=day, resumed=True, workers_on_site=6, by=by)
        assert [(error.path, error.code) for error in refused.value.errors] == [
            (("reason",), "required")
        ]
        report(project=site, day=day, resumed=True, workers_on_site=6, reason="点名有误", by=by)
    assert last_texts()["reason"] == "点名有误"
    assert list(
        DailyReport.objects.order_by("revision").values_list("revision", "workers_on_site")
    ) == [(1, None), (2, 5), (3, 6)]


def test_who_read_an_older_revision_is_told() -> None:
    site, by = project(), director()
    report(project=site, day=march(2), resumed=True, revision=0, by=by)
    with pytest.raises(Stale):
        report(project=site, day=march(2), resumed=False, reason="误报", revision=0, by=by)
    assert DailyReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_file_one_report() -> None:
    site, by = project(), director()
    report(project=site, day=march(2), resumed=True, by=by)

    def tap() -> DailyReport:
        return report_unchanged(project=site, day=march(3), by=by)

    outcomes = race(tap, tap)
    assert sorted(type(each.error or each.result).__name__ for each in outcomes) == [
        "DailyReport", "NotAllowed",
    ]  # fmt: skip
    assert DailyReport.objects.filter(day=march(3)).count() == 1


def test_nothing_changed_takes_over_state_and_people_and_the_months_figure_in_its_month() -> None:
    site, by = project(), director()
    report(
        project=site, day=march(30), resumed=True, workers_required=80, workers_on_site=60,
        month_investment=Decimal(120), problems="缺钢材", by=by,
    )  # fmt: skip
    same = report_unchanged(project=site, day=march(31), by=by)
    new_month = report_unchanged(project=site, day=date(2020, 4, 1), by=by)
    assert [
        (row.resumed, row.workers_required, row.workers_on_site, row.month_investment)
        for row in (same, new_month)
    ] == [(True, 80, 60, Decimal(120)), (True, 80, 60, None)]
    assert [same.is_unchanged, new_month.is_unchanged] == [True, True]
    assert ReportNarrative.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "day"),
    [
        (None, 9),  # nothing was ever reported
        ({"resumed": True}, 10),  # more than seven days ago
        ({"resumed": False, "halted_until": march(4)}, 4),  # it was to go on by then
        ({"resumed": True}, 2),  # the day is reported
    ],
)
def test_nothing_changed_says_too_little(before: dict[str, Any] | None, day: int) -> None:
    site, by = project(), director()
    if before is not None:
        report(project=site, day=march(2), by=by, **before)
    count = DailyReport.objects.count()
    with pytest.raises(NotAllowed):
        report_unchanged(project=site, day=march(day), by=by)
    assert DailyReport.objects.count() == count

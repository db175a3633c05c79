"""Reporters: who names them, on what they report, and what is left of them."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from projects.progress.models import DailyReport, Reporter
from projects.progress.report import report, report_unchanged
from projects.progress.reporters import (
    ERASED_AFTER,
    change_reporter,
    end_departed,
    end_reporter,
    erase_reporters,
    name_reporter,
)
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.models import Act
from projects.record.refusals import Invalid, Missing, NotAllowed
from projects.register.exits import remove_project
from projects.register.models import ProjectParticipant
from projects.register.registration import add_participant, end_participation
from tests.bed.races import race
from tests.factories.coordination import Desk, desk, enterprise, project

pytestmark = pytest.mark.django_db
PERSON: dict[str, Any] = {"name": " 王五 ", "mobile": "137 0013 7000", "email": "site@example.com"}


def named(at: Desk, **values: Any) -> Reporter:
    return name_reporter(project=at.project, by=at.key, **(PERSON | values))


def state() -> list[Any]:
    return [list(model.objects.order_by("pk").values("pk")) for model in (Reporter, Act)]


def test_the_participants_key_and_officers_name_reporters() -> None:
    at = desk()
    own = named(at)
    for number, by in enumerate((at.liaison, at.lead, at.duty_desk)):
        name_reporter(
            project=at.project, enterprise=at.enterprise, name="赵六",
            email=f"{number}@example.com", by=by,
        )  # fmt: skip
    rows = list(Reporter.objects.order_by("pk"))
    assert [(row.enterprise, row.named_by, row.named_by_key) for row in rows] == [
        (at.enterprise, None, at.key),
        *((at.enterprise, by, None) for by in (at.liaison, at.lead, at.duty_desk)),
    ]
    own.refresh_from_db()
    assert (own.name, own.mobile, own.email) == ("王五", "13700137000", "site@example.com")
    assert list(audit()) == []


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": " "}, "name", "blank"),
        ({"name": "长" * 41}, "name", "max_length"),
        ({"mobile": "123"}, "mobile", "phone"),
        ({"email": "nobody"}, "email", "invalid"),
        ({}, "email", "named"),  # it is there already
    ],
)
def test_what_is_no_reporter(values: dict[str, str], field: str, code: str) -> None:
    at = desk()
    named(at)
    before = state()
    with pytest.raises(Invalid) as refused:
        named(at, **({"email": "other@example.com"} | values if values else {}))
    assert [(error.path, error.code) for error in refused.value.errors] == [((field,), code)]
    assert state() == before


def test_who_names_none() -> None:
    at, other = desk(), desk()
    before = state()
    with pytest.raises(Missing):
        name_reporter(project=at.project, by=other.key, **PERSON)
    with pytest.raises(NotAllowed):
        name_reporter(project=at.project, enterprise=at.enterprise, by=at.auditor, **PERSON)
    with pytest.raises(Invalid):
        name_reporter(project=at.project, enterprise=other.enterprise, by=at.liaison, **PERSON)
    assert state() == before


def test_another_enterprise_neither_changes_nor_ends_him() -> None:
    at, other = desk(), desk()
    row = named(at)
    with pytest.raises(Missing):
        change_reporter(reporter=row, name="李四", by=other.key)
    with pytest.raises(Missing):
        end_reporter(reporter=row, by=other.key)
    row.refresh_from_db()
    assert (row.name, row.ended_at) == ("王五", None)


def test_a_reporter_reports_on_his_project_until_he_ends() -> None:
    at = desk()
    row = change_reporter(reporter=named(at), name="李四", mobile="", by=at.liaison)
    made = report(project=at.project, day=date(2020, 3, 2), resumed=True, by=row)
    same = report_unchanged(project=at.project, day=date(2020, 3, 3), by=row)
    assert [(each.reporter, each.officer, each.api_key) for each in (made, same)] == [
        (row, None, None), (row, None, None),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        report(project=project(), day=date(2020, 3, 3), resumed=True, by=row)
    end_reporter(reporter=row, by=at.key)
    with pytest.raises(NotAllowed):
        report(project=at.project, day=date(2020, 3, 4), resumed=True, by=row)
    with pytest.raises(NotAllowed):
        end_reporter(reporter=row, by=at.key)
    assert DailyReport.objects.count() == 2


def test_he_reports_only_while_his_enterprise_takes_part() -> None:
    at = desk()
    row = named(at)
    part = ProjectParticipant.objects.get(enterprise=at.enterprise)
    end_participation(participant=part, on=date(2020, 3, 3), by=at.director)
    with pytest.raises(NotAllowed):
        report(project=at.project, day=date(2020, 3, 3), resumed=True, by=row)
    assert not DailyReport.objects.exists()


def test_thirty_days_after_his_end_nothing_is_known_of_him() -> None:
    at = desk()
    gone, there = named(at), named(at, email="b@example.com")
    end_reporter(reporter=gone, by=at.key)
    assert erase_reporters(now() + ERASED_AFTER - timedelta(hours=1)) == 0
    later = now() + ERASED_AFTER + timedelta(hours=1)
    assert (erase_reporters(later), erase_reporters(later)) == (1, 0)
    gone.refresh_from_db()
    there.refresh_from_db()
    assert (gone.name, gone.mobile, gone.email) == ("", "", "")
    assert there.name == "王五"
    assert list(audit()) == []


def test_a_suppliers_people_are_not_named() -> None:
    at, supplier = desk(), enterprise()
    add_participant(
        project=at.project, enterprise=supplier, role="supplier", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    with pytest.raises(Invalid):
        name_reporter(project=at.project, enterprise=supplier, by=at.liaison, **PERSON)
    assert not Reporter.objects.exists()


def test_who_departs_with_his_enterprise_is_ended_the_night_after_the_next_day() -> None:
    at = desk()
    row, other = named(at), named(desk())
    part = ProjectParticipant.objects.get(enterprise=at.enterprise)
    today = timezone.localdate(now())
    end_participation(participant=part, on=today, by=at.director)
    assert end_departed() == 0  # yesterday's report may still be amended
    with clock_at(now() + timedelta(days=1)):
        assert (end_departed(), end_departed()) == (1, 0)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.ended_at is None, other.ended_at) == (False, None)
    assert list(audit()) == []


def test_of_a_project_that_has_left_nobody_is_named_or_corrected_and_all_are_ended() -> None:
    at = desk()
    row = named(at)
    remove_project(project=at.project, reason="重复录入", by=at.director)
    before = state()
    with pytest.raises(NotAllowed):
        named(at, email="b@example.com")
    with pytest.raises(NotAllowed):
        change_reporter(reporter=row, name="李四", by=at.liaison)
    assert state() == before
    assert end_departed() == 1


@pytest.mark.django_db(transaction=True)
def test_two_corrections_to_one_address_at_once() -> None:
    at = desk()
    rows = [named(at, email=f"{each}@example.com") for each in "ab"]

    def correct(row: Reporter) -> Reporter:
        return change_reporter(reporter=row, name="李四", email="c@example.com", by=at.liaison)

    outcomes = race(*[partial(correct, each) for each in rows])
    assert sorted(type(each.error or each.result).__name__ for each in outcomes) == [
        "Invalid", "Reporter",
    ]  # fmt: skip

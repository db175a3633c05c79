"""What came after an issue is shown beside it: a newer edition, and later issues' corrections."""

from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from coordination.bulletins.issues.later import corrections_of, newer_edition
from coordination.bulletins.issues.verbs import publish, review, supersede
from coordination.bulletins.models import Issue
from coordination.bulletins.week import SHANGHAI, WEEK
from coordination.staff.models import Role
from projects.progress.report import report
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import draft_in_test, in_force
from tests.factories.coordination import Desk, desk, officer, project

pytestmark = pytest.mark.django_db
FIRST: Final = datetime(2020, 3, 2, 17, tzinfo=SHANGHAI)
SECOND: Final = FIRST + WEEK
HOUR: Final = timedelta(hours=1)


@pytest.fixture
def at() -> Desk:
    with clock_at(FIRST - timedelta(days=9)):
        return desk()


def corrected(at: Desk) -> tuple[Issue, Issue]:
    """Two issues, and a report for the first one's day that came after it."""
    with clock_at(FIRST - timedelta(days=8)):
        site = project(planned_resumption=date(2020, 2, 24))
    with clock_at(FIRST + HOUR):
        first = in_force(draft_in_test(FIRST))
        report(project=site, day=FIRST.date(), resumed=True, by=at.director)
    with clock_at(SECOND + HOUR):
        return first, in_force(draft_in_test(SECOND))


def shown(issue: Issue) -> list[tuple[int, str, int, int]]:
    found = corrections_of(issue, is_staff=True)
    return [(each.by.pk, each.figure, each.before, each.after) for each in found]


def test_late_facts_are_shown_at_the_issue_that_they_correct(at: Desk, client: Client) -> None:
    first, second = corrected(at)
    assert shown(first) == [(second.pk, "resumed", 0, 1), (second.pk, "reported", 0, 1)]
    assert shown(second) == []
    client.force_login(at.liaison)
    page = client.get(reverse("admin:bulletins_issue_change", args=[first.pk]))
    assert [each.by for each in page.context["corrections"]] == [second, second]
    assert "后续各期对本期的更正" in page.content.decode()


def test_an_enterprise_reads_them_with_the_issue(at: Desk) -> None:
    corrected(at)
    read = client_with(at.token)
    answers: list[Any] = [
        read.get(f"/api/v1/bulletins/{day:%Y-%m-%d}/").json()["corrections"]
        for day in (FIRST, SECOND)
    ]
    assert [(each["by"], each["figure"], each["before"], each["after"]) for each in answers[0]] == [
        ("2020-03-09", "resumed", 0, 1), ("2020-03-09", "reported", 0, 1),
    ]  # fmt: skip
    assert answers[1] == []


def test_a_draft_corrects_nothing_yet(at: Desk) -> None:
    with clock_at(FIRST - timedelta(days=8)):
        site = project(planned_resumption=date(2020, 2, 24))
    with clock_at(FIRST + HOUR):
        first = in_force(draft_in_test(FIRST))
        report(project=site, day=FIRST.date(), resumed=True, by=at.director)
    with clock_at(SECOND + HOUR):
        draft_in_test(SECOND)
    assert shown(first) == []


def test_a_replaced_edition_says_which_replaces_it_and_why(at: Desk, client: Client) -> None:
    with clock_at(FIRST + HOUR):
        first = in_force(draft_in_test(FIRST))
        draft = supersede(issue=first, reason="在岗人数有误", by=at.director)
        assert newer_edition(first) is None
        second = publish(issue=review(issue=draft, by=officer(Role.DUTY_DESK)), by=at.director)
    assert newer_edition(first) == (second, "在岗人数有误")
    assert newer_edition(second) is None
    client.force_login(at.liaison)
    page = client.get(reverse("admin:bulletins_issue_change", args=[first.pk])).content.decode()
    assert "本版已由第2版更正。" in page
    assert "在岗人数有误" in page

"""The page behind the daily link: one tap, the form, what was recorded, and links that open not."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from coordination.monitoring.ask import ask_due, hand_over
from coordination.monitoring.models import DailyLink
from projects.progress.models import DailyReport, Reporter, ReportFlag, ReportNarrative
from projects.progress.report import report
from projects.progress.reporters import end_reporter
from projects.record.clock import clock_at
from tests.coordination.monitoring.scene import (
    everything,
    letters,
    march,
    on,
    paths_in,
    reporter,
    site,
    working_desk,
)
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
TAP = {"unchanged": "1"}
FORM = {"revision": "0", "resumed": "yes", "workers_on_site": "60", "month_investment": "120.5"}


@pytest.fixture
def at(db: None) -> Desk:
    return working_desk()


@pytest.fixture
def row(at: Desk) -> Reporter:
    made = reporter(at)
    with clock_at(on(9, 16)):
        report(
            project=at.project, day=march(9), resumed=True, workers_on_site=60,
            workers_required=80, by=at.liaison,
        )  # fmt: skip
    with clock_at(on(10)):
        ask_due()
    return made


@pytest.fixture
def path(row: Reporter) -> str:
    (letter,) = letters()
    (found,) = paths_in(letter)
    return found


def get(client: Client, path: str, hour: int = 16, day: int = 10, **asked: Any) -> Any:
    with clock_at(on(day, hour)):
        return client.get(path, asked)


def post(client: Client, path: str, given: dict[str, str], hour: int = 16, day: int = 10) -> Any:
    with clock_at(on(day, hour)):
        return client.post(path, given)


def test_the_page_has_yesterdays_figures_and_no_person(client: Client, at: Desk, path: str) -> None:
    before = everything()
    page = get(client, path)
    said = page.content.decode()
    assert page.status_code == 200
    assert [page.headers[name] for name in ("Cache-Control", "Referrer-Policy")] == [
        "no-store", "no-referrer",
    ]  # fmt: skip
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script" not in said
    assert str(at.project) in said
    assert {"60", "80"} <= set(re.findall(r"<dd>(\d+)</dd>", said))
    assert 'name="workers_on_site" value="60"' in said
    assert "王五" not in said
    assert client.cookies == {}
    assert everything() == before


def test_nothing_changed_is_one_tap(client: Client, path: str, row: Reporter) -> None:
    answer = post(client, path, TAP)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    made = DailyReport.objects.get(day=march(10))
    assert (made.reporter, made.is_unchanged, made.workers_on_site) == (row, True, 60)
    assert "16:00" in get(client, path).content.decode()
    again = post(client, path, TAP)  # a second device
    assert again.status_code == 200
    assert DailyReport.objects.filter(day=march(10)).count() == 1


def test_the_form_reports_and_amends_and_asks_about_what_is_doubtful(
    client: Client, path: str
) -> None:
    assert post(client, path, FORM | {"workers_on_site": "600"}).status_code == 303
    assert ReportFlag.objects.get().rule == "on_site"
    page = get(client, path).content.decode()
    assert re.search(r"60\D+600", page)
    amending = get(client, path, amend="1").content.decode()
    assert 'name="workers_on_site" value="600"' in amending
    assert 'name="revision" value="1"' in amending
    assert post(client, path, FORM | {"revision": "1"}).status_code == 303
    late = post(client, path, FORM | {"revision": "2", "workers_on_site": "61"}, 18)
    assert late.status_code == 200  # it needs a reason
    said = {"revision": "2", "workers_on_site": "61", "reason": "点名有误"}
    assert post(client, path, FORM | said, 18).status_code == 303
    rows = DailyReport.objects.filter(day=march(10)).order_by("revision")
    assert [each.workers_on_site for each in rows] == [600, 60, 61]
    assert ReportNarrative.objects.get().reason == "点名有误"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"resumed": ""},
        {"resumed": "no"},  # without why
        {"workers_on_site": "-1"},
        {"workers_on_site": "viele"},
        {"month_investment": "1.234"},
        {"revision": "3"},  # of a report that is not there
        {"revision": ""},
        {"progress": "长" * 2001},
    ],
)
def test_what_is_wrong_is_said_and_kept(client: Client, path: str, given: dict[str, str]) -> None:
    before = everything()
    answer = post(client, path, FORM | given if given else {})
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.content.decode()
    assert everything() == before


def test_a_link_is_for_its_project_and_its_day(client: Client, at: Desk, path: str) -> None:
    given = FORM | {"project": str(site(at).pk), "day": "2020-03-08"}
    with clock_at(on(10, 16)):
        client.post(path, given)
    made = DailyReport.objects.latest("pk")
    assert (made.project, made.day) == (at.project, march(10))


@pytest.mark.parametrize(("day", "hour", "status"), [(11, 11, 200), (11, 12, 410), (30, 9, 410)])
def test_it_opens_until_the_next_noon(
    client: Client, path: str, day: int, hour: int, status: int
) -> None:
    before = everything()
    assert get(client, path, hour, day).status_code == status
    if status != 200:
        answer = post(client, path, TAP, hour, day)
        assert answer.status_code == status
        assert "示例项目" not in answer.content.decode()
        assert everything() == before


def test_it_opens_nothing_once_the_reporter_has_ended(
    client: Client, at: Desk, row: Reporter, path: str
) -> None:
    end_reporter(reporter=row, by=at.key)
    before = everything()
    for answer in (get(client, path), post(client, path, TAP)):
        assert answer.status_code == 410
    assert everything() == before


def test_a_token_that_never_was_opens_nothing(client: Client, path: str) -> None:
    assert get(client, path.rstrip("/") + "A/").status_code == 404
    assert get(client, "/report/x/").status_code == 404


def test_of_the_token_its_hash_is_kept_and_itself_sealed(path: str) -> None:
    token = path.strip("/").rpartition("/")[2]
    link = DailyLink.objects.get()
    assert (len(token), link.token) == (43, token)
    assert token not in str(everything())


def test_a_new_month_is_begun_without_the_old_months_figure(client: Client, at: Desk) -> None:
    made = reporter(at)
    with clock_at(on(31, 16)):
        report(
            project=at.project,
            day=march(31),
            resumed=True,
            month_investment=Decimal(90),
            by=at.liaison,
        )
    first = march(31).replace(month=4, day=1)
    moment = on(31, 16).replace(month=4, day=1)
    with clock_at(moment):
        ask_due()
        (path,) = paths_in(letters()[-1])
        page = client.get(path).content.decode()
        assert 'name="month_investment" value' not in page
        client.post(path, {"unchanged": "1"})
    saved = DailyReport.objects.get(day=first)
    assert (saved.reporter, saved.month_investment) == (made, None)


@pytest.mark.parametrize("until", [10, 12])
def test_work_that_goes_on_again_is_reported_by_the_form_as_it_stands(
    client: Client, at: Desk, until: int
) -> None:
    made = reporter(at)
    with clock_at(on(9, 16)):
        report(
            project=at.project, day=march(9), resumed=False, halt="other", halt_words="停电",
            halted_until=march(until), by=at.liaison,
        )  # fmt: skip
    with clock_at(on(10)):
        address = hand_over(reporter=made, by=at.liaison)
    path = "/" + address.split("/", 3)[3]
    page = get(client, path).content.decode()
    assert ('name="halted_until" value="2020-03-12"' in page) is (until == 12)
    assert 'value="停电"' in page
    ready = {"halt": "other", "halt_words": "停电", "halted_until": f"2020-03-{until}"}
    assert post(client, path, FORM | ready).status_code == 303
    saved = DailyReport.objects.get(day=march(10))
    assert (saved.resumed, saved.halt, saved.halted_until) == (True, "", None)


def test_a_second_device_sees_what_was_reported_meanwhile_and_goes_on(
    client: Client, path: str
) -> None:
    post(client, path, FORM)
    before = everything()
    second = post(client, path, FORM | {"workers_on_site": "61"})  # it was opened before
    said = second.content.decode()
    assert second.status_code == 200
    assert 'class="wrong"' in said
    assert "<dd>60</dd>" in said
    assert 'name="revision"' not in said
    assert everything() == before
    (revision,) = re.findall(
        r'name="revision" value="(\d+)"', get(client, path, amend="1").content.decode()
    )
    changed = FORM | {"workers_on_site": "61", "revision": revision}
    assert post(client, path, changed).status_code == 303

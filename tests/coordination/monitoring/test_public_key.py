"""The page with an enterprise's key: who gets in, what it lists, and how a day is reported."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.access.keys import issue_key, revoke_key
from projects.access.models import ApiKey, KeyRefusal
from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.register.exits import remove_project
from tests.coordination.monitoring.scene import everything, march, on, site, working_desk
from tests.factories.coordination import Desk, enterprise, project

pytestmark = pytest.mark.django_db
PAGE = "/report/"
FORM = {
    "day": "2020-03-10", "revision": "0", "resumed": "yes", "workers_on_site": "60",
    "month_investment": "120.5",
}  # fmt: skip


@pytest.fixture
def at(db: None) -> Desk:
    made = working_desk()
    with clock_at(on(9, 16)):
        report(
            project=made.project, day=march(9), resumed=True, workers_on_site=60,
            workers_required=80, by=made.liaison,
        )  # fmt: skip
    return made


@pytest.fixture
def inside(client: Client, at: Desk) -> Client:
    assert client.post(PAGE, {"key": f" {at.token} "}).status_code == 303
    return client


def of(at: Desk) -> str:
    return f"/report/project/{at.project.code}/"


def get(client: Client, path: str = PAGE, hour: int = 16, day: int = 10, **asked: Any) -> Any:
    with clock_at(on(day, hour)):
        return client.get(path, asked)


def post(client: Client, path: str, given: dict[str, str], hour: int = 16, day: int = 10) -> Any:
    with clock_at(on(day, hour)):
        return client.post(path, given)


def tap(at: Desk, day: int = 10) -> dict[str, str]:
    return {"unchanged": at.project.code, "day": f"2020-03-{day}"}


def test_the_key_is_asked_for_and_not_kept(client: Client, at: Desk) -> None:
    page = client.get(PAGE)
    assert (page.status_code, page.content.decode().count('name="key"')) == (200, 1)
    assert at.project.name not in page.content.decode()
    answer = client.post(PAGE, {"key": at.token})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    cookie = answer.cookies["zhitongche_report"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", PAGE)
    _id, secret = at.token.split(".")
    assert secret not in cookie.value
    for shown in (page, get(client)):
        assert [shown[name] for name in ("Cache-Control", "Referrer-Policy")] == [
            "no-store", "same-origin",
        ]  # fmt: skip
        assert secret not in shown.content.decode()
    assert ApiKey.objects.get(pk=at.key.pk).last_used_at is not None


def test_a_wrong_key_is_said_beside_the_field_and_counted(client: Client, at: Desk) -> None:
    before = everything()
    for given in ("", "x", "密钥", f"{at.key.key_id}.wrong"):
        page = client.post(PAGE, {"key": given})
        assert (page.status_code, page.content.decode().count('id="key-wrong"')) == (200, 1)
        assert "zhitongche_report" not in page.cookies
    assert [(each.reason, each.times) for each in KeyRefusal.objects.all()] == [("secret", 1)]
    revoke_key(key=at.key, by=at.director)
    assert client.post(PAGE, {"key": at.token}).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("scopes", [["read"], ["act"], ["read_masked", "act"], ["file"]])
def test_a_key_that_may_not_read_and_act_is_refused(
    client: Client, at: Desk, scopes: list[str]
) -> None:
    _key, token = issue_key(enterprise=at.enterprise, name="x", scopes=scopes, by=at.director)
    page = client.post(PAGE, {"key": token})
    assert (page.status_code, page.content.decode().count('id="key-wrong"')) == (200, 1)
    assert client.get(PAGE).content.decode().count('name="key"') == 1
    assert KeyRefusal.objects.get().reason == "scope"


def test_a_key_that_asks_too_often_waits(client: Client, at: Desk) -> None:
    ApiKey.objects.filter(pk=at.key.pk).update(per_minute=1)
    assert client.post(PAGE, {"key": at.token}).status_code == 303
    page = client.get(PAGE)
    assert (page.status_code, int(page["Retry-After"]) > 0) == (429, True)
    assert at.project.name not in page.content.decode()


def test_addresses_with_wrong_keys_wait(client: Client, at: Desk, settings: Any) -> None:
    settings.RATE_PER_ADDRESS = 2
    found = [client.post(PAGE, {"key": "x"}).status_code for _ in range(3)]
    assert found == [200, 200, 429]


def test_a_forged_request_and_a_forged_cookie_open_nothing(at: Desk) -> None:
    before = everything()
    forged = Client(enforce_csrf_checks=True)
    assert forged.post(PAGE, {"key": at.token}).status_code == 403
    forged.cookies["zhitongche_report"] = at.key.key_id
    assert forged.get(PAGE).content.decode().count('name="key"') == 1
    assert forged.get(of(at)).status_code == 303
    assert everything() == before


def test_with_the_pages_own_token_it_is_no_forged_request(at: Desk) -> None:
    honest = Client(enforce_csrf_checks=True)

    def token(path: str) -> dict[str, str]:
        page = get(honest, path).content.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        return {"csrfmiddlewaretoken": found[1]}

    assert honest.post(PAGE, {"key": at.token, **token(PAGE)}).status_code == 303
    assert post(honest, of(at), FORM | token(of(at))).status_code == 303
    assert DailyReport.objects.filter(day=march(10)).count() == 1


def test_the_list_has_the_enterprises_projects_with_yesterdays_figures(
    inside: Client, at: Desk
) -> None:
    fresh, left, foreign = site(at), site(at), project()
    remove_project(project=left, reason="重复", by=at.director)
    before = everything()
    said = get(inside).content.decode()
    assert (at.project.name in said, fresh.name in said) == (True, True)
    assert (left.name in said, foreign.name in said) == (False, False)
    assert {"60", "80"} <= set(re.findall(r"<dd>(\d+)</dd>", said))
    taps = re.findall(r'name="unchanged" value="([^"]+)"', said)
    assert taps == [at.project.code]  # the other has no earlier report
    assert "<script" not in said
    assert everything() == before


def test_nothing_changed_is_one_tap_on_the_list(inside: Client, at: Desk) -> None:
    answer = post(inside, PAGE, tap(at))
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    made = DailyReport.objects.get(day=march(10))
    assert (made.api_key, made.is_unchanged, made.workers_on_site) == (at.key, True, 60)
    before = everything()
    again = post(inside, PAGE, tap(at))  # a second device
    assert (again.status_code, again.content.decode().count('role="alert"')) == (200, 1)
    stale = post(inside, PAGE, tap(at), day=11)  # opened before midnight
    assert (stale.status_code, stale.content.decode().count('role="alert"')) == (200, 1)
    assert everything() == before


def test_the_form_reports_and_amends(inside: Client, at: Desk) -> None:
    page = get(inside, of(at)).content.decode()
    assert 'name="workers_on_site" value="60"' in page
    assert post(inside, of(at), FORM).status_code == 303
    recorded = get(inside, of(at)).content.decode()
    assert f'href="{PAGE}"' in recorded
    assert 'name="revision"' not in recorded
    before = everything()
    wrong = post(inside, of(at), FORM | {"revision": "1", "workers_on_site": "-1"})
    assert (wrong.status_code, wrong.content.decode().count('class="wrong" id=')) == (200, 1)
    late = post(inside, of(at), FORM | {"revision": "1", "workers_on_site": "61"}, 18)
    assert (late.status_code, 'name="reason"' in late.content.decode()) == (200, True)
    stale = post(inside, of(at), FORM | {"revision": "1"}, 1, 11)
    assert stale.status_code == 200
    assert everything() == before
    said = {"revision": "1", "workers_on_site": "61", "reason": "点名有误"}
    assert post(inside, of(at), FORM | said, 18).status_code == 303
    rows = DailyReport.objects.filter(day=march(10)).order_by("revision")
    assert [(each.workers_on_site, each.api_key) for each in rows] == [(60, at.key), (61, at.key)]


def test_others_projects_are_not_there(inside: Client, at: Desk) -> None:
    _key, token = issue_key(enterprise=enterprise(), name="other", by=at.director)
    before = everything()
    for path in ("/report/project/NONE/", f"/report/project/{project().code}/"):
        for answer in (get(inside, path), post(inside, path, FORM)):
            assert answer.status_code == 404
    other = Client()
    assert other.post(PAGE, {"key": token}).status_code == 303
    for answer in (get(other, of(at)), post(other, of(at), FORM), post(other, PAGE, tap(at))):
        assert answer.status_code == 404
        assert at.project.name not in answer.content.decode()
    assert everything() == before


def test_it_opens_no_longer_once_it_is_left_or_the_key_revoked(client: Client, at: Desk) -> None:
    client.post(PAGE, {"key": at.token})
    kept = client.cookies["zhitongche_report"].value
    assert client.post(PAGE, {"leave": "1"}).status_code == 303
    assert client.get(of(at)).status_code == 303
    client.cookies["zhitongche_report"] = kept
    assert client.get(of(at)).status_code == 200
    revoke_key(key=at.key, by=at.director)
    before = everything()
    assert post(client, PAGE, tap(at)).content.decode().count('name="key"') == 1
    assert post(client, of(at), FORM).status_code == 303
    assert DailyReport.objects.filter(day=march(10)).count() == 0
    assert everything() == before


def test_it_takes_as_many_queries_for_many_projects_as_for_one(inside: Client, at: Desk) -> None:
    counted = []
    for more in (0, 4):
        for _ in range(more):
            made = site(at)
            with clock_at(on(9, 16)):
                report(project=made, day=march(9), resumed=True, by=at.liaison)
        ApiKey.objects.update(last_used_at=now() + timedelta(days=1))
        with CaptureQueriesContext(connection) as asked:
            assert get(inside).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_more_than_fifty_projects_are_on_several_pages(inside: Client, at: Desk) -> None:
    for _ in range(51):  # with the desk's own two
        site(at)
    first = get(inside).content.decode()
    (after,) = re.findall(r'href="\?after=([^"]+)"', first)
    second = get(inside, after=after).content.decode()
    assert [page.count('class="project"') for page in (first, second)] == [50, 3]


@pytest.mark.parametrize("field", ["key", "unchanged", "day"])
def test_a_nul_in_a_field_reports_nothing(inside: Client, at: Desk, field: str) -> None:
    before = DailyReport.objects.count()
    answer = post(inside, PAGE, tap(at) | {field: "\x00"})
    assert answer.status_code in {200, 404, 422}
    assert DailyReport.objects.count() == before

"""What is not an address of the API, or not asked as one: problems there too, never a page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from config.headers import POLICY
from projects.access.keys import LONGEST_LIFE, issue_key, rotate_key
from projects.access.models import ApiKey, Scope
from projects.record.clock import clock_at, now
from tests.coordination.intake.scene import client_with, counts, filing
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db


def said(answer: Any) -> tuple[int, str, str]:
    """The status, and the problem; JSON, whoever would have rendered the page."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"], answer["Content-Language"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_about_the_api_have_problems_too(language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    for url in ("/api/schema/", "/api/docs/"):
        assert said(client.get(url, headers={"Accept": "image/png"})) == (
            406, "/problems/not-acceptable", language,
        )  # fmt: skip
        assert said(client.post(url)) == (405, "/problems/method-not-allowed", language)
    assert said(client.get("/api/schema/?format=xml")) == (
        406, "/problems/not-acceptable", language,
    )  # fmt: skip
    assert said(client.get("/api/")) == (404, "/problems/not-found", language)


def test_a_host_that_is_not_ours() -> None:
    client = Client(headers={"Host": "elsewhere.example", "Accept-Language": "en"})
    assert said(client.get("/api/v1/tickets/")) == (400, "/problems/malformed", "en")
    assert client.get("/admin/")["Content-Type"] == "text/html; charset=utf-8"


def test_a_filing_without_the_last_slash_is_sent_on_as_a_filing() -> None:
    at = desk()
    client = client_with(at.token)
    body, headers = filing(project=at.project.code), {"Idempotency-Key": "k-1"}
    sent_on = client.post("/api/v1/tickets", body, headers=headers)
    assert (sent_on.status_code, sent_on["Location"]) == (308, "/api/v1/tickets/")
    assert counts() == (0, 0, 0)
    followed = client.post("/api/v1/tickets", body, headers=headers, follow=True)
    assert followed.status_code == 201
    assert counts() == (1, 1, 1)


def test_head_and_options_tell_a_caller_no_more_than_get() -> None:
    at, other = desk(), desk()
    project = reverse("api:project", args=[at.project.code])
    own, stranger = client_with(at.token), client_with(other.token)
    assert (own.head(project).status_code, own.head(project).content) == (200, b"")
    assert stranger.head(project).status_code == 404
    assert client_with("").options(project).status_code == 401
    assert own.options(project).json() == stranger.options(project).json()
    _key, token = issue_key(enterprise=at.enterprise, name="a", scopes=["file"], by=at.director)
    filing_only = client_with(token)
    for method in ("HEAD", "OPTIONS"):
        assert filing_only.generic(method, project).status_code == 403


def test_a_key_lives_ten_years_at_most_and_is_rotated_to_its_last_day() -> None:
    at = desk()
    began = now()
    _manager, token = issue_key(
        enterprise=at.enterprise, name="a", scopes=list(Scope), by=at.director
    )
    before = ApiKey.objects.count()
    far = {"name": "b", "expires_at": "9999-12-31T23:59:58+08:00"}
    answer = client_with(token).post(
        reverse("api:keys"), far, headers={"Idempotency-Key": "k-1", "Accept-Language": "en"}
    )
    errors = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert (answer.status_code, errors) == (422, [("/expires_at", "out-of-range")])
    assert ApiKey.objects.count() == before
    with clock_at(began):
        key, _token = issue_key(
            enterprise=at.enterprise, name="c", expires_at=began + LONGEST_LIFE, by=at.director
        )
    ApiKey.objects.filter(pk=key.pk).update(expires_at="9999-12-31T23:59:58+08:00")  # an old one
    with clock_at(began + timedelta(days=1)):
        successor, _token = rotate_key(key=key, by=at.director)
    assert successor.expires_at == began + timedelta(days=1) + LONGEST_LIFE


def test_the_page_about_the_api_holds_nothing_but_addresses_of_ours() -> None:
    answer = Client().get("/api/docs/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Security-Policy"]) == (200, POLICY)
    loaded = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert len(loaded) == 5
    for address in loaded:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/"))
        else:
            script = Client().get(address)
            assert script["Content-Type"] == "application/javascript"
            assert reverse("schema") in script.content.decode()
    assert "://" not in page
    assert re.findall(r"<style|<script>|\son\w+=|\sstyle=", page) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_about_the_api_breaks_none_of_its_own_rules(page: Page) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs/")
    page.get_by_text("/api/v1/tickets/", exact=True).locator("visible=true").first.wait_for()
    page.locator("#operations-tickets-file_ticket").click()
    page.get_by_text("Idempotency-Key").first.wait_for()
    own = page.url.split("/api/")[0]
    assert told == []
    assert [each for each in asked if not each.startswith((own, "data:"))] == []

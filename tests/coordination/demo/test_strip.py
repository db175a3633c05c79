"""The strip: on every page of a demonstration, on none elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.demo.forward import standing
from coordination.demo.models import DemoProgress
from coordination.demo.schedule import OPENING
from projects.record.demo_clock import open_clock
from tests.factories.coordination import desk

PAGES = ("/admin/login/", "/upload/", "/referral/none/", "/problems/", "/api/docs/")
STRIP = 'class="demo-strip"'
CLOCK, FORWARD = "/demonstration/", "/demonstration/forward/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(settings: Any) -> Client:
    """Of a demonstration whose clock has just been opened."""
    settings.DEMONSTRATION = True
    open_clock(OPENING)
    DemoProgress.objects.create(played_until=OPENING)
    return Client(enforce_csrf_checks=True)


def token_on(page: str) -> str:
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"', maxsplit=1)[0]


def wanted() -> Any:
    found = standing()
    assert found is not None
    return found.forward_to


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_time_it_is(visitor: Client, page: str) -> None:
    answer = visitor.get(page, headers={"Accept-Language": "zh-hans"})
    text = answer.content.decode()
    assert text.count(STRIP) == 1
    assert "2020年3月10日 星期二 09:0" in text
    assert "前进一天" in text
    assert "到下周一" in text
    assert "form-action 'none'" not in answer.get("Content-Security-Policy", "")
    assert answer.get("Content-Length", str(len(answer.content))) == str(len(answer.content))


def test_the_officers_pages_carry_it_in_their_language(visitor: Client) -> None:
    at = desk()
    visitor.force_login(at.director)
    text = visitor.get(reverse("admin:index"), headers={"Accept-Language": "en"}).content.decode()
    assert text.count(STRIP) == 1
    assert "Tuesday 10 March 2020, 09:0" in text


def test_a_press_asks_for_a_day_and_two_for_two(visitor: Client) -> None:
    page = visitor.get("/upload/?lang=en").content.decode()
    given = {"by": "1d", "next": "/upload/?lang=en", "csrfmiddlewaretoken": token_on(page)}
    answer = visitor.post(FORWARD, given)
    assert (answer.status_code, answer["Location"]) == (302, "/upload/?lang=en")
    once = wanted()
    assert timedelta(0) <= once - OPENING - timedelta(days=1) < timedelta(minutes=1)
    visitor.post(FORWARD, given)
    assert wanted() == once + timedelta(days=1)
    said = visitor.get(CLOCK, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "正在前进到2020年3月12日 星期四 09:0" in said


def test_monday_is_half_an_hour_after_its_bulletin(visitor: Client) -> None:
    page = visitor.get("/upload/").content.decode()
    visitor.post(FORWARD, {"by": "monday", "csrfmiddlewaretoken": token_on(page)})
    assert f"{timezone.localtime(wanted()):%Y-%m-%d %H:%M:%S}" == "2020-03-16 17:35:00"


@pytest.mark.parametrize("by", ["", "0d", "32d", "1w", "-1d", "１d", "999h", "tuesday"])
def test_what_is_no_span_is_refused(visitor: Client, by: str) -> None:
    page = visitor.get("/upload/").content.decode()
    answer = visitor.post(FORWARD, {"by": by, "csrfmiddlewaretoken": token_on(page)})
    assert answer.status_code == 422
    assert wanted() is None


def test_it_is_asked_by_our_own_page_alone(visitor: Client) -> None:
    assert visitor.post(FORWARD, {"by": "1d"}).status_code == 403
    assert visitor.get(FORWARD).status_code == 405
    assert wanted() is None
    page = visitor.get("/upload/").content.decode()
    away = {"by": "1d", "next": "//evil.example/", "csrfmiddlewaretoken": token_on(page)}
    assert visitor.post(FORWARD, away)["Location"] == "/"


@pytest.mark.parametrize("page", PAGES)
def test_elsewhere_no_page_has_it(page: str) -> None:
    DemoProgress.objects.create(played_until=OPENING)
    assert STRIP not in Client().get(page).content.decode()


def test_elsewhere_nothing_is_moved() -> None:
    DemoProgress.objects.create(played_until=OPENING)
    assert Client().get(CLOCK).status_code == 404
    assert Client().post(FORWARD, {"by": "1d"}).status_code == 404
    assert DemoProgress.objects.get().forward_to is None

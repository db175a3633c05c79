"""Pages of errors, in the language of the reader and no other."""

import re
from typing import Any, Final

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from projects.access.request_limits import LARGEST_REQUEST
from tests.factories.coordination import officer

pytestmark = pytest.mark.django_db

LATIN: Final = re.compile(r"[A-Za-z]{2,}")
CHINESE: Final = re.compile("[\u4e00-\u9fff]")
LANGUAGES: Final = ("zh-hans", "en")


def said(answer: Any) -> str:
    """The page's words, its title among them."""
    return re.sub(r"<[^>]*>", " ", answer.content.decode())


def check(answer: Any, status: int, language: str, *, names: frozenset[str] = frozenset()) -> None:
    other, own = (LATIN, CHINESE) if language == "zh-hans" else (CHINESE, LATIN)
    assert answer.status_code == status
    assert set(other.findall(said(answer))) <= names
    assert own.search(said(answer))
    assert "'none'" in answer["Content-Security-Policy"]


def test_what_is_not_there_and_what_is_not_allowed() -> None:
    who = officer()
    for language in LANGUAGES:
        client = Client(headers={"Accept-Language": language})
        for address in ("/nowhere", "/problems/none"):
            check(client.get(address), 404, language)
        check(client.get("/", headers={"Host": "elsewhere.example"}), 400, language)
        client.force_login(who)
        check(client.get("/admin/nowhere/"), 404, language)
        for address in ("/admin/staff/officer/add/", "/admin/acts/"):
            check(client.get(address), 403, language)


def test_what_is_too_large() -> None:
    """The page is for whoever sends a file: staff, a department, an enterprise's clerk."""
    length: Any = {"CONTENT_LENGTH": str(LARGEST_REQUEST + 1)}
    for language in LANGUAGES:
        client = Client(headers={"Accept-Language": language})
        for address in (
            "/admin/",
            "/admin/tickets/ticket/1/do/attach/",
            "/upload/",
            "/referral/x/",
        ):
            answer = client.post(address, **length)
            check(answer, 413, language, names=frozenset({"MB"}))
            assert answer["Content-Type"] == "text/html; charset=utf-8"
            assert answer["Content-Language"] == language
            assert answer.cookies == {}


def test_a_form_without_its_token() -> None:
    for language in LANGUAGES:
        client = Client(enforce_csrf_checks=True, headers={"Accept-Language": language})
        check(client.post("/admin/login/", {"username": "x", "password": "y"}), 403, language)


def test_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    monkeypatch.setattr("django.contrib.admin.site.login", break_down)
    for language in LANGUAGES:
        client = Client(raise_request_exception=False, headers={"Accept-Language": language})
        check(client.get("/admin/login/"), 500, language)

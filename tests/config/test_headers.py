"""Every answer says what its page may load, and that no frame may hold it."""

from typing import Final

import pytest
from django.test import Client

from config.headers import POLICY, STAFF_POLICY

pytestmark = pytest.mark.django_db

PUBLIC: Final = [
    "/", "/healthz", "/nowhere", "/problems/", "/problems/invalid", "/problems/none", "/upload/",
    "/upload/vehicle_pass.xlsx", "/referral/none/", "/report/", "/report/none/", "/api/docs/",
    "/api/docs/?script",
    "/api/changes/", "/api/schema/",
    "/api/v1/tickets/", "/api/v1/nowhere/", "/api/v1/tickets/?q=%00", "/i18n/setlang/",
]  # fmt: skip
STAFF: Final = [
    "/admin/", "/admin/login/", "/admin/logout/", "/admin/nowhere/", "/admin/jsi18n/",
    "/admin/second-step/", "/admin/acts/", "/admin/tickets/ticket/?q=%00",
]  # fmt: skip


def test_pages_of_the_public_are_strict() -> None:
    assert "unsafe" not in POLICY
    for address in PUBLIC:
        answer = Client().get(address)
        assert answer["Content-Security-Policy"] == POLICY, address
        assert answer["X-Frame-Options"] == "DENY", address


def test_the_staffs_pages_have_the_themes_exception_and_no_other() -> None:
    for address in STAFF:
        answer = Client().get(address)
        assert answer["Content-Security-Policy"] == STAFF_POLICY, address
        assert answer["X-Frame-Options"] == "DENY", address
    exceptions = set(STAFF_POLICY.split("; ")) - set(POLICY.split("; "))
    assert exceptions == {
        "script-src 'self' 'unsafe-eval'", "style-src 'self' 'unsafe-inline'",
    }  # fmt: skip


@pytest.mark.parametrize("policy", [POLICY, STAFF_POLICY])
def test_a_policy_leaves_nothing_open(policy: str) -> None:
    said = dict(each.split(" ", 1) for each in policy.split("; "))
    assert said["default-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"
    assert "'unsafe-inline'" not in said["script-src"]
    assert said["form-action"] == "'self'"
    assert not any("*" in each or "http" in each for each in said.values())

"""No page asks for what its security policy refuses: those that the staff's walk does not open."""

from collections.abc import Iterator
from typing import Any

import pytest

from coordination.staff.models import SecondFactor
from tests.browser.test_every_page import (
    chinese_desk,
    english_on,
    keep_violations,
    own_words,
    refused,
    serious,
)
from tests.browser.test_queue_to_write_off import log_in, log_out, picture
from tests.coordination.referrals.scene import address_of, referred
from tests.coordination.staff.test_second_factor import code, forgive
from tests.factories.coordination import PASSWORD, Desk

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600),
]  # fmt: skip


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return chinese_desk()


def public_pages(at: Desk) -> Iterator[str]:
    yield from ("/api/docs/", "/problems/", "/problems/invalid", "/upload/", "/upload/?lang=en")
    yield address_of(referred(at))
    yield from ("/report/", "/referral/none/", "/report/none/", "/admin/login/", "/nowhere")


def test_the_publics_pages(page: Any, at: Desk) -> None:
    keep_violations(page)
    wrong: dict[str, list[str]] = {}
    for address in public_pages(at):
        page.goto(address)
        if found := refused(page):
            wrong[address] = found
    assert wrong == {}


def test_signing_in_with_two_factors(page: Any, at: Desk) -> None:
    """From the enrolment to the second step, the recovery codes, a lock and the auditor's page."""
    keep_violations(page)
    wrong: dict[str, Any] = {}

    def look(name: str) -> None:
        violations = refused(page)
        picture(page, name)
        english, barriers = english_on(page, own_words()), serious(page)
        if english or barriers or violations:
            wrong[name] = (english, barriers, violations)

    who = at.system_admin
    log_in(page, who)
    page.goto("/admin/second-factor/")
    key = page.inner_text("#key")
    look("enrolment")
    page.fill("input[name=code]", code(who))
    page.fill("input[name=password]", PASSWORD)
    page.click(".z-page button[type=submit]")
    assert page.locator("#codes li").count() == 10
    page.evaluate("document.querySelector('#codes').textContent = ''")
    look("recovery-codes")
    log_out(page)
    page.goto("/admin/staff/officer/")
    page.fill("input[name=username]", who.username)
    page.fill("input[name=password]", "a-long-password-1")
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/second-step/**")
    look("second-step")
    forgive(who)
    page.fill("input[name=code]", code(who))
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/admin/staff/officer/")
    look("officers-of-an-administrator")
    assert len(key) == 32
    assert SecondFactor.objects.get(user=who).confirmed
    log_out(page)
    page.goto("/admin/login/")
    for _each in range(5):
        page.fill("input[name=username]", at.lead.username)
        page.fill("input[name=password]", "wrong")
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
    assert "请在15分钟后再试" in page.inner_text("[role=alert]")
    look("locked")
    log_in(page, at.auditor)
    page.goto("/admin/acts/")
    assert page.locator("#acts tbody tr").count() > 10
    look("acts")
    assert wrong == {}

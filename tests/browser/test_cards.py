"""Lists on a telephone: each row is a card, and nothing is scrolled sideways."""

from typing import Any, Final

import pytest

from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import chinese_desk
from tests.browser.test_queue_to_write_off import log_out, picture
from tests.factories.coordination import Desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Tables wider than what is around them, and cells of a card without their column's name.
_WIDE: Final = """() => [...document.querySelectorAll('table')]
  .filter((table) => table.parentElement.scrollWidth > table.parentElement.clientWidth + 1)
  .map((table) => table.id || table.className)"""
_LABELS: Final = """() => [...document.querySelector('table.z-cards tbody tr').cells]
  .map((cell) => cell.dataset.label).filter(Boolean)"""
ACTS: Final = ["记录时间", "人员", "IP 地址", "事项", "对象", "变更内容"]
LISTS: Final[dict[str, dict[str, list[str] | None]]] = {
    "auditor": {
        "/admin/acts/": ACTS,
        "/admin/staff/officer/": ["用户名", "姓名", "角色", "服务组", "工作电话", "有效"],
    },
    "director": {
        "/admin/groups/assignment/": ["项目", "服务组", "联络员", "副联络员", "起", "止"],
        "/admin/register/enterprise/": None,
        "/admin/access/apikey/": None,
        "/admin/worktime/calendaryear/": None,
    },
}


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return chinese_desk()


def test_no_list_is_scrolled_sideways(page: Any, at: Desk) -> None:
    perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    page.set_viewport_size({"width": 390, "height": 844})
    for who, lists in LISTS.items():
        signed_in(page, getattr(at, who))
        for address, labels in lists.items():
            page.goto(address)
            page.wait_for_selector("table[data-labelled]")
            assert page.evaluate(_WIDE) == [], address
            found = page.evaluate(_LABELS)
            assert found == labels if labels else found, address
        picture(page, f"cards-{who}")
        log_out(page)

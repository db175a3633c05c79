"""How one comes to a ticket's page and back from it."""

import pytest
from django.urls import reverse

from tests.coordination.workbench.test_ticket_pages import LIST, address, as_
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def test_a_ticket_that_is_not_there_or_not_his_is_said_to_be_so(at: Desk) -> None:
    of_others = filed(at)
    client = as_(at.other_liaison)
    client.cookies["django_language"] = "zh-hans"
    for address_ in (address(of_others), address(of_others).replace(str(of_others.pk), "999999")):
        answer = client.get(address_, follow=True)
        assert answer.redirect_chain == [(LIST, 302)]
        assert "没有这起工单，或者您无权查看。" in answer.content.decode()


def test_a_page_has_one_way_back_to_the_list(at: Desk) -> None:
    page = as_(at.liaison).get(address(filed(at))).content.decode()
    assert page.count(f'href="{LIST}"') == 3  # the menu, the header, the page's own way
    assert f'href="{reverse("admin:app_list", args=["tickets"])}"' not in page

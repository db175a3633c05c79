"""What the lists of the staff's pages say of how many rows there are."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from tests.coordination.delivery.scene import say
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db
ROWS = 60  # more than a page


def page_of(who: Officer, address: str) -> str:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def at() -> Desk:
    at = desk()
    for number in range(ROWS):
        say(f"第 {number} 条", at.director)
    filed(at)
    return at


def lists() -> list[str]:
    models = [each for each in apps.get_models() if admin.site.is_registered(each)]
    return [
        reverse(f"admin:{each._meta.app_label}_{each._meta.model_name}_changelist")
        for each in models
        if each is not Ticket and each._meta.label_lower != "auth.group"
    ]


def test_no_list_names_a_count_that_nobody_counted(at: Desk) -> None:
    for address in lists():
        assert "9999999999" not in page_of(at.director, address).replace(",", ""), address


def test_rows_that_were_not_counted_are_chosen_page_by_page(at: Desk) -> None:
    text = page_of(at.director, reverse("admin:delivery_notice_changelist"))
    bar = text.partition('id="changelist-actions"')[2].partition("</form>")[0]
    assert 'data-actions-icnt="50"' in bar
    assert 'class="question' not in bar
    assert text.count('name="_selected_action"') == 50
    second = page_of(at.director, f"{reverse('admin:delivery_notice_changelist')}?p=2")
    assert second.count('name="_selected_action"') == ROWS - 50


def test_a_page_of_many_projects_has_fifty_of_them(at: Desk) -> None:
    for _each in range(ROWS):
        project(by=at.director)
    page = page_of(at.director, reverse("admin:register_project_changelist"))
    assert page.count('class="data-row') == 50
    assert len(page.encode()) < 200_000


def test_no_list_has_one_heading_twice() -> None:
    """Two columns that are called the same cannot be told apart."""
    twice = {}
    with override("zh-hans"):
        for model in filter(admin.site.is_registered, apps.get_models()):
            page = admin.site.get_model_admin(model)
            headings = [
                str(label_for_field(name, model, page))
                for name in page.list_display if name != "action_checkbox"
            ]  # fmt: skip
            again = sorted(each for each, number in Counter(headings).items() if number > 1)
            if again:
                twice[model.__name__] = again
    assert twice == {}

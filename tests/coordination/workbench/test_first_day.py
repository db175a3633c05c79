"""The first day: what the pages say while the desk is empty."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.sheets import sheets_of
from coordination.bulletins.week import running_week
from coordination.staff.models import Officer, Role
from coordination.workbench.board.draw import board_of
from projects.house.blocks import Audience
from projects.house.widgets import View
from projects.record.clock import now
from tests.factories.coordination import officer

pytestmark = pytest.mark.django_db
NO_PROJECT = "尚无项目"


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def page_of(who: Officer, address: str) -> str:
    return as_(who).get(reverse(address)).content.decode()


def part(page: str, begin: str, end: str) -> str:
    """What stands between two pieces of a page."""
    return page.partition(begin)[2].partition(end)[0]


def test_none_of_none_is_not_full_service() -> None:
    director = officer(Role.DIRECTOR)
    assert part(page_of(director, "admin:index"), '<dd id="coverage">', "</dd>") == NO_PROJECT
    page = page_of(director, "admin:workbench_unserved")
    assert part(page, 'class="z-tile ', '"') == ""  # neither green nor red
    assert (page.count(NO_PROJECT), page.count("0/0"), page.count("所有项目")) == (2, 0, 0)
    for address in ("unreported", "board"):
        assert page_of(director, address).count(NO_PROJECT) == 1


def test_none_of_none_is_not_full_service_on_the_boards() -> None:
    with override("zh-hans"):
        for view in (View(now(), officer(Role.DIRECTOR)), View(now())):
            (tile,) = [each for each in board_of(view).tiles if each.tile.name == "coverage"]
            found: Any = tile.reading
            assert [each.text for each in found.figures] == ["—"]
            assert (found.note, found.is_amiss, found.note_link) == (NO_PROJECT, True, "")


@pytest.mark.parametrize("schema", [1, 2])
def test_none_of_none_is_not_full_service_in_a_bulletin(schema: int) -> None:
    period = running_week(timezone.now())
    schemas = {each: 1 for each in count_blocks(period)} | {"coverage": schema}
    with override("zh-hans"):
        said = sheets_of(count_blocks(period, schemas), period, Audience.STAFF).summary
    assert [each for each in said if "一对一" in each or "服务组" in each] == []
    assert [each for each in said if NO_PROJECT in each] == [f"{NO_PROJECT}。"]

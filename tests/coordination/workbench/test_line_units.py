"""The lines on a ticket's page: each in its own unit, and only totals that there can be."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from tests.factories.coordination import Desk, desk, filed, material, vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def page(at: Desk, ticket: Any) -> tuple[str, Any]:
    client = Client()
    client.force_login(at.liaison)
    answer = client.get(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    panels = {each.name: each.context for each in answer.context["panels"]}
    text = " ".join(answer.content.decode().split())
    return text, panels["lines"]["totals"]


def test_tonnes_and_metres_are_never_one_number(at: Desk) -> None:
    units = ("吨", "公斤", "米", "根", "樘")
    lines = [material(unit=unit, quantity=Decimal(340), in_stock=0) for unit in units]
    ticket = filed(at, "material_supply", lines=lines)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, line=2, quantity=Decimal(140), by=at.liaison)
    text, totals = page(at, ticket)
    for cell in ("340 吨", "340 千克", "340 米", "340 根", "140 千克", "千克（填报为 公斤）"):
        assert cell in text
    assert '<th class="z-figure">需求</th>' in text
    assert [(each.unit, each.asked, each.met) for each in totals.added] == [
        ("吨", Decimal("340.34"), Decimal("0.14")), ("米", 340, 0),
    ]  # fmt: skip
    assert "340.34 吨" in text
    assert "另有 2 项单位不可换算：" in text
    assert [(each.unit, each.asked) for each in totals.apart] == [("根", 340), ("樘", 340)]
    assert "1700" not in text


def test_one_unit_has_one_total_and_one_line_none(at: Desk) -> None:
    text, totals = page(at, filed(at, lines=[vehicle(), vehicle(plate="豫C99999")]))
    assert totals.only.written == ("2", "0", "0")
    assert "不可换算" not in text
    assert page(at, filed(at))[1] is None
    many = filed(at, "material_supply", lines=[material(unit="根"), material(unit="根")])
    text, totals = page(at, many)
    assert (totals.only.unit, totals.only.asked) == ("根", 760)
    assert "不可换算" not in text

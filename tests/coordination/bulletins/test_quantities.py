"""What was asked, met and refused by the cut-off, in the units of each kind."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from coordination.amendments.flow import AmendmentVerb
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets import block_quantities as quantities
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.units import canonical
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from tests.factories.coordination import desk, filed, haul, material, party, protection, vehicle

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BEFORE, DURING, AFTER = (CUT_OFF + timedelta(days=each) for each in (-9, -2, 1))


def row(*values: str) -> dict[str, str]:
    return dict(zip((column.name for column in quantities.COLUMNS), values, strict=True))


def test_each_measure_adds_up() -> None:
    with clock_at(BEFORE):
        at = desk()
        people = filed(at, "worker_return", lines=[party(headcount=20), party(headcount=9)])
        perform(Verb.ACCEPT, ticket=people, by=at.liaison)
        perform(Verb.FULFIL, ticket=people, line=1, quantity=Decimal(8), by=at.liaison)
        given_up = filed(at, "worker_return", lines=[party(headcount=7)])
        perform(Verb.WITHDRAW, ticket=given_up, reason="不需要", by=at.key)
        supply = filed(
            at, "material_supply", lines=[
                material(quantity=Decimal("130.5"), in_stock=Decimal(30)),
                material(item="电缆", unit="米", quantity=Decimal(900), in_stock=Decimal(0)),
                material(item="砂", quantity=Decimal(50), in_stock=Decimal(0)),
            ],
        )  # fmt: skip
        perform(Verb.ACCEPT, ticket=supply, by=at.liaison)
        filed(at, "goods_transport", lines=[haul(tonnage=Decimal("60.250"))])
    with clock_at(DURING):
        perform(Verb.FULFIL, ticket=people, line=1, quantity=Decimal(5), by=at.liaison)
        perform(Verb.REFUSE, ticket=people, line=2, reason="已取消", by=at.liaison)
        perform(Verb.FULFIL, ticket=supply, line=1, quantity=Decimal("100.5"), by=at.liaison)
        perform(Verb.FULFIL, ticket=supply, line=2, quantity=Decimal(100), by=at.liaison)
        perform(Verb.REFUSE, ticket=supply, line=2, reason="停产", by=at.liaison)
    with clock_at(AFTER):
        perform(Verb.RECONSIDER, ticket=people, line=2, reason="又要", by=at.liaison)
        perform(Verb.ADD_LINES, ticket=people, lines=[party(headcount=30)], by=at.key)
        filed(at, lines=[vehicle()])
    assert quantities.count(week_to(CUT_OFF)) == {
        "worker_return": {"people": row("36", "13", "5", "9", "7", "7")},
        "material_supply": {
            "items": row("3", "1", "1", "1", "1", "0"),
            "tonnes": row("150.5", "100.5", "100.5", "0", "50", "0"),
            "metres": row("900", "100", "100", "800", "0", "0"),
        },
        "goods_transport": {"tonnes": row("60.25", "0", "0", "0", "60.25", "0")},
    }


def test_nothing_was_asked_of_an_empty_desk() -> None:
    assert quantities.count(week_to(CUT_OFF)) == {}


def test_units_of_one_dimension_are_added_and_every_other_has_its_own_row() -> None:
    with clock_at(BEFORE):
        at = desk()
        units = ("Ｔ", "公吨", "万吨", "kg", "方", "升", "亩", "㎡", "根", "樘", "根")
        lines = [material(unit=unit, quantity=1, in_stock=0) for unit in units]
        ticket = filed(at, "material_supply", lines=lines)
        filed(at, "epidemic_control", lines=[
            protection(need="masks", quantity=2000), protection(need="disinfectant", quantity=50),
        ])  # fmt: skip
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    with clock_at(DURING):
        for line in (4, 7, 9):  # the kilogram, the 亩, the 根
            perform(Verb.FULFIL, ticket=ticket, line=line, quantity=Decimal(1), by=at.liaison)
    figures = quantities.count(week_to(CUT_OFF))
    assert figures == {
        "material_supply": {
            "items": row("11", "3", "3", "0", "8", "0"),
            "tonnes": row("10002.001", "0.001", "0.001", "0", "10002", "0"),
            "cubic_metres": row("1.001", "0", "0", "0", "1.001", "0"),
            "square_metres": row("667.667", "666.667", "666.667", "0", "1", "0"),
            "根": row("2", "1", "1", "0", "1", "0"),
            "樘": row("1", "0", "0", "0", "1", "0"),
        },
        "epidemic_control": {
            "items": row("2", "0", "0", "0", "2", "0"),
            "cubic_metres": row("0.05", "0", "0", "0", "0.05", "0"),
            "只": row("2000", "0", "0", "0", "2000", "0"),
        },
    }
    (table,) = quantities.BLOCK.tables
    assert list(quantities.BLOCK.imbalances(figures)) == []
    with translation.override("zh-hans"):
        titles = [tuple(map(str, line.titles)) for line in table.lines(figures)]
    assert titles == [
        ("重点原材料", "项"), ("重点原材料", "吨"), ("重点原材料", "平方米"),
        ("重点原材料", "立方米"), ("重点原材料", "根"), ("重点原材料", "樘"),
        ("疫情防控", "项"), ("疫情防控", "立方米"), ("疫情防控", "只"),
    ]  # fmt: skip


def test_no_name_of_a_row_is_stored_as_a_unit() -> None:
    names = {each.name for kind in KINDS.values() for each in kind.dimensions}
    assert {canonical(each) for each in (*names, quantities.ITEMS)} & {*names, "items"} == set()


def test_a_line_counts_as_it_was_at_the_cut_off() -> None:
    """Amended twice; each week has what was asked at its end, in the unit of then."""
    with clock_at(BEFORE):
        at = desk()
        ticket = filed(at, "material_supply", lines=[
            material(quantity=500, in_stock=0), material(quantity=40, in_stock=0, unit="根"),
        ])  # fmt: skip
    with clock_at(DURING):
        lines = [{"position": 1, "quantity": Decimal(300), "unit": "kg"}]
        perform(AmendmentVerb.AMEND, ticket=ticket, lines=lines, by=at.key)
    with clock_at(AFTER):
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        lines = [{"position": 1, "unit": "米"}, {"position": 2, "quantity": Decimal(50)}]
        perform(AmendmentVerb.PROPOSE, ticket=ticket, lines=lines, reason="改", by=at.key)
        perform(AmendmentVerb.ADOPT, ticket=ticket, by=at.liaison)
        perform(Verb.FULFIL, ticket=ticket, line=2, quantity=Decimal(50), by=at.liaison)

    def asked(weeks: int) -> dict[str, str]:
        week = week_to(CUT_OFF + timedelta(days=7 * weeks))
        assert count_blocks(week)["quantities"]["figures"] == quantities.count(week)
        rows = quantities.count(week)["material_supply"]
        return {name: f"{each['asked']} {each['met_this_week']}" for name, each in rows.items()}

    assert [asked(weeks) for weeks in (-1, 0, 1)] == [
        {"items": "2 0", "tonnes": "500 0", "根": "40 0"},
        {"items": "2 0", "tonnes": "0.3 0", "根": "40 0"},
        {"items": "2 1", "metres": "300 0", "根": "50 50"},
    ]

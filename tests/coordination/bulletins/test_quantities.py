"""What was asked, met and refused by the cut-off, in the units of each kind."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets import block_quantities as quantities
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from tests.factories.coordination import desk, filed, haul, material, party, vehicle

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
        },
        "goods_transport": {"tonnes": row("60.25", "0", "0", "0", "60.25", "0")},
    }


def test_nothing_was_asked_of_an_empty_desk() -> None:
    assert quantities.count(week_to(CUT_OFF)) == {}


def test_every_kind_is_measured_by_names_of_its_own() -> None:
    for kind in KINDS.values():
        names = [measure.name for measure in kind.measures]
        assert names
        assert len(names) == len(set(names))

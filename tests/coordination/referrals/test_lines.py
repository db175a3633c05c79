"""The lines of the ticket on a department's page: what it needs of them, and nobody's name."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import override

from coordination.referrals.models import Referral
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.queries_shown import rows, rows_outside
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from tests.coordination.referrals.scene import address_of, on, referred
from tests.factories.coordination import LINES, Desk, desk, filed, party, vehicle

pytestmark = pytest.mark.django_db
# Nobody outside the centre but the enterprise is shown these.
NOT_TOLD: Final = {
    "vehicle_pass": {"driver_name", "driver_mobile"},
    "worker_return": {
        "receiver", "receiver_mobile", "symptom_or_contact_14d", "isolation_site",
    },
    "material_supply": set(),
    "goods_transport": set(),
    "epidemic_control": set(),
}  # fmt: skip


@pytest.fixture
def at(db: None) -> Any:
    with clock_at(on(2)):
        yield desk()


def asked_about(at: Desk, kind: str, *lines: Any) -> Referral:
    ticket = perform(Verb.ACCEPT, ticket=filed(at, kind, lines=list(lines)), by=at.liaison)
    return referred(at, ticket)


def page_of(row: Referral, language: str = "zh-hans") -> str:
    client = Client(headers={"Accept-Language": language})
    answer = client.get(address_of(row))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_it_tells_all_but_of_people(at: Desk, kind: str) -> None:
    row = asked_about(at, kind, LINES[kind]())
    found = KINDS[kind].read_lines(row.ticket_id)
    with override("en"):
        (inside,), (outside,) = rows(kind, found, clear=True), rows_outside(kind, found)
        columns = {name: KINDS[kind].model._meta.get_field(name) for name in KINDS[kind].fields}
        kept = {capfirst(str(columns[name].verbose_name)) for name in NOT_TOLD[kind]}
        assert (outside.about, outside.quantities) == (inside.about, inside.quantities)
    assert outside.details == [pair for pair in inside.details if pair[0] not in kept]
    assert {label for label, _text in inside.details} >= kept - {"Isolation site"}
    page = page_of(row, "en")
    for text in (outside.about, *(text for pair in outside.details for text in pair)):
        assert escape(text) in page


def test_it_tells_in_chinese_what_was_asked_met_and_came_of_it(at: Desk) -> None:
    row = asked_about(at, "vehicle_pass", vehicle(), vehicle(plate="豫C67890"))
    perform(Verb.FULFIL, ticket=row.ticket, line=1, quantity=Decimal(1), by=at.liaison)
    reason = "卡口已撤，联系张三 13800138000"
    perform(Verb.REFUSE, ticket=row.ticket, line=2, reason=reason, by=at.liaison)
    page = page_of(row)
    for said in (
        "<small>2项：已落实1、未落实1</small>", "<strong>豫C67890</strong>",
        '<span class="tag tag-success">已落实</span>',
        '<span class="tag tag-danger">未落实</span>', "<b>1 辆</b>", "<dt>起点</dt>",
        "河南省洛阳市",
    ):  # fmt: skip
        assert said in page, said
    assert [word for word in ("张三", "1380", "张**", "卡口已撤", "驾驶员") if word in page] == []


def test_numbers_of_people_are_masked_wherever_they_stand(at: Desk) -> None:
    """A field for a company or a checkpoint may hold a driver's number."""
    line = vehicle(
        carrier="洛阳示例物流 13900139000", blocked_checkpoint="洛阳站410305199001010012拦停",
    )  # fmt: skip
    row = asked_about(at, "vehicle_pass", line)
    page = page_of(row)
    for masked in ("洛阳示例物流 139****9000", "洛阳站410305********0012拦停"):
        assert masked in page
    assert [number for number in ("13900139000", "199001010012") if number in page] == []


def test_a_partys_health_stays_inside(at: Desk) -> None:
    line = party(symptom_or_contact_14d="yes", isolation_site="洛龙区隔离点")
    row = asked_about(at, "worker_return", line)
    page = page_of(row)
    assert [word for word in ("洛龙区隔离点", "14天", "十四天", "赵六") if word in page] == []


def test_moments_and_choices_read_as_on_the_tickets_page(at: Desk) -> None:
    departs = datetime(2020, 3, 10, 0, 30, tzinfo=UTC)
    arrives = datetime(2020, 3, 10, 9, 30, tzinfo=UTC)
    line = party(departs_at=departs, arrives_at=arrives, mode="train", seats=None)
    row = asked_about(at, "worker_return", line)
    lines = KINDS["worker_return"].read_lines(row.ticket_id)
    with override("zh-hans"):
        told = dict(rows_outside("worker_return", lines)[0].details)
    assert (told["出行方式"], told["出发时间"]) == ("火车", "2020年3月10日 08:30")


def test_every_line_costs_no_query_more(at: Desk, django_assert_num_queries: Any) -> None:
    one, many = (
        asked_about(at, "vehicle_pass", *[vehicle(plate=f"豫C{n:05}") for n in range(number)])
        for number in (1, 20)
    )
    addresses = [address_of(each) for each in (one, many)]
    client = Client()
    client.get(addresses[0])
    for address in addresses:
        with django_assert_num_queries(2):  # the link with what it is about, and the lines
            assert client.get(address).status_code == 200

"""Amending a ticket before acceptance, and proposing it afterwards."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from coordination.amendments.flow import AmendmentVerb
from coordination.amendments.queries import changes_of, open_proposal
from coordination.delivery.models import Notice
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, LineRevision, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.search.find import found_by
from coordination.tickets.verbs.registry import perform
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing, NotAllowed, Stale
from tests.factories.coordination import LINES as MADE
from tests.factories.coordination import Desk, desk, filed, material

pytestmark = pytest.mark.django_db

AMEND, PROPOSE, ADOPT, REJECT = AmendmentVerb
OWN = {
    "title": "改道通行", "detail": "由洛阳西站下", "contact_name": "赵六",
    "contact_mobile": "13600136000",
}  # fmt: skip


@pytest.fixture
def at() -> Desk:
    return desk()


def rows(ticket: Ticket) -> list[dict[str, Any]]:
    return list(KINDS[ticket.kind].lines_of(ticket.pk).values())


def record(ticket: Ticket) -> tuple[Any, ...]:
    """All that a refusal must leave as it was."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    counts = [each.objects.count() for each in (TicketEvent, EventText, LineRevision, Notice)]
    return row, rows(ticket), counts


def last(ticket: Ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).select_related("text").latest("seq")


def changed(event: TicketEvent) -> set[tuple[Any, ...]]:
    return {tuple(each) for each in changes_of(event)}


def test_the_tickets_own_fields_are_amended_with_before_and_after(at: Desk) -> None:
    ticket = filed(at, detail="经连霍高速")
    when = now() + timedelta(days=3)
    told = Notice.objects.count()
    after = perform(
        AMEND, ticket=ticket, changes={**OWN, "needed_by": when}, note="换人换路线", by=at.key
    )
    row = Ticket.objects.get(pk=ticket.pk)
    assert {name: getattr(row, name) for name in OWN} == OWN
    assert (row.needed_by, row.status, row.version) == (when, Status.SUBMITTED, ticket.version + 1)
    assert after.title == OWN["title"]
    event = last(row)
    assert (event.verb, event.api_key) == ("amend", at.key)
    assert event.payload == {"changed": [[None, name] for name in (*OWN, "needed_by")]}
    assert changed(event) == {
        (None, "title", "运输车辆受阻", OWN["title"]),
        (None, "detail", "经连霍高速", OWN["detail"]),
        (None, "contact_name", "王五", OWN["contact_name"]),
        (None, "contact_mobile", "13700137000", OWN["contact_mobile"]),
        (None, "needed_by", None, when.isoformat()),
    }
    assert event.text.body["note"] == "换人换路线"
    assert list(audit()) == []
    for words, hits in ((OWN["title"], [row]), ("运输车辆受阻", [])):
        condition = found_by(words)
        assert condition is not None
        assert list(Ticket.objects.filter(condition)) == hits
    (notice,) = Notice.objects.order_by("pk")[told:]
    assert (notice.officer, notice.title) == (at.liaison, f"工单 {row.number} 已更正")


LINES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, str] | None]] = [
    # kind, what is filed, what is amended, what it asks for then; None: as before
    ("vehicle_pass", {}, {"plate": "豫 c·99999", "driver_name": "李雷"}, None),
    ("worker_return", {}, {"headcount": 18}, ("18", "人")),
    ("material_supply", {}, {"quantity": Decimal("320.5")}, ("200.5", "吨")),
    ("material_supply", {"unit": "Ｔ"}, {"unit": "kg"}, ("380", "千克")),
    ("material_supply", {}, {"in_stock": Decimal(0), "unit": "根"}, ("500", "根")),
    ("goods_transport", {}, {"tonnage": Decimal(90), "vehicles": 5}, ("90", "吨")),
    ("epidemic_control", {}, {"need": "disinfectant", "quantity": 30}, ("30", "升")),
    ("epidemic_control", {"unit": "箱"}, {"need": "disinfectant"}, None),
]


@pytest.mark.parametrize(("kind", "given", "values", "asks"), LINES)
def test_a_lines_fields_are_amended(
    at: Desk, kind: str, given: dict[str, Any], values: dict[str, Any], asks: Any
) -> None:
    ticket = filed(at, kind, lines=[MADE[kind](), MADE[kind](**given)])
    first, before = rows(ticket)
    perform(AMEND, ticket=ticket, lines=[{"position": 2, **values}], by=at.key)
    untouched, after = rows(ticket)
    assert untouched == first
    asked, unit = asks or (format(before["asked"].normalize(), "f"), before["unit"])
    assert (after["asked"], after["unit"]) == (Decimal(asked), unit)
    assert after["outcome"] == "pending"
    event = last(ticket)
    assert {each.field for each in changes_of(event)} == set(values)
    expected = [[2, asked, unit]] if asks else None
    assert event.payload.get("asked") == expected
    revisions = LineRevision.objects.values_list("event", "line", "asked", "unit")
    was = [(event.pk, 2, before["asked"], before["unit"])] if asks else []
    assert list(revisions) == was
    assert list(audit()) == []


def test_what_was_written_for_the_unit_stays_where_the_unit_does(at: Desk) -> None:
    ticket = filed(at, "material_supply", lines=[material(unit="Ｔ")])
    perform(
        AMEND, ticket=ticket, by=at.key,
        lines=[{"position": 1, "quantity": Decimal(400), "unit": "公吨"}],
    )  # fmt: skip
    (row,) = rows(ticket)
    assert (row["unit"], row["unit_filed"], row["asked"]) == ("吨", "T", Decimal(280))
    assert {each.field for each in changes_of(last(ticket))} == {"quantity"}


def test_a_plate_is_found_by_its_new_number_alone(at: Desk) -> None:
    ticket = filed(at)
    perform(AMEND, ticket=ticket, lines=[{"position": 1, "plate": "豫C99999"}], by=at.lead)
    for plate, hits in (("豫C99999", [ticket]), ("豫C12345", [])):
        condition = found_by(plate)
        assert condition is not None
        assert list(Ticket.objects.filter(condition)) == hits


WRONG: list[tuple[dict[str, Any], list[dict[str, Any]], list[tuple[Any, str]]]] = [
    ({}, [], [((), "unchanged")]),
    ({"title": "运输车辆受阻 "}, [], [((), "unchanged")]),
    ({}, [{"position": 1, "plate": "豫C·12345"}], [((), "unchanged")]),
    ({"title": " "}, [], [(("title",), "blank")]),
    ({"title": "电话13800138000"}, [], [(("title",), "personal-number")]),
    ({"contact_mobile": "12800138000"}, [], [(("contact_mobile",), "phone")]),
    ({"needed_by": datetime.fromisoformat("2020-01-01T00:00+08:00")}, [],
     [(("needed_by",), "date-order")]),
    ({"urgency": "urgent"}, [], [(("urgency",), "unknown")]),
    ({"detail": "长" * 2001}, [], [(("detail",), "max_length")]),
    ({}, [{"position": 2, "plate": "豫C99999"}], [(("lines", 0, "position"), "choice")]),
    ({}, [{"plate": "豫C99999"}], [(("lines", 0, "position"), "choice")]),
    ({}, [{"position": 1, "plate": "豫C99999"}, {"position": 1, "carrier": "甲"}],
     [(("lines", 1, "position"), "choice")]),
    ({}, [{"position": 1, "plate": "豫C1I345"}], [(("lines", 0, "plate"), "plate")]),
    ({}, [{"position": 1, "colour": "红"}], [(("lines", 0, "colour"), "unknown")]),
    ({}, [{"position": 1, "driver_name": ""}], [(("lines", 0, "driver_name"), "blank")]),
    ({"title": ""}, [{"position": 1, "plate": "no"}],
     [(("title",), "blank"), (("lines", 0, "plate"), "plate")]),
]  # fmt: skip


def test_every_mistake_is_named_and_nothing_changes(at: Desk) -> None:
    early, late = filed(at), perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    before = record(early), record(late)
    for changes, lines, expected in WRONG:
        cases: tuple[tuple[str, Ticket, dict[str, Any]], ...]
        cases = (AMEND, early, {}), (PROPOSE, late, {"reason": "填错"})
        for verb, ticket, more in cases:
            with pytest.raises(Invalid) as refused:
                perform(verb, ticket=ticket, changes=changes, lines=lines, by=at.key, **more)
            found = [(each.path, each.code) for each in refused.value.errors]
            assert found == expected, (verb, changes, lines)
    assert (record(early), record(late)) == before


def test_what_has_passed_meanwhile_is_no_mistake_of_an_amendment(at: Desk) -> None:
    """Only what is given is checked, and what the rules join to it."""
    ticket = filed(at, "material_supply", needed_by=now() + timedelta(hours=1))
    with clock_at(now() + timedelta(days=5)):
        perform(
            AMEND, ticket=ticket, changes={"title": "水泥、钢筋短缺"}, by=at.key,
            lines=[{"position": 1, "quantity": Decimal(400)}],
        )  # fmt: skip
        with pytest.raises(Invalid) as refused:
            perform(AMEND, ticket=ticket, lines=[{"position": 1, "in_stock": Decimal(400)}],
                    by=at.key)  # fmt: skip
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("lines", 0, "in_stock"), "no-gap")
    ]


def test_a_line_stays_within_what_was_met_and_refused(at: Desk) -> None:
    ticket = filed(at, "material_supply", lines=[material(), material()])
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(100), by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, line=2, quantity=Decimal(5), by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, line=2, quantity=Decimal(-5), by=at.liaison)
    before = record(ticket)
    for line, values, expected in (
        (1, {"quantity": Decimal(219)}, ("quantity", "out-of-range")),
        (1, {"unit": "kg"}, ("unit", "settled")),
        (2, {"unit": "米"}, ("unit", "settled")),
    ):
        with pytest.raises(Invalid) as refused:
            perform(PROPOSE, ticket=ticket, lines=[{"position": line, **values}], reason="改",
                    by=at.key)  # fmt: skip
        assert [(each.path[-1], each.code) for each in refused.value.errors] == [expected]
    assert record(ticket) == before
    lines = [{"position": 1, "quantity": Decimal(220)}]
    perform(PROPOSE, ticket=ticket, lines=lines, reason="改", by=at.key)
    perform(ADOPT, ticket=ticket, by=at.liaison)
    assert (rows(ticket)[0]["asked"], rows(ticket)[0]["outcome"]) == (Decimal(100), "met")


def accepted(at: Desk, kind: str = "vehicle_pass", **values: Any) -> Ticket:
    return perform(Verb.ACCEPT, ticket=filed(at, kind, **values), by=at.liaison)


def test_a_proposal_changes_nothing_until_it_is_adopted(at: Desk) -> None:
    ticket = accepted(at, "material_supply")
    before = record(ticket)[1], ticket.title
    lines = [{"position": 1, "quantity": Decimal(300), "needed_by": timezone.localdate(now())}]
    perform(
        PROPOSE, ticket=ticket, changes={"title": "水泥三百吨"}, lines=lines, reason="数量有误",
        by=at.key,
    )  # fmt: skip
    ticket.refresh_from_db()
    assert (rows(ticket), ticket.title) == before
    assert (ticket.amendment_proposed, ticket.status) == (True, Status.IN_PROGRESS)
    proposal = open_proposal(ticket)
    assert proposal is not None
    assert proposal.text.body["reason"] == "数量有误"
    assert Notice.objects.latest("pk").officer == at.liaison
    assert ADOPT not in allowed_verbs(ticket, at.key)
    assert {ADOPT, REJECT} <= set(allowed_verbs(ticket, at.liaison))
    perform(ADOPT, ticket=ticket, version=ticket.version, by=at.liaison)
    ticket.refresh_from_db()
    (row,) = rows(ticket)
    assert (ticket.title, row["asked"], row["needed_by"]) == (
        "水泥三百吨", Decimal(180), timezone.localdate(now()),
    )  # fmt: skip
    assert (ticket.amendment_proposed, open_proposal(ticket)) == (False, None)
    event = last(ticket)
    assert (event.verb, event.officer) == ("adopt_amendment", at.liaison)
    assert event.payload["proposal"] == proposal.seq
    assert changed(event) == changed(proposal)
    with pytest.raises(NotAllowed):
        perform(ADOPT, ticket=ticket, by=at.liaison)
    assert list(audit()) == []


def test_a_proposal_is_rejected_with_a_reason(at: Desk) -> None:
    ticket = accepted(at)
    perform(PROPOSE, ticket=ticket, changes={"title": "另一辆"}, reason="换车", by=at.key)
    before = record(ticket)
    with pytest.raises(Invalid):
        perform(REJECT, ticket=ticket, reason=" ", by=at.liaison)
    assert record(ticket) == before
    perform(REJECT, ticket=ticket, reason="请另行申报", by=at.liaison)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.amendment_proposed) == ("运输车辆受阻", False)
    assert last(ticket).text.body == {"reason": "请另行申报"}


def test_the_newest_proposal_replaces_the_one_that_waits(at: Desk) -> None:
    ticket = accepted(at)
    seen = perform(PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key).version
    perform(PROPOSE, ticket=ticket, changes={"detail": "乙"}, reason="又换", by=at.lead)
    with pytest.raises(Stale):  # whoever read the first does not adopt the second
        perform(ADOPT, ticket=ticket, version=seen, by=at.liaison)
    perform(ADOPT, ticket=ticket, by=at.liaison)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.detail) == ("运输车辆受阻", "乙")


def test_whether_it_is_amended_or_proposed_follows_from_acceptance(at: Desk) -> None:
    """Asked before acceptance it is still amended; afterwards it is proposed."""
    early, late = filed(at), accepted(at)
    for ticket in (early, late):
        perform(Verb.ASK, ticket=ticket, question="?", by=at.liaison)
        ticket.refresh_from_db()
    offered = [
        [verb for verb in AmendmentVerb if verb in allowed_verbs(each, at.key)]
        for each in (early, late)
    ]
    assert offered == [[AMEND], [PROPOSE]]
    perform(AMEND, ticket=early, changes={"title": "甲"}, by=at.key)
    perform(PROPOSE, ticket=late, changes={"title": "甲"}, reason="换", by=at.key)
    perform(ADOPT, ticket=late, by=at.liaison)
    for ticket in (early, late):
        ticket.refresh_from_db()
        assert (ticket.title, ticket.status) == ("甲", Status.NEED_INFO)


def test_a_proposal_is_decided_before_the_ticket_is_resolved(at: Desk) -> None:
    ticket = accepted(at)
    perform(PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    before = record(ticket)
    with pytest.raises(Invalid) as refused:
        perform(Verb.RESOLVE, ticket=ticket, result="好", reasons={1: "改道"}, by=at.liaison)
    assert [each.code for each in refused.value.errors] == ["amendment-open"]
    assert record(ticket) == before


@pytest.mark.parametrize("ending", ["withdraw", "duplicate"])
def test_a_proposal_ends_with_its_ticket(at: Desk, ending: str) -> None:
    ticket, other = accepted(at), filed(at)
    perform(PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    if ending == "withdraw":
        perform(Verb.WITHDRAW, ticket=ticket, reason="不需要", by=at.key)
    else:
        perform(Verb.DUPLICATE, ticket=ticket, number=other.number, reason="同", by=at.liaison)
    ticket.refresh_from_db()
    assert (ticket.amendment_proposed, ticket.title) == (False, "运输车辆受阻")
    assert last(ticket).payload["proposal_withdrawn"] is True


def test_amending_what_was_passed_on_supersedes_the_proposal(at: Desk) -> None:
    ticket = accepted(at)
    perform(PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    perform(Verb.PASS_ON, ticket=ticket, reason="归口", group=at.other_group, by=at.lead)
    ticket.refresh_from_db()
    assert ticket.amendment_proposed
    assert ADOPT not in allowed_verbs(ticket, at.other_lead)  # it accepts the ticket first
    perform(AMEND, ticket=ticket, changes={"title": "乙"}, by=at.key)
    ticket.refresh_from_db()
    assert (ticket.title, ticket.amendment_proposed) == ("乙", False)
    assert last(ticket).payload == {"changed": [[None, "title"]], "proposal_withdrawn": True}


def test_what_the_rules_no_longer_allow_is_named_by_its_field(at: Desk) -> None:
    ticket = accepted(at, "material_supply")
    perform(
        PROPOSE, ticket=ticket, changes={"needed_by": now() + timedelta(hours=1)}, reason="提前",
        lines=[{"position": 1, "quantity": Decimal(200)}], by=at.key,
    )  # fmt: skip
    perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(100), by=at.liaison)
    before = record(ticket)
    later = clock_at(now() + timedelta(days=2))
    with override("zh-hans"), later, pytest.raises(Invalid) as refused:
        perform(ADOPT, ticket=ticket, by=at.liaison)
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("amendment",), "date-order"), (("amendment",), "out-of-range"),
    ]  # fmt: skip
    said = [str(each.message) for each in refused.value.errors]
    assert [each.partition("：")[0] for each in said] == ["需用时间", "第 1 项 需求数量"]
    assert record(ticket) == before


def test_what_was_erased_is_not_adopted(at: Desk) -> None:
    ticket = accepted(at)
    perform(PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    EventText.objects.filter(event=last(ticket)).delete()
    before = record(ticket)
    with pytest.raises(NotAllowed):
        perform(ADOPT, ticket=ticket, by=at.liaison)
    assert record(ticket) == before
    perform(REJECT, ticket=ticket, reason="请重新提出", by=at.liaison)


def strangers(at: Desk) -> Iterator[tuple[Any, type[Exception]]]:
    other = desk()
    yield other.key, Missing
    yield at.other_liaison, NotAllowed
    yield at.auditor, NotAllowed


def test_nobody_else_amends_it(at: Desk) -> None:
    early, late = filed(at), accepted(at)
    people = list(strangers(at))
    before = record(early), record(late)
    for who, refusal in people:
        with pytest.raises(refusal):
            perform(AMEND, ticket=early, changes={"title": "甲"}, by=who)
        with pytest.raises(refusal):
            perform(PROPOSE, ticket=late, changes={"title": "甲"}, reason="换", by=who)
    assert (record(early), record(late)) == before

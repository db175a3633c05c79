"""What was met, line by line, and how it was settled."""

from decimal import Decimal
from typing import Any

import pytest

from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.material_supply import MaterialSupplyLine
from coordination.tickets.kinds.worker_return import WorkerReturnLine
from coordination.tickets.models import EventText, Fulfilment, Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.refusals import Invalid, NotAllowed
from tests.factories.coordination import Desk, desk, filed, material, party

pytestmark = pytest.mark.django_db


def accepted(at: Desk, *counts: int) -> Ticket:
    ticket = filed(at, "worker_return", lines=[party(headcount=each) for each in counts])
    return perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)


def meet(at: Desk, ticket: Ticket, line: int, quantity: str) -> Ticket:
    return perform(Verb.FULFIL, ticket=ticket, line=line, quantity=Decimal(quantity), by=at.liaison)


def lines(ticket: Ticket) -> list[Any]:
    rows = WorkerReturnLine.objects.filter(ticket=ticket).order_by("position")
    return list(rows.values_list("met", "outcome", "outcome_reason"))


def state(ticket: Ticket) -> tuple[Any, ...]:
    return (
        Ticket.objects.values().get(pk=ticket.pk), lines(ticket), TicketEvent.objects.count(),
        EventText.objects.count(), Fulfilment.objects.count(),
    )  # fmt: skip


def test_what_was_met_is_summed_and_corrected() -> None:
    at = desk()
    ticket = accepted(at, 20, 5)
    for line, quantity in ((1, "12"), (1, "8"), (2, "3"), (1, "-5"), (2, "-3")):
        meet(at, ticket, line, quantity)
    assert lines(ticket) == [(15, "part_met", ""), (0, "pending", "")]
    facts = Fulfilment.objects.filter(ticket=ticket).order_by("event__seq")
    met: list[Any] = list(facts.values_list("line", "quantity"))
    assert met == [
        (1, 12), (1, 8), (2, 3), (1, -5), (2, -3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "quantity", "field", "code"),
    [
        (1, "21", "quantity", "out-of-range"),
        (1, "-1", "quantity", "out-of-range"),
        (1, "0", "quantity", "invalid"),
        (1, "NaN", "quantity", "invalid"),
        (1, "Infinity", "quantity", "invalid"),
        (1, "1.5", "quantity", "whole"),
        (1, "1e30", "quantity", "out-of-range"),
        (3, "1", "line", "choice"),
    ],
)
def test_what_cannot_be_met(line: int, quantity: str, field: str, code: str) -> None:
    at = desk()
    ticket = accepted(at, 20)
    before = state(ticket)
    with pytest.raises(Invalid) as refused:
        meet(at, ticket, line, quantity)
    assert ((field,), code) in [(each.path, each.code) for each in refused.value.errors]
    assert state(ticket) == before


def test_a_materials_quantity_has_three_places() -> None:
    at = desk()
    ticket = filed(at, "material_supply", lines=[material()])
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    meet(at, ticket, 1, "0.125")
    with pytest.raises(Invalid) as refused:
        meet(at, ticket, 1, "0.0001")
    assert [each.code for each in refused.value.errors] == ["places"]
    assert MaterialSupplyLine.objects.get(ticket=ticket).met == Decimal("0.125")


def test_resolving_needs_a_reason_for_every_line_not_met() -> None:
    at = desk()
    ticket = accepted(at, 20, 5, 7)
    meet(at, ticket, 1, "20")
    meet(at, ticket, 2, "2")
    before = state(ticket)
    with pytest.raises(Invalid) as refused:
        perform(Verb.RESOLVE, ticket=ticket, by=at.liaison, result="办结", reasons={2: " "})
    assert [each.path for each in refused.value.errors] == [("reasons", 2), ("reasons", 3)]
    assert state(ticket) == before
    perform(
        Verb.RESOLVE, ticket=ticket, by=at.liaison, result="办结",
        reasons={1: "多余", 2: "其余自行返岗", 3: "已取消"},
    )  # fmt: skip
    assert lines(ticket) == [
        (20, "met", ""), (2, "part_met", "其余自行返岗"), (0, "refused", "已取消"),
    ]  # fmt: skip


def test_done_again_a_line_is_unsettled_and_what_was_met_stays() -> None:
    at = desk()
    ticket = accepted(at, 20, 5)
    meet(at, ticket, 1, "2")
    perform(
        Verb.RESOLVE, ticket=ticket, by=at.liaison, result="办结", reasons={1: "部分", 2: "没有"}
    )
    ticket = perform(Verb.REDO, ticket=ticket, by=at.key, reason="未到")
    assert (ticket.status, ticket.redo_count) == (Status.IN_PROGRESS, 1)
    assert lines(ticket) == [(2, "part_met", ""), (0, "pending", "")]


@pytest.mark.parametrize(
    ("verb", "inputs", "field"),
    [
        (Verb.ASK, {"question": " "}, "question"),
        (Verb.DECLINE, {"reason": ""}, "reason"),
        (Verb.WITHDRAW, {"reason": "x" * 2001}, "reason"),
        (Verb.PASS_ON, {"reason": "", "group": None}, "reason"),
        (Verb.PASS_ON, {"reason": "归属", "group": None}, "group"),
        (Verb.COMMENT, {"text": ""}, "text"),
    ],
)
def test_what_must_be_said(verb: Verb, inputs: dict[str, Any], field: str) -> None:
    at = desk()
    ticket = filed(at)
    before = state(ticket)
    by = at.key if verb is Verb.WITHDRAW else at.liaison
    with pytest.raises(Invalid) as refused:
        perform(verb, ticket=ticket, by=by, **inputs)
    assert [each.path for each in refused.value.errors] == [(field,)]
    assert state(ticket) == before


def test_no_more_than_two_questions() -> None:
    at = desk()
    ticket = filed(at)
    for _time in range(2):
        ticket = perform(Verb.ASK, ticket=ticket, by=at.liaison, question="路线?")
        ticket = perform(Verb.SUPPLEMENT, ticket=ticket, by=at.key, answer="连霍")
    before = state(ticket)
    with pytest.raises(NotAllowed):
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="再问")
    assert state(ticket) == before

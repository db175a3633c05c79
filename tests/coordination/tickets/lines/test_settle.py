"""Each line is met, refused with a reason, or taken up again; every step of it is a fact."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.worker_return import WorkerReturnLine
from coordination.tickets.models import Fulfilment, LineRefusal, Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.refusals import Invalid
from tests.factories.coordination import Desk, desk, filed, party

pytestmark = pytest.mark.django_db


def accepted(at: Desk, *counts: int) -> Ticket:
    ticket = filed(at, "worker_return", lines=[party(headcount=each) for each in counts])
    return perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)


def do(at: Desk, ticket: Ticket, verb: str, **inputs: Any) -> Ticket:
    return perform(verb, ticket=ticket, by=at.liaison, **inputs)


def lines(ticket: Ticket) -> list[Any]:
    rows = WorkerReturnLine.objects.filter(ticket=ticket).order_by("position")
    return list(rows.values_list("met", "refused", "outcome", "outcome_reason"))


def facts(ticket: Ticket) -> list[Any]:
    rows = LineRefusal.objects.filter(ticket=ticket).order_by("pk")
    return list(rows.values_list("event__verb", "line", "quantity"))


def state(ticket: Ticket) -> tuple[Any, ...]:
    counted = (TicketEvent.objects.count(), Fulfilment.objects.count(), LineRefusal.objects.count())
    return (Ticket.objects.values().get(pk=ticket.pk), lines(ticket), *counted)


def test_what_is_left_is_refused_and_taken_up_again() -> None:
    at = desk()
    ticket = accepted(at, 20, 5)
    do(at, ticket, Verb.FULFIL, line=1, quantity=Decimal(12))
    do(at, ticket, Verb.REFUSE, line=1, reason="其余已转业")
    do(at, ticket, Verb.REFUSE, line=2, reason="已取消")
    assert lines(ticket) == [(12, 8, "part_met", "其余已转业"), (0, 5, "refused", "已取消")]
    do(at, ticket, Verb.RECONSIDER, line=2, reason="又要返岗")
    assert lines(ticket) == [(12, 8, "part_met", "其余已转业"), (0, 0, "pending", "")]
    assert facts(ticket) == [("refuse", 1, 8), ("refuse", 2, 5), ("reconsider", 2, -5)]
    said = ticket.events.get(verb="reconsider")
    assert (said.payload, said.text.body) == ({"line": 2, "quantity": "5"}, {"reason": "又要返岗"})


def test_resolving_asks_only_for_what_is_not_settled() -> None:
    at = desk()
    ticket = accepted(at, 20, 5, 7)
    do(at, ticket, Verb.FULFIL, line=1, quantity=Decimal(20))
    do(at, ticket, Verb.REFUSE, line=2, reason="已取消")
    before = state(ticket)
    with pytest.raises(Invalid) as refused:
        do(at, ticket, Verb.RESOLVE, result="办结")
    assert [each.path for each in refused.value.errors] == [("reasons", 3)]
    assert state(ticket) == before
    ticket = do(at, ticket, Verb.RESOLVE, result="办结", reasons={3: "自行返岗"})
    assert ticket.status == Status.RESOLVED
    assert facts(ticket) == [("refuse", 2, 5), ("resolve", 3, 7)]
    perform(Verb.REDO, ticket=ticket, by=at.key, reason="未到")
    assert lines(ticket) == [(20, 0, "met", ""), (0, 0, "pending", ""), (0, 0, "pending", "")]
    assert facts(ticket)[2:] == [("redo", 2, -5), ("redo", 3, -7)]


@pytest.mark.parametrize(
    ("verb", "inputs", "expected"),
    [
        (Verb.REFUSE, {"line": 1, "reason": "已到"}, (("line",), "settled")),
        (Verb.REFUSE, {"line": 3, "reason": "已取消"}, (("line",), "settled")),
        (Verb.REFUSE, {"line": 2, "reason": " "}, (("reason",), "required")),
        (Verb.REFUSE, {"line": 2, "reason": "长" * 201}, (("reason",), "max_length")),
        (Verb.REFUSE, {"line": 9, "reason": "没有"}, (("line",), "choice")),
        (Verb.RECONSIDER, {"line": 2, "reason": "再办"}, (("line",), "not-refused")),
        (Verb.FULFIL, {"line": 3, "quantity": Decimal(1)}, (("line",), "refused")),
    ],
)
def test_what_is_refused_changes_nothing(
    verb: str, inputs: dict[str, Any], expected: tuple[Any, str]
) -> None:
    at = desk()
    ticket = accepted(at, 20, 5, 7)
    do(at, ticket, Verb.FULFIL, line=1, quantity=Decimal(20))
    do(at, ticket, Verb.REFUSE, line=3, reason="已取消")
    before = state(ticket)
    with pytest.raises(Invalid) as refused:
        do(at, ticket, verb, **inputs)
    assert [(each.path, each.code) for each in refused.value.errors] == [expected]
    assert state(ticket) == before


def test_the_database_keeps_the_sum_within_what_was_asked() -> None:
    ticket = accepted(desk(), 20)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkerReturnLine.objects.filter(ticket=ticket).update(met=15, refused=6)
    assert lines(ticket) == [(0, 0, "pending", "")]


def test_a_fact_is_written_with_its_event_or_not_at_all() -> None:
    at = desk()
    ticket = accepted(at, 20)
    before = state(ticket)
    with pytest.raises(UnicodeEncodeError), transaction.atomic():
        # Half of a character cannot be stored: the line is written, then the event's words fail.
        do(at, ticket, Verb.FULFIL, line=1, quantity=Decimal(1), note="a\ud800b")
    assert state(ticket) == before


STEPS = st.lists(
    st.tuples(st.sampled_from(["fulfil", "refuse", "reconsider"]), st.integers(1, 2),
              st.integers(-20, 20)),
    max_size=12,
)  # fmt: skip


@settings(max_examples=15)
@given(steps=STEPS)
def test_the_facts_always_sum_to_the_line(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        at = desk()
        ticket = accepted(at, 20, 5)
        for verb, line, number in steps:
            given_ = {"quantity": Decimal(number)} if verb == "fulfil" else {"reason": "说明"}
            try:
                do(at, ticket, verb, line=line, **given_)
            except Invalid:
                continue
        for row in WorkerReturnLine.objects.filter(ticket=ticket):
            met = Fulfilment.objects.filter(ticket=ticket, line=row.position)
            refused = LineRefusal.objects.filter(ticket=ticket, line=row.position)
            assert row.met == sum(each.quantity for each in met)
            assert row.refused == sum(each.quantity for each in refused)
            assert row.outcome == row.judged()
        transaction.set_rollback(True)


def test_the_page_offers_each_verb_for_the_lines_that_it_may_name(client: Client) -> None:
    at = desk()
    ticket = accepted(at, 20, 5)
    client.force_login(at.liaison)
    address = reverse("admin:tickets_ticket_change", args=[ticket.pk])

    def offered() -> dict[str, list[int]]:
        actions = client.get(address).context["acts"].able
        return {
            str(action.verb): [value for value, _label in action.form.fields["line"].choices]
            for action in actions
            if action.form is not None and "line" in action.form.fields
        }

    assert offered() == {"fulfil": [1, 2], "refuse": [1, 2]}
    do(at, ticket, Verb.REFUSE, line=2, reason="已取消")
    assert offered() == {"fulfil": [1], "refuse": [1], "reconsider": [2]}

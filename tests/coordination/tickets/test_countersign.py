"""What was ever overdue is written off by two: signed for, then countersigned by the centre."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coordination.delivery.models import Delivery, Notice
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs, awaiting_countersignature
from coordination.tickets.verbs.registry import perform
from coordination.workbench.queue.filters import parse_queue
from coordination.workbench.queue.saved import views_of
from projects.flow import chain
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from projects.record.writing import Rows, write
from tests.bed.races import race
from tests.factories.coordination import Desk, desk, filed, officer

CLOSING = {Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO, Verb.CONFIRM}


@pytest.fixture
def at(db: None) -> Desk:
    return desk()


def late() -> datetime:
    return now() + timedelta(days=30)


def red(at: Desk, by: str = "liaison") -> Ticket:
    """A ticket that was resolved after its deadline."""
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=getattr(at, by))
    with clock_at(late()):
        resolve(at, ticket, by)
    return Ticket.objects.get(pk=ticket.pk)


def resolve(at: Desk, ticket: Ticket, by: str = "liaison") -> Ticket:
    given: dict[str, Any] = {"result": "已放行", "reasons": {1: "改道通行"}}
    return perform(Verb.RESOLVE, ticket=ticket, by=getattr(at, by), **given)


def signed(at: Desk, by: str = "lead", ticket: Ticket | None = None) -> Ticket:
    return perform(
        Verb.SIGN_OFF, ticket=ticket or red(at), by=getattr(at, by), follow_up="回访属实"
    )


def offered(ticket: Ticket, who: Any) -> set[str]:
    row = Ticket.objects.get(pk=ticket.pk)
    return set(allowed_verbs(row, who)) & CLOSING


def everything() -> list[Any]:
    models = (Ticket, TicketEvent, EventText, Notice, Delivery)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


PEOPLE = ("liaison", "deputy", "lead", "duty_desk", "director", "auditor", "key", "other_lead")
CALM: dict[str, set[Verb]] = {
    "lead": {Verb.WRITE_OFF, Verb.REDO}, "duty_desk": {Verb.WRITE_OFF},
    "director": {Verb.WRITE_OFF}, "key": {Verb.CONFIRM, Verb.REDO},
}  # fmt: skip
RED = {
    "lead": {Verb.SIGN_OFF, Verb.REDO}, "duty_desk": {Verb.SIGN_OFF},
    "director": {Verb.SIGN_OFF}, "key": {Verb.CONFIRM, Verb.REDO},
}  # fmt: skip
SIGNED = {
    "lead": {Verb.REDO}, "duty_desk": {Verb.COUNTERSIGN, Verb.REDO},
    "director": {Verb.COUNTERSIGN, Verb.REDO}, "key": {Verb.CONFIRM, Verb.REDO},
}  # fmt: skip


def test_who_may_close_what(at: Desk) -> None:
    calm = resolve(at, perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison))
    once_red = red(at)
    for ticket, expected in ((calm, CALM), (once_red, RED)):
        for who in PEOPLE:
            assert offered(ticket, getattr(at, who)) == expected.get(who, set()), who
    signed(at, ticket=once_red)
    for who in PEOPLE:
        assert offered(once_red, getattr(at, who)) == SIGNED.get(who, set()), who


def test_two_signatures_close_it(at: Desk) -> None:
    ticket = signed(at)
    assert (ticket.status, ticket.signed_off_by, ticket.ended_at) == (
        Status.RESOLVED, at.lead, None,
    )  # fmt: skip
    assert ticket.awaits_countersignature
    assert list(awaiting_countersignature()) == [ticket]
    done = perform(Verb.COUNTERSIGN, ticket=ticket, by=at.director, note="情况属实")
    assert (done.status, done.signed_off_by) == (Status.CLOSED, at.lead)
    assert not done.awaits_countersignature
    assert list(awaiting_countersignature()) == []
    last = list(done.events.order_by("seq"))[-2:]
    assert [(event.verb, event.officer, event.text.body) for event in last] == [
        ("sign_off", at.lead, {"follow_up": "回访属实"}),
        ("countersign", at.director, {"note": "情况属实"}),
    ]
    assert [event.payload for event in last] == [
        {"resolved_by": at.liaison.pk},
        {"resolved_by": at.liaison.pk, "signed_off_by": at.lead.pk},
    ]
    assert list(audit()) == []


def refused(verb: Verb, ticket: Ticket, by: Officer, **inputs: Any) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        perform(verb, ticket=ticket, by=by, **inputs)
    assert everything() == before


def test_one_signature_does_not_close_what_was_ever_red(at: Desk) -> None:
    ticket = red(at)
    for by in (at.lead, at.duty_desk, at.director):
        refused(Verb.WRITE_OFF, ticket, by, follow_up="属实")
        refused(Verb.COUNTERSIGN, ticket, by)
    calm = resolve(at, perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison))
    refused(Verb.SIGN_OFF, calm, at.lead, follow_up="属实")


@pytest.mark.parametrize("by", ["duty_desk", "director"])
def test_the_second_is_always_another(at: Desk, by: str) -> None:
    ticket = signed(at, by)
    refused(Verb.COUNTERSIGN, ticket, getattr(at, by))
    refused(Verb.SIGN_OFF, ticket, at.lead, follow_up="属实")
    other = at.director if by == "duty_desk" else at.duty_desk
    assert perform(Verb.COUNTERSIGN, ticket=ticket, by=other).status == Status.CLOSED


def test_who_resolved_it_gives_neither_signature(at: Desk) -> None:
    ticket = red(at, "lead")
    refused(Verb.SIGN_OFF, ticket, at.lead, follow_up="属实")
    signed(at, "duty_desk", ticket)
    Officer.objects.filter(pk=at.lead.pk).update(role=Role.DIRECTOR)  # promoted since
    refused(Verb.COUNTERSIGN, ticket, Officer.objects.get(pk=at.lead.pk))


def test_the_follow_up_is_required(at: Desk) -> None:
    ticket = red(at)
    before = everything()
    with pytest.raises(Invalid) as wrong:
        perform(Verb.SIGN_OFF, ticket=ticket, by=at.lead, follow_up=" ")
    assert [each.path for each in wrong.value.errors] == [("follow_up",)]
    assert everything() == before


def test_the_centre_sends_it_back_and_it_is_signed_for_anew(at: Desk) -> None:
    ticket = red(at)
    refused(Verb.REDO, ticket, at.duty_desk, reason="未回访企业")
    signed(at, ticket=ticket)
    before = Notice.objects.count()
    back = perform(Verb.REDO, ticket=ticket, by=at.duty_desk, reason="未回访企业")
    assert (back.status, back.signed_off_by, back.signed_off_at) == (
        Status.IN_PROGRESS, None, None,
    )  # fmt: skip
    heard = {notice.officer for notice in Notice.objects.order_by("pk")[before:]}
    assert heard == {at.liaison, at.lead}
    resolve(at, back)
    assert offered(ticket, at.duty_desk) == {Verb.SIGN_OFF}


def test_the_enterprises_word_closes_it_without_the_centre(at: Desk) -> None:
    for ticket in (red(at), signed(at)):
        done = perform(Verb.CONFIRM, ticket=ticket, by=at.key, satisfaction=4)
        assert (done.status, done.satisfaction) == (Status.CLOSED, 4)


def test_reopened_its_signature_is_taken_back(at: Desk) -> None:
    ticket = perform(Verb.COUNTERSIGN, ticket=signed(at), by=at.director)
    with clock_at(late() + timedelta(days=1)):
        again = perform(Verb.REOPEN, ticket=ticket, by=at.lead, reason="再次受阻")
    assert (again.signed_off_by, again.signed_off_at, again.ever_red) == (None, None, True)


def test_the_centre_and_then_the_signer_are_told(at: Desk) -> None:
    red_one, second = red(at), officer(Role.DUTY_DESK)
    before = Notice.objects.count()
    ticket = signed(at, ticket=red_one)
    told = [(each.officer, each.title) for each in Notice.objects.order_by("pk")[before:]]
    title = f"工单{ticket.number}曾超期，待中心复核销号"
    assert {who for who, _title in told} == {at.duty_desk, second, at.director}
    assert {said for _who, said in told} == {title}
    before = Notice.objects.count()
    perform(Verb.COUNTERSIGN, ticket=ticket, by=at.duty_desk)
    assert [each.officer for each in Notice.objects.order_by("pk")[before:]] == [at.lead]


@pytest.mark.parametrize("verb", [Verb.SIGN_OFF, Verb.COUNTERSIGN])
def test_an_event_that_cannot_be_written_undoes_it(
    at: Desk, verb: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = red(at) if verb is Verb.SIGN_OFF else signed(at)
    before = everything()

    def fail(*tables: Rows, **options: Any) -> None:
        write(*tables, **options)
        raise ZeroDivisionError

    monkeypatch.setattr(chain, "write", fail)
    inputs: dict[str, Any] = {"follow_up": "属实"} if verb is Verb.SIGN_OFF else {}
    with pytest.raises(ZeroDivisionError):
        perform(verb, ticket=ticket, by=at.director, **inputs)
    assert everything() == before


@pytest.mark.parametrize(
    "values",
    [{"signed_off_at": None}, {"status": "in_progress"}, {"resolved_by": "lead"}],
)
def test_the_database_holds_the_signature(at: Desk, values: dict[str, Any]) -> None:
    ticket = signed(at)
    if "resolved_by" in values:
        values = {"resolved_by": at.lead}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**values)


def test_the_queue_shows_what_waits(at: Desk) -> None:
    red(at)
    ticket = signed(at)
    for who in (at.lead, at.duty_desk, at.director):
        (query,) = [view.query for view in views_of(who) if view.query.startswith("signature")]
        rows = parse_queue(dict([query.split("=")]), who).rows()
        assert rows is not None
        assert list(rows) == [ticket]


@pytest.mark.django_db(transaction=True)
def test_of_two_countersigners_one_wins() -> None:
    at = desk()
    ticket = signed(at)
    outcomes = race(
        *(
            partial(perform, Verb.COUNTERSIGN, ticket=ticket, by=who)
            for who in (at.duty_desk, at.director, at.duty_desk, at.director)
        )
    )
    assert [type(each.error) for each in outcomes if each.error] == [NotAllowed] * 3
    assert ticket.events.filter(verb=Verb.COUNTERSIGN).count() == 1
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert list(audit()) == []

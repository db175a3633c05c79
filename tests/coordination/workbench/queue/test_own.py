"""An officer's own views and marks, and a verb for many."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_responsible import answering_each
from coordination.tickets.verbs.registry import perform
from coordination.workbench.models import SavedView, TicketSeen
from coordination.workbench.queue.bulk import Outcome, perform_each, picked
from coordination.workbench.queue.filters import parse_queue
from coordination.workbench.queue.saved import (
    MOST_VIEWS,
    first_query,
    remove_view,
    save_view,
    views_of,
)
from coordination.workbench.queue.seen import mark_seen, unread_among
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def save(by: Officer, name: str, *, is_default: bool = False, **given: str) -> SavedView:
    return save_view(name=name, queue=parse_queue(given, by), is_default=is_default, by=by)


def own(by: Officer) -> list[tuple[str, str, bool]]:
    rows = SavedView.objects.filter(officer=by)
    return list(rows.order_by("pk").values_list("name", "query", "is_default"))


def test_a_role_has_its_views_and_opens_its_first(at: Desk) -> None:
    assert first_query(views_of(at.liaison)) == "status=open&handler=me"
    assert first_query(views_of(at.lead)) == "status=open"
    assert [view.query for view in views_of(at.duty_desk)] == [
        "status=open", "status=open&group=none", "status=submitted",
        "light=red&order=due", "status=need_info",
        "status=resolved", "signature=awaited", "passed=3", "",
    ]  # fmt: skip


def test_a_view_is_kept_replaced_and_one_opens_first(at: Desk) -> None:
    save(at.liaison, " 急件 ", is_default=True, urgency="urgent")
    save(at.liaison, "车辆", is_default=True, kind="vehicle_pass")
    save(at.liaison, "急件", urgency="critical")
    assert own(at.liaison) == [
        ("急件", "urgency=critical", False), ("车辆", "kind=vehicle_pass", True)
    ]  # fmt: skip
    assert first_query(views_of(at.liaison)) == "kind=vehicle_pass"
    assert own(at.lead) == []


@pytest.mark.parametrize("name", ["", "   ", "字" * 21])
def test_a_view_needs_a_short_name(at: Desk, name: str) -> None:
    with pytest.raises(Invalid):
        save(at.liaison, name)
    assert own(at.liaison) == []


def test_twenty_views_are_enough(at: Desk) -> None:
    for number in range(MOST_VIEWS):
        save(at.liaison, str(number))
    save(at.liaison, "3", status="open")
    with pytest.raises(Invalid):
        save(at.liaison, "another")
    assert len(own(at.liaison)) == MOST_VIEWS


def test_only_his_own_view_is_removed(at: Desk) -> None:
    view = save(at.liaison, "急件", urgency="urgent")
    with pytest.raises(Missing):
        remove_view(view_id=view.pk, by=at.lead)
    assert own(at.liaison) == [("急件", "urgency=urgent", False)]
    remove_view(view_id=view.pk, by=at.liaison)
    assert own(at.liaison) == []


def test_a_ticket_is_unread_until_seen_and_again_when_it_changed(at: Desk) -> None:
    one, two = filed(at), filed(at)
    assert unread_among([one, two], at.liaison) == {one.pk, two.pk}
    mark_seen(ticket=one, by=at.liaison)
    mark_seen(ticket=one, by=at.liaison)
    assert unread_among([one, two], at.liaison) == {two.pk}
    assert unread_among([one], at.lead) == {one.pk}
    perform(Verb.COMMENT, ticket=one, by=at.lead, text="请抓紧", internal=True)
    one.refresh_from_db()
    assert unread_among([one], at.liaison) == {one.pk}
    assert TicketSeen.objects.count() == 1


def test_many_are_done_one_by_one_and_each_refusal_is_named(at: Desk) -> None:
    one, two, stale, other = filed(at), filed(at), filed(at), filed(at)
    perform(Verb.ACCEPT, ticket=two, by=at.lead)
    perform(Verb.PASS_ON, ticket=other, by=at.liaison, reason="对口", group=at.other_group)
    versions = {one.pk: 1, two.pk: 2, stale.pk: 7, other.pk: 2, 10**9: 1}
    before = TicketEvent.objects.count()
    outcomes = perform_each(Verb.ACCEPT, versions=versions, inputs={}, by=at.deputy)
    assert [each.ticket.pk for each in outcomes] == [stale.pk, two.pk, one.pk]
    assert [bool(each.refusal) for each in outcomes] == [True, True, False]
    assert TicketEvent.objects.count() == before + 1
    assert dict(Ticket.objects.values_list("pk", "status")) == {
        one.pk: Status.IN_PROGRESS, two.pk: Status.IN_PROGRESS, stale.pk: Status.SUBMITTED,
        other.pk: Status.SUBMITTED,
    }  # fmt: skip


def test_invalid_input_is_named_by_each(at: Desk) -> None:
    ticket = filed(at)
    given = {"reason": "对口", "group": at.group}
    (outcome,) = perform_each(Verb.PASS_ON, versions={ticket.pk: 1}, inputs=given, by=at.liaison)
    assert outcome.refusal
    assert picked([ticket.pk], at.other_lead) == []


def settled(at: Desk) -> Ticket:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    return perform(Verb.FULFIL, ticket=ticket, by=at.liaison, line=1, quantity=Decimal(1))


def said(outcomes: list[Outcome]) -> dict[int, str]:
    return {each.ticket.pk: each.refusal for each in outcomes}


@override("en")
def test_a_lead_gives_each_to_its_own_liaison_or_all_to_one(at: Desk) -> None:
    one, two = filed(at), filed(at)
    passed = perform(
        Verb.PASS_ON, ticket=filed(at), by=at.liaison, reason="对口", group=at.other_group
    )
    back = perform(Verb.PASS_ON, ticket=passed, by=at.other_lead, reason="对口", group=at.group)
    taken = perform(Verb.ACCEPT, ticket=filed(at), by=at.deputy)
    rows = [one, two, back, taken]
    versions = {each.pk: each.version for each in rows}
    before = TicketEvent.objects.count()
    outcomes = perform_each(Verb.ACCEPT, versions=versions, inputs={"handler": None}, by=at.lead)
    assert said(outcomes) == {
        one.pk: "", two.pk: "", back.pk: "", taken.pk: "It is accepted already.",
    }  # fmt: skip
    assert TicketEvent.objects.count() == before + 3
    assert dict(Ticket.objects.values_list("pk", "handler")) == {
        one.pk: at.liaison.pk, two.pk: at.liaison.pk, back.pk: at.liaison.pk,
        taken.pk: at.deputy.pk,
    }  # fmt: skip
    three, four = filed(at), filed(at)
    versions = {three.pk: 1, four.pk: 1}
    perform_each(Verb.ACCEPT, versions=versions, inputs={"handler": at.deputy}, by=at.lead)
    assert set(Ticket.objects.filter(pk__in=versions).values_list("status", "handler")) == {
        (Status.IN_PROGRESS, at.deputy.pk)
    }


@override("en")
def test_nobody_is_given_many_who_cannot_act_in_the_group(at: Desk) -> None:
    one, two = filed(at), filed(at)
    before = TicketEvent.objects.count()
    for by, handler in ((at.lead, at.other_liaison), (at.liaison, at.deputy)):
        outcomes = perform_each(
            Verb.ACCEPT, versions={one.pk: 1, two.pk: 1}, inputs={"handler": handler}, by=by
        )
        assert set(said(outcomes).values()) == {"Choose an officer of the group who can act now."}
    assert TicketEvent.objects.count() == before


def test_whose_many_are_takes_a_constant_number_of_questions(at: Desk) -> None:
    def questions() -> int:
        tickets = picked(Ticket.objects.values_list("pk", flat=True), at.lead)
        with CaptureQueriesContext(connection) as asked:
            assert set(answering_each(tickets, now()).values()) == {at.liaison}
        return len(asked)

    filed(at)
    once = questions()
    for _each in range(3):
        filed(at)
    assert questions() == once


@override("en")
def test_many_are_resolved_and_unsettled_lines_are_named(at: Desk) -> None:
    done, new = settled(at), filed(at)
    unsettled = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    rows = [done, unsettled, new]
    versions, inputs = {each.pk: each.version for each in rows}, {"result": "已放行"}
    before = TicketEvent.objects.count()
    outcomes = perform_each(Verb.RESOLVE, versions=versions, inputs=inputs, by=at.liaison)
    assert said(outcomes) == {
        done.pk: "", unsettled.pk: "Not settled yet: line 1.",
        new.pk: "It is not accepted yet.",
    }  # fmt: skip
    assert TicketEvent.objects.count() == before + 1
    assert dict(Ticket.objects.values_list("pk", "status")) == {
        done.pk: Status.RESOLVED, unsettled.pk: Status.IN_PROGRESS, new.pk: Status.SUBMITTED,
    }  # fmt: skip


@override("en")
def test_many_are_written_off_but_not_what_was_overdue_nor_ones_own_work(at: Desk) -> None:
    plain, own = settled(at), settled(at)
    plain = perform(Verb.RESOLVE, ticket=plain, by=at.liaison, result="已放行")
    own = perform(Verb.RESOLVE, ticket=own, by=at.lead, result="已放行")
    red = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    with clock_at(now() + timedelta(days=30)):
        red = perform(Verb.RESOLVE, ticket=red, by=at.liaison, result="已放行", reasons={1: "改道"})
    gone = perform(Verb.DECLINE, ticket=filed(at), by=at.liaison, reason="不属本组")
    versions = {each.pk: each.version for each in (plain, own, red, gone)}
    before = TicketEvent.objects.count()
    inputs = {"follow_up": "已电话回访"}
    outcomes = perform_each(Verb.WRITE_OFF, versions=versions, inputs=inputs, by=at.lead)
    assert said(outcomes) == {
        plain.pk: "", own.pk: "You resolved it, so the duty desk writes it off.",
        red.pk: "It was overdue once, so writing it off needs two signatures.",
        gone.pk: "“Write off” is not allowed for you while the ticket is “Declined”.",
    }  # fmt: skip
    assert TicketEvent.objects.count() == before + 1
    again = perform_each(Verb.WRITE_OFF, versions=versions, inputs=inputs, by=at.lead)
    assert said(again)[plain.pk] == "This was changed by someone else since you opened it."


@override("en")
def test_many_are_urged_once_a_day(at: Desk) -> None:
    one, two = filed(at), filed(at)
    perform(Verb.URGE, ticket=two, by=at.director)
    versions = {one.pk: 1, two.pk: 2}
    outcomes = perform_each(Verb.URGE, versions=versions, inputs={"note": ""}, by=at.duty_desk)
    assert said(outcomes)[one.pk] == ""
    assert said(outcomes)[two.pk].startswith("It was urged today at ")
    assert dict(Ticket.objects.values_list("pk", "urge_count")) == {one.pk: 1, two.pk: 1}


def test_what_needs_a_look_at_each_is_not_for_many(at: Desk) -> None:
    ticket = filed(at)
    with pytest.raises(Missing):
        perform_each(Verb.DECLINE, versions={ticket.pk: 1}, inputs={"reason": "x"}, by=at.liaison)
    assert TicketEvent.objects.filter(ticket=ticket).count() == 1

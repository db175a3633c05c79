"""Served means that somebody can act: what breaks an assignment, and where its tickets go."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from coordination.delivery.models import Notice
from coordination.groups.models import ServiceGroup
from coordination.groups.queries_acting import Facts
from coordination.groups.queries_coverage import Reason, broken, broken_reason, coverage
from coordination.groups.revise import record_group
from coordination.groups.serve import join_group, take_leave
from coordination.intake.api_projects import own_projects, represent
from coordination.staff.models import Officer, Role
from coordination.staff.revise import record_officer
from coordination.tickets.flow import Capacity, Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import allowed_verbs, stand_in_queue
from coordination.tickets.queries_responsible import answering_instead
from coordination.tickets.standing import standing
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from coordination.workbench.desk.queries import desk_of
from coordination.workbench.queue.filters import parse_queue
from projects.record.clock import change, now
from projects.record.refusals import Invalid, NotAllowed
from tests.factories.coordination import (
    Desk,
    desk,
    filed,
    leave_group,
    officer,
    project,
)
from tests.factories.coordination import group as make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def deactivate(who: Officer, at: Desk) -> None:
    who.refresh_from_db()
    who.is_active = False
    record_officer(officer=who, changed=["is_active"], by=at.system_admin)


def go_away(who: Officer, at: Desk) -> None:
    take_leave(officer=who, start=now() - timedelta(minutes=1), end=now() + timedelta(days=2),
               by=at.director)  # fmt: skip


def change_role(who: Officer, role: str, at: Desk) -> None:
    who.role = role
    with change() as moment:
        who.record_revision(changed=["role"], at=moment, by=at.director)


def close(group: ServiceGroup, at: Desk) -> None:
    group.is_active = False
    record_group(group=group, changed=["is_active"], by=at.director)


def both_named_away(at: Desk) -> None:
    go_away(at.liaison, at)
    go_away(at.deputy, at)


def both_named_inactive(at: Desk) -> None:
    deactivate(at.liaison, at)
    deactivate(at.deputy, at)


def both_named_moved(at: Desk) -> None:
    join_group(officer=at.liaison, group=at.other_group, by=at.director)
    leave_group(officer=at.deputy, by=at.director)


def group_empty(at: Desk) -> None:
    for who in (at.liaison, at.deputy, at.lead):
        leave_group(officer=who, by=at.director)


def roles_changed(at: Desk) -> None:
    change_role(at.liaison, Role.AUDITOR, at)
    change_role(at.deputy, Role.DUTY_DESK, at)


def group_closed(at: Desk) -> None:
    close(at.group, at)


# What was done besides taking the lead away, and the reason that is shown.
BROKEN: list[tuple[Callable[[Desk], None], Reason]] = [
    (both_named_away, Reason.ON_LEAVE),
    (both_named_inactive, Reason.LIAISON_INACTIVE),
    (both_named_moved, Reason.LIAISON_MOVED),
    (roles_changed, Reason.LIAISON_ROLE),
    (group_empty, Reason.GROUP_EMPTY),
    (group_closed, Reason.GROUP_OUT_OF_SERVICE),
]


@pytest.mark.parametrize(("happens", "reason"), BROKEN)
def test_nobody_who_is_named_can_act(
    at: Desk, happens: Callable[[Desk], None], reason: Reason
) -> None:
    if happens is not group_empty:
        leave_group(officer=at.lead, by=at.director)
        officer(group=at.group)  # the group has another member
    happens(at)
    assert [(each.project, each.state) for each in broken(now())] == [(at.project.pk, reason)]
    assert broken_reason(at.project.pk, now()) == str(reason.label)
    for facts in Facts:
        found = coverage(now(), facts)
        assert (found.served, found.unserved, dict(found.broken)) == (0, 0, {reason: 1})


@pytest.mark.parametrize(("happens", "reason"), BROKEN[:4])
def test_with_a_lead_who_can_act_it_is_served_and_the_lead_gets_the_tickets(
    at: Desk, happens: Callable[[Desk], None], reason: Reason
) -> None:
    happens(at)
    for facts in Facts:
        assert coverage(now(), facts).is_complete, reason
    ticket = filed(at)
    assert (ticket.group, ticket.handler) == (at.group, at.lead)
    told = {each.officer for each in Notice.objects.filter(title__contains=ticket.number)}
    assert told == {at.lead}
    assert perform(Verb.ACCEPT, ticket=ticket, by=at.lead).handler == at.lead


def test_one_of_two_inactive_breaks_nothing(at: Desk) -> None:
    deactivate(at.deputy, at)
    assert filed(at).handler == at.liaison
    go_away(at.liaison, at)
    assert filed(at).handler == at.lead
    assert coverage(now()).is_complete


def test_without_any_of_them_the_member_with_the_fewest_open_tickets_gets_it(at: Desk) -> None:
    busy, free, also_free = (officer(group=at.group) for _each in range(3))
    deactivate(at.lead, at)
    Ticket.objects.filter(pk=filed(at).pk).update(handler=busy)
    both_named_away(at)
    assert filed(at).handler == free
    assert filed(at).handler == also_free
    assert [each.state for each in broken(now())] == [Reason.ON_LEAVE]


@pytest.mark.parametrize("happens", [group_empty, group_closed])
def test_with_nobody_in_the_group_the_duty_desk_acts(
    at: Desk, happens: Callable[[Desk], None]
) -> None:
    happens(at)
    ticket = filed(at)
    assert (ticket.group, ticket.handler) == (at.group, None)
    told = {each.officer for each in Notice.objects.filter(title__contains=ticket.number)}
    assert at.duty_desk in told
    waiting = [row.ticket for each in desk_of(at.duty_desk).sections for row in each.rows]
    assert waiting == [ticket]
    shown = parse_queue({"status": "open", "group": "unmanned"}, at.duty_desk).rows()
    assert shown is not None
    assert list(shown) == [ticket]
    assert Capacity.DUTY_DESK_ACTING in standing(ticket, at.duty_desk)
    assert Capacity.DUTY_DESK_ACTING not in standing(ticket, at.director)
    offered = set(allowed_verbs(ticket, at.duty_desk))
    assert {Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.PASS_ON} <= offered
    asked = perform(Verb.ASK, ticket=ticket, by=at.duty_desk, question="哪条路线")
    assert asked.status == Status.NEED_INFO
    declined = perform(Verb.DECLINE, ticket=filed(at), by=at.duty_desk, reason="不属于")
    assert declined.status == Status.DECLINED
    passed = perform(
        Verb.PASS_ON, ticket=filed(at), by=at.duty_desk, reason="本组无人", group=at.other_group
    )
    assert passed.group == at.other_group
    accepted = perform(Verb.ACCEPT, ticket=filed(at), by=at.duty_desk)
    assert (accepted.status, accepted.handler) == (Status.IN_PROGRESS, at.duty_desk)


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.PASS_ON])
def test_the_duty_desk_does_not_act_while_anybody_of_the_group_can(at: Desk, verb: Verb) -> None:
    inputs: dict[str, dict[str, Any]] = {
        Verb.ASK: {"question": "?"}, Verb.DECLINE: {"reason": "否"},
        Verb.PASS_ON: {"reason": "转", "group": at.other_group},
    }  # fmt: skip
    both_named_away(at)
    ticket = filed(at)
    before = (Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count())
    assert verb not in allowed_verbs(ticket, at.duty_desk)
    with pytest.raises(NotAllowed):
        perform(verb, ticket=ticket, by=at.duty_desk, **inputs.get(verb, {}))
    assert (Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()) == before


def test_when_somebody_is_back_the_duty_desk_acts_no_more(at: Desk) -> None:
    group_empty(at)
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.duty_desk)
    join_group(officer=at.liaison, group=at.group, by=at.director)
    assert Capacity.DUTY_DESK_ACTING not in standing(ticket, at.duty_desk)
    assert list(stand_in_queue(at.liaison)) == [ticket]
    assert Verb.RESOLVE in allowed_verbs(ticket, at.liaison)


# Tickets that were filed before


def told_of_a_comment(ticket: Ticket, at: Desk) -> set[Officer]:
    before = Notice.objects.count()
    perform(Verb.COMMENT, ticket=ticket, by=at.key, text="请尽快")
    return {each.officer for each in Notice.objects.order_by("pk")[before:]}


@pytest.mark.parametrize(
    ("happens", "who", "also_told"),
    [
        (lambda at: deactivate(at.liaison, at), "deputy", set()),
        (lambda at: leave_group(officer=at.liaison, by=at.director), "deputy", set()),
        (both_named_inactive, "lead", set()),
        (both_named_away, "lead", {"liaison"}),
    ],
)
def test_an_open_ticket_is_with_who_stands_in(
    at: Desk, happens: Callable[[Desk], None], who: str, also_told: set[str]
) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    happens(at)
    ticket.refresh_from_db()
    stands_in: Officer = getattr(at, who)
    assert list(stand_in_queue(stands_in)) == [ticket]
    assert Verb.RESOLVE in allowed_verbs(ticket, stands_in)
    assert told_of_a_comment(ticket, at) == {stands_in, *(getattr(at, each) for each in also_told)}
    assert answering_instead([ticket], now()) == {ticket.pk: stands_in}


def test_the_last_member_stands_in_for_everybody(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    member, busier = officer(group=at.group), officer(group=at.group)
    own = filed(at)
    Ticket.objects.filter(pk=own.pk).update(handler=busier)
    assert Verb.RESOLVE not in allowed_verbs(ticket, member)
    for who in (at.liaison, at.deputy, at.lead):
        deactivate(who, at)
    assert list(stand_in_queue(member)) == [ticket]
    assert list(stand_in_queue(busier)) == []
    assert Verb.RESOLVE in allowed_verbs(ticket, member)
    assert Verb.RESOLVE not in allowed_verbs(ticket, busier)
    assert told_of_a_comment(ticket, at) == {member}


def test_with_nobody_left_the_duty_desk_is_told_of_what_is_open(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    group_empty(at)
    ticket.refresh_from_db()
    assert told_of_a_comment(ticket, at) == set(Officer.objects.filter(role=Role.DUTY_DESK))
    assert answering_instead([ticket], now()) == {ticket.pk: None}


def test_the_enterprise_is_shown_who_really_serves_it(at: Desk) -> None:
    def shown() -> tuple[str, str | None, str | None]:
        (found,) = represent([own_project(at)], now())
        service = found["service"]
        called, instead = service["liaison"], service["stands_in_for"]
        return service["answers_as"], called and called["name"], instead and instead["name"]

    assert shown() == ("liaison", at.liaison.name, None)
    deactivate(at.liaison, at)
    assert shown() == ("deputy", at.deputy.name, at.liaison.name)
    deactivate(at.deputy, at)
    assert shown() == ("group_lead", at.lead.name, at.liaison.name)
    member = officer(group=at.group)
    deactivate(at.lead, at)
    assert shown() == ("member", member.name, at.liaison.name)
    deactivate(member, at)
    assert shown() == ("duty_desk", None, at.liaison.name)


def own_project(at: Desk) -> Any:
    return own_projects(at.key, now()).get(pk=at.project.pk)


# Where work is given


def test_nobody_passes_a_ticket_to_a_group_in_which_nobody_can_act(at: Desk) -> None:
    ticket = filed(at)
    empty = make_group()
    with pytest.raises(Invalid) as refused:
        perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="转", group=empty)
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("group",), "nobody-acts")
    ]
    assert Ticket.objects.get(pk=ticket.pk).group == at.group


def test_nobody_is_asked_to_assist_who_cannot_act(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    go_away(at.helper, at)
    deactivate(at.other_lead, at)
    for who in (at.helper, at.other_lead):
        with pytest.raises(Invalid):
            perform(Verb.ASSIST, ticket=ticket, by=at.liaison, officer=who)
    perform(Verb.ASSIST, ticket=ticket, by=at.liaison, officer=at.other_liaison)


def test_an_assignment_is_not_broken_from_its_first_moment(at: Desk) -> None:
    both_named_away(at)
    with pytest.raises(Invalid) as refused:
        take_on(
            project=project(), group=at.group, liaison=at.liaison, deputy=at.deputy, by=at.director
        )
    assert [(each.path, each.code) for each in refused.value.errors] == [(("liaison",), "on-leave")]
    third = officer(group=at.group)
    take_on(project=project(), group=at.group, liaison=at.liaison, deputy=third, by=at.director)
    assert coverage(now()).broken_total == 0

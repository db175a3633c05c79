"""Taking an officer or a group out of service: all work goes to others, or nothing is done."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.delivery.models import Notice
from coordination.groups.models import Assignment, GroupRevision, Membership
from coordination.groups.queries import assignment_of, group_of
from coordination.groups.queries_coverage import Reason, broken, coverage
from coordination.groups.serve import join_group, take_leave
from coordination.staff.models import Officer, OfficerRevision, Role
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import (
    Closing,
    Kind,
    Relief,
    close_group,
    plan_closing,
    plan_relief,
    relieve_officer,
)
from projects.record.clock import now
from projects.record.refusals import Invalid, NotAllowed
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.factories.coordination import Desk, desk, filed, officer, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def served(at: Desk, liaison: Officer, deputy: Officer | None = None) -> Project:
    """Another project of the desk's enterprise."""
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    group = group_of(liaison, now())
    assert group is not None
    take_on(project=site, group=group, liaison=liaison, deputy=deputy, by=at.director)
    return site


def relief(at: Desk, **values: Any) -> Relief:
    given: dict[str, Any] = {
        "officer": at.liaison, "kind": Kind.DEACTIVATE, "to": To.SPREAD, "reason": "调离",
    }  # fmt: skip
    return Relief(**(given | values))


def everything() -> tuple[Any, ...]:
    return (
        list(Assignment.objects.order_by("pk").values()), list(Ticket.objects.values()),
        list(Membership.objects.values()), TicketEvent.objects.count(), Notice.objects.count(),
        OfficerRevision.objects.count(), GroupRevision.objects.count(),
    )  # fmt: skip


def handed_over(ticket: Ticket) -> list[dict[str, Any]]:
    return [each.payload for each in ticket.events.filter(verb=Verb.HAND_OVER)]


def test_his_projects_and_tickets_are_spread_over_his_group(at: Desk) -> None:
    third = officer(group=at.group)
    sites = [at.project, *[served(at, at.liaison, at.deputy) for _each in range(5)]]
    tickets = [filed(at, project=site) for site in sites]
    plan = plan_relief(relief=relief(at), by=at.director)
    assert relieve_officer(relief=relief(at), by=at.director).shares() == plan.shares()
    assert (len(plan.moves), plan.tickets) == (6, 6)
    rows = [assignment_of(site, now()) for site in sites]
    liaisons = Counter(row.liaison for row in rows if row)
    assert liaisons == {at.deputy: 3, third: 3}
    assert all(row and row.deputy not in {None, row.liaison, at.liaison} for row in rows)
    for site, ticket in zip(sites, tickets, strict=True):
        ticket.refresh_from_db()
        row = assignment_of(site, now())
        assert row is not None
        assert (ticket.handler, len(handed_over(ticket))) == (row.liaison, 1)
    at.liaison.refresh_from_db()
    assert not at.liaison.is_active
    assert OfficerRevision.objects.filter(officer=at.liaison).latest("pk").by == at.director
    assert coverage(now()).is_complete
    told = Notice.objects.filter(topic="ticket.routed", officer=third, title__contains="移交")
    assert told.count() == 3


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.LEAVE_GROUP, {}), (Kind.DEACTIVATE, {}),
        (Kind.MOVE, {"group": "other_group"}), (Kind.CHANGE_ROLE, {"role": Role.DUTY_DESK}),
    ],
)  # fmt: skip
def test_all_goes_to_one_officer_of_any_group(at: Desk, kind: Kind, values: dict[str, Any]) -> None:
    ticket = filed(at)
    given = {name: at.other_group if name == "group" else each for name, each in values.items()}
    chosen = relief(at, kind=kind, to=To.ONE, one=at.other_liaison, **given)
    relieve_officer(relief=chosen, by=at.director)
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.group, row.liaison) == (at.other_group, at.other_liaison)
    assert row.deputy in {at.helper, at.other_lead}
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.other_group, at.other_liaison)
    assert len(handed_over(ticket)) == 1
    who = Officer.objects.get(pk=at.liaison.pk)
    expected = {
        Kind.LEAVE_GROUP: (True, Role.LIAISON, None),
        Kind.DEACTIVATE: (False, Role.LIAISON, at.group),
        Kind.MOVE: (True, Role.LIAISON, at.other_group),
        Kind.CHANGE_ROLE: (True, Role.DUTY_DESK, at.group),
    }[kind]
    assert (who.is_active, who.role, group_of(who, now())) == expected


def test_left_as_they_are_they_show_as_broken(at: Desk) -> None:
    for who in (at.lead, at.deputy):
        relieve_officer(relief=relief(at, officer=who, to=To.LEAVE), by=at.director)
    ticket = filed(at)
    plan = relieve_officer(relief=relief(at, to=To.LEAVE), by=at.director)
    assert (plan.moves, plan.tickets, plan.stay_projects, plan.stay_tickets) == ([], 0, 1, 1)
    assert handed_over(ticket) == []
    assert [each.state for each in broken(now())] == [Reason.GROUP_EMPTY]


def test_of_a_deputy_only_the_deputy_is_replaced(at: Desk) -> None:
    third, ticket = officer(group=at.group), filed(at)
    mine = perform(Verb.ACCEPT, ticket=filed(at), by=at.deputy)
    relieve_officer(relief=relief(at, officer=at.deputy), by=at.director)
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.liaison, row.deputy) == (at.liaison, third)
    assert handed_over(ticket) == []
    mine.refresh_from_db()
    assert mine.handler == at.liaison
    assert [each["from_handler"] for each in handed_over(mine)] == [at.deputy.pk]


def test_tickets_of_other_projects_go_to_who_serves_them(at: Desk) -> None:
    foreign = served(at, at.deputy)
    ticket = filed(at, project=foreign)
    Ticket.objects.filter(pk=ticket.pk).update(handler=at.liaison)
    passed = perform(
        Verb.PASS_ON, ticket=filed(at), by=at.liaison, reason="属地", group=at.other_group
    )
    perform(Verb.ACCEPT, ticket=passed, by=at.other_liaison)
    relieve_officer(relief=relief(at), by=at.director)
    ticket.refresh_from_db()
    assert ticket.handler == at.deputy
    relieve_officer(relief=relief(at, officer=at.other_liaison), by=at.director)
    passed.refresh_from_db()
    assert (passed.group, passed.handler) == (at.other_group, at.other_lead)


def test_with_nobody_left_in_the_group_the_projects_stay_and_are_counted(at: Desk) -> None:
    for who in (at.lead, at.deputy):
        relieve_officer(relief=relief(at, officer=who, to=To.LEAVE), by=at.director)
    plan = relieve_officer(relief=relief(at), by=at.director)
    assert (plan.moves, plan.stay_projects) == ([], 1)
    assert coverage(now()).broken_total == 1


def test_a_promotion_moves_nothing(at: Desk) -> None:
    before = list(Assignment.objects.values())
    chosen = relief(at, kind=Kind.CHANGE_ROLE, role=Role.GROUP_LEAD, to=To.SPREAD)
    assert relieve_officer(relief=chosen, by=at.director).moves == []
    assert Officer.objects.get(pk=at.liaison.pk).role == Role.GROUP_LEAD
    assert list(Assignment.objects.values()) == before


def test_a_group_closes_and_its_work_goes_to_the_others(at: Desk) -> None:
    site = served(at, at.deputy)
    tickets = [filed(at), filed(at, project=site)]
    strange = filed(at, project=served(at, at.other_liaison))
    came = perform(Verb.PASS_ON, ticket=strange, by=at.other_liaison, reason="属地", group=at.group)
    closing = Closing(group=at.group, to=To.SPREAD, reason="撤并")
    plan = plan_closing(closing=closing, by=at.director)
    assert close_group(closing=closing, by=at.director).shares() == plan.shares()
    assert (len(plan.moves), plan.tickets) == (2, 3)
    at.group.refresh_from_db()
    assert not at.group.is_active
    for each in (*tickets, came):
        each.refresh_from_db()
        assert each.group == at.other_group
        assert each.handler is not None
        assert len(handed_over(each)) == 1
    assert came.handler == at.other_liaison  # he serves its project
    assert coverage(now()).is_complete


def test_a_group_left_as_it_is_shows_as_broken(at: Desk) -> None:
    close_group(closing=Closing(group=at.group, to=To.LEAVE, reason="撤并"), by=at.duty_desk)
    assert [each.state for each in broken(now())] == [Reason.GROUP_OUT_OF_SERVICE]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"reason": " "}, {("reason", "required")}),
        ({"kind": "", "to": ""}, {("kind", "required"), ("to", "required")}),
        ({"kind": Kind.MOVE}, {("group", "invalid")}),
        ({"kind": Kind.MOVE, "group": "group"}, {("group", "invalid")}),
        ({"kind": Kind.CHANGE_ROLE}, {("role", "required")}),
        ({"kind": Kind.CHANGE_ROLE, "role": "liaison"}, {("role", "required")}),
        ({"to": To.ONE}, {("one", "cannot-act")}),
        ({"to": To.ONE, "one": "liaison"}, {("one", "cannot-act")}),
        ({"to": To.ONE, "one": "auditor"}, {("one", "cannot-act")}),
        ({"to": To.ONE, "one": "deputy"}, {("one", "cannot-act")}),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    at: Desk, values: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    take_leave(officer=at.deputy, start=now(), end=now().replace(year=2099), by=at.director)
    given = {
        name: getattr(at, each) if name in {"one", "group"} else each
        for name, each in values.items()
    }
    before = everything()
    with pytest.raises(Invalid) as refused:
        relieve_officer(relief=relief(at, **given), by=at.director)
    assert {(each.path[0], each.code) for each in refused.value.errors} == expected
    assert everything() == before


@pytest.mark.parametrize(
    ("who", "by", "kind"),
    [
        ("liaison", "deputy", Kind.DEACTIVATE),
        ("liaison", "auditor", Kind.DEACTIVATE),
        ("liaison", "other_lead", Kind.LEAVE_GROUP),
        ("liaison", "lead", Kind.MOVE),
        ("liaison", "lead", Kind.CHANGE_ROLE),
        ("other_liaison", "lead", Kind.DEACTIVATE),
        ("lead", "lead", Kind.LEAVE_GROUP),
        ("director", "director", Kind.DEACTIVATE),
        ("liaison", "duty_desk", Kind.CHANGE_ROLE),
        ("auditor", "duty_desk", Kind.DEACTIVATE),
        ("director", "duty_desk", Kind.DEACTIVATE),
    ],
)
def test_who_may_not(at: Desk, who: str, by: str, kind: Kind) -> None:
    chosen = relief(
        at, officer=getattr(at, who), kind=kind, group=at.other_group, role=Role.AUDITOR
    )
    before = everything()
    with pytest.raises(NotAllowed):
        relieve_officer(relief=chosen, by=getattr(at, by))
    with pytest.raises(NotAllowed):
        plan_relief(relief=chosen, by=getattr(at, by))
    assert everything() == before


@pytest.mark.parametrize("kind", [Kind.LEAVE_GROUP, Kind.DEACTIVATE])
def test_a_lead_does_it_within_his_own_group(at: Desk, kind: Kind) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        relieve_officer(relief=relief(at, kind=kind, to=To.ONE, one=at.helper), by=at.lead)
    assert everything() == before
    relieve_officer(relief=relief(at, kind=kind), by=at.lead)
    row = assignment_of(at.project, now())
    assert row is not None
    assert row.liaison == at.deputy


def test_a_lead_sends_no_ticket_to_another_group(at: Desk) -> None:
    """Nobody of his group can act."""
    filed(at)
    for each in (at.lead, at.deputy):
        take_leave(officer=each, start=now(), end=now() + timedelta(days=2), by=at.director)
    before = everything()
    for verb in (plan_relief, relieve_officer):
        with pytest.raises(NotAllowed):
            verb(relief=relief(at), by=at.lead)
    assert everything() == before


def test_a_lead_moves_no_ticket_of_another_group(at: Desk) -> None:
    """The liaison still handles a ticket of the group in which he was before."""
    filed(at)
    relieve_officer(
        relief=relief(at, kind=Kind.MOVE, group=at.other_group, to=To.LEAVE), by=at.director
    )
    hand_over(project=at.project, group=at.group, liaison=at.deputy, reason="调整", by=at.director)
    strange = filed(at)
    Ticket.objects.filter(pk=strange.pk).update(handler=at.liaison)
    before = everything()
    chosen = relief(at, to=To.ONE, one=at.other_lead)
    for verb in (plan_relief, relieve_officer):
        with pytest.raises(NotAllowed):
            verb(relief=chosen, by=at.other_lead)
    assert everything() == before


def test_who_may_change_accounts_alone_takes_a_superuser_out(at: Desk) -> None:
    root = Officer.objects.create_superuser("root9", name="值守")
    join_group(officer=root, group=at.group, by=at.director)
    before = everything()
    for by in (at.duty_desk, at.lead, at.director):
        with pytest.raises(NotAllowed):
            relieve_officer(relief=relief(at, officer=root), by=by)
    assert everything() == before
    relieve_officer(relief=relief(at, officer=root), by=at.system_admin)
    assert not Officer.objects.get(pk=root.pk).is_active


@pytest.mark.parametrize("by", ["lead", "liaison", "auditor"])
def test_only_the_centre_closes_a_group(at: Desk, by: str) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        close_group(
            closing=Closing(group=at.group, to=To.SPREAD, reason="撤并"), by=getattr(at, by)
        )
    assert everything() == before


def test_a_refusal_in_the_middle_undoes_everything(at: Desk) -> None:
    """His second project is another group's, with which the lead has nothing to do."""
    join_group(officer=at.liaison, group=at.other_group, by=at.director)
    served(at, at.liaison, at.helper)
    join_group(officer=at.liaison, group=at.group, by=at.director)
    filed(at)
    before = everything()
    with pytest.raises(NotAllowed):
        relieve_officer(relief=relief(at), by=at.lead)
    assert everything() == before
    assert relieve_officer(relief=relief(at), by=at.director).tickets == 1


def test_a_preview_costs_the_same_however_many_projects(at: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            plan_relief(relief=relief(at), by=at.director)
        return len(captured)

    queries()  # whatever is read once
    one = queries()
    for _each in range(4):
        filed(at, project=served(at, at.liaison, at.deputy))
    assert queries() == one

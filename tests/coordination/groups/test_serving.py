"""One-to-one: who may assign whom, what a handover moves, who answers on which day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coordination.groups.models import Assignment, Leave, Membership
from coordination.groups.queries import assignment_of, group_of, unserved, who_answered
from coordination.groups.queries_acting import answering
from coordination.groups.queries_coverage import coverage
from coordination.groups.serve import end_leave, join_group, take_leave
from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import waiting_for_a_group
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import Project
from projects.register.registration import add_participant
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


def paths(refused: pytest.ExceptionInfo[Invalid]) -> set[tuple[Any, str]]:
    return {(error.path, error.code) for error in refused.value.errors}


def joined(at: Desk) -> Project:
    """Another project of the desk's enterprise, which nobody serves."""
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    return site


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Assignment, Ticket, TicketEvent, Leave))


@pytest.mark.parametrize(
    ("liaison", "deputy", "expected"),
    [
        ("other_liaison", "deputy", {(("liaison",), "not-in-group")}),
        ("liaison", "other_liaison", {(("deputy",), "not-in-group")}),
        ("liaison", "liaison", {(("deputy",), "invalid")}),
        ("auditor", None, {(("liaison",), "not-in-group")}),
        ("director", None, {(("liaison",), "not-in-group")}),
    ],
)
def test_only_officers_of_the_group_are_assigned(
    liaison: str, deputy: str | None, expected: set[tuple[Any, str]]
) -> None:
    at, site = desk(), project()
    before = everything()
    with pytest.raises(Invalid) as refused:
        take_on(
            project=site, group=at.group, liaison=getattr(at, liaison),
            deputy=getattr(at, deputy) if deputy else None, by=at.duty_desk,
        )  # fmt: skip
    assert paths(refused) == expected
    assert everything() == before


def test_a_group_out_of_service_takes_nothing_on() -> None:
    at, site = desk(), project()
    at.group.is_active = False
    at.group.save()
    with pytest.raises(Invalid) as refused:
        take_on(project=site, group=at.group, liaison=at.liaison, by=at.director)
    assert paths(refused) == {(("group",), "invalid")}


@pytest.mark.parametrize("who", ["liaison", "deputy", "auditor", "other_lead"])
def test_who_may_not_assign(who: str) -> None:
    at, site = desk(), project()
    before = everything()
    by: Officer = getattr(at, who)
    with pytest.raises(NotAllowed):
        take_on(project=site, group=at.group, liaison=at.liaison, by=by)
    with pytest.raises(NotAllowed):
        hand_over(project=at.project, group=at.group, liaison=at.deputy, reason="调整", by=by)
    assert everything() == before


def test_a_lead_assigns_within_his_own_group_only() -> None:
    at = desk()
    take_on(project=project(), group=at.group, liaison=at.liaison, by=at.lead)
    before = everything()
    for by in (at.lead, at.other_lead):
        with pytest.raises(NotAllowed):
            hand_over(
                project=at.project, group=at.other_group, liaison=at.other_liaison,
                reason="调整", by=by,
            )  # fmt: skip
    assert everything() == before


def test_served_already_or_served_by_nobody() -> None:
    at = desk()
    before = everything()
    with pytest.raises(NotAllowed):
        take_on(project=at.project, group=at.group, liaison=at.liaison, by=at.director)
    with pytest.raises(NotAllowed):
        hand_over(
            project=project(), group=at.group, liaison=at.liaison, reason="调整", by=at.director
        )
    assert everything() == before


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_handover_says_why_and_to_someone_else(reason: str) -> None:
    at = desk()
    before = everything()
    with pytest.raises(Invalid) as refused:
        hand_over(
            project=at.project, group=at.group, liaison=at.liaison, deputy=at.deputy,
            reason=reason, by=at.lead,
        )  # fmt: skip
    assert paths(refused) == {(("reason",), "required"), (("liaison",), "unchanged")}
    assert everything() == before


def test_a_handover_leaves_no_gap_and_takes_the_open_tickets_along() -> None:
    at = desk()
    waiting, under_way = filed(at), filed(at)
    perform(Verb.ACCEPT, ticket=under_way, by=at.lead)
    ended = perform(Verb.WITHDRAW, ticket=filed(at), by=at.key, reason="已解决")
    passed = perform(
        Verb.PASS_ON, ticket=filed(at), by=at.liaison, reason="归属", group=at.other_group
    )
    third = make_group()
    liaison = officer(group=third)
    after = hand_over(
        project=at.project, group=third, liaison=liaison, reason="调整", by=at.duty_desk
    )
    first = Assignment.objects.get(project=at.project, during__upper_inf=False)
    assert (first.during.upper, first.closed_by) == (after.during.lower, at.duty_desk)
    assert after.during.upper is None
    for ticket in (waiting, under_way):
        status = ticket.status
        ticket.refresh_from_db()
        assert (ticket.group, ticket.handler) == (third, liaison)
        (event,) = ticket.events.filter(verb=Verb.HAND_OVER)
        assert event.from_status == event.to_status == ticket.status
        assert event.recorded_at == after.during.lower
        assert event.payload["from_group"] == at.group.pk
        assert status in Status
    for ticket, group in ((ended, at.group), (passed, at.other_group)):
        ticket.refresh_from_db()
        assert ticket.group == group
        assert not ticket.events.filter(verb=Verb.HAND_OVER).exists()


def test_a_ticket_of_an_unserved_project_waits_and_comes_along() -> None:
    at = desk()
    site = joined(at)
    ticket = filed(at, project=site)
    assert (ticket.group, ticket.handler) == (None, None)
    assert list(waiting_for_a_group()) == [ticket]
    after = take_on(project=site, group=at.other_group, liaison=at.other_liaison, by=at.other_lead)
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.other_group, at.other_liaison)
    assert list(waiting_for_a_group()) == []
    assert [each.verb for each in ticket.events.all()] == ["submit", "hand_over"]
    assert assignment_of(site, now()) == after


def test_coverage_counts_who_is_served() -> None:
    at = desk()
    site = project()
    assert (coverage(now()).projects, coverage(now()).served) == (2, 1)
    assert (list(unserved(now())), coverage(now()).is_complete) == ([site], False)
    take_on(project=site, group=at.group, liaison=at.liaison, by=at.director)
    assert coverage(now()).is_complete


def test_on_leave_the_deputy_gets_what_is_filed() -> None:
    at = desk()
    begin = now()
    leave = take_leave(officer=at.liaison, start=begin, end=begin + timedelta(days=2), by=at.lead)
    assert filed(at).handler == at.deputy
    end_leave(leave=leave, by=at.lead)
    assert filed(at).handler == at.liaison


def test_with_both_away_the_lead_answers() -> None:
    at = desk()
    for each in (at.liaison, at.deputy):
        take_leave(officer=each, start=now(), end=now() + timedelta(days=1), by=at.duty_desk)
    row = assignment_of(at.project, now())
    assert row is not None
    assert answering(row, now()) == at.lead


def test_who_may_not_send_on_leave() -> None:
    at = desk()
    span: dict[str, Any] = {"start": now(), "end": now() + timedelta(days=1)}
    for by in (at.liaison, at.auditor, at.other_lead):
        with pytest.raises(NotAllowed):
            take_leave(officer=at.liaison, by=by, **span)
    assert not Leave.objects.exists()


def test_leaves_that_cannot_be() -> None:
    at, day = desk(), timedelta(days=1)
    moment = now()
    take_leave(officer=at.liaison, start=moment, end=moment + 2 * day, by=at.lead)
    cases = [
        (moment + 5 * day, moment + 4 * day, ("end",), "date-order"),
        (moment - 2 * day, moment - day, ("end",), "date-order"),
        (moment + day, moment + 3 * day, ("start",), "overlap"),
    ]
    for start, end, path, code in cases:
        with pytest.raises(Invalid) as refused:
            take_leave(officer=at.liaison, start=start, end=end, by=at.lead)
        assert (path, code) in paths(refused)
    assert Leave.objects.count() == 1


def test_one_leave_ends_where_the_next_begins() -> None:
    at, day, moment = desk(), timedelta(days=1), now()
    with clock_at(moment):
        first = take_leave(officer=at.liaison, start=moment, end=moment + day, by=at.lead)
        take_leave(officer=at.liaison, start=moment + day, end=moment + 2 * day, by=at.lead)
    before = list(Leave.objects.order_by("pk").values())
    with clock_at(moment + day):  # the very instant at which the first is over
        with pytest.raises(NotAllowed):
            end_leave(leave=first, by=at.lead)
        with pytest.raises(Invalid) as refused:
            take_leave(officer=at.deputy, start=moment, end=moment + day, by=at.lead)
    assert paths(refused) == {(("end",), "date-order")}
    assert list(Leave.objects.order_by("pk").values()) == before


def test_who_answered_on_any_day() -> None:
    noon = datetime(2020, 3, 2, 4, tzinfo=UTC)  # noon in Luoyang
    day = timedelta(days=1)
    with clock_at(noon):
        at = desk()
    with clock_at(noon + 2 * day):
        take_leave(officer=at.liaison, start=noon + 3 * day, end=noon + 4 * day, by=at.lead)
    with clock_at(noon + 6 * day):
        hand_over(
            project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
            by=at.director,
        )  # fmt: skip
    expected: dict[int, list[Officer]] = {
        1: [], 2: [at.liaison], 5: [at.liaison], 6: [at.deputy], 7: [at.liaison],
        8: [at.liaison, at.other_liaison], 9: [at.other_liaison],
    }  # fmt: skip
    found = {
        number: [who for _row, who in who_answered(at.project, date(2020, 3, number))]
        for number in expected
    }
    assert found == expected


def test_a_handover_is_never_backdated() -> None:
    at = desk()
    for moment in (now() - timedelta(days=1), assignment_start(at)):
        with clock_at(moment), pytest.raises(Stale):
            hand_over(
                project=at.project, group=at.group, liaison=at.deputy, reason="调整", by=at.lead
            )
    assert Assignment.objects.get(project=at.project).during.upper is None


def assignment_start(at: Desk) -> datetime:
    moment: datetime = Assignment.objects.get(project=at.project).during.lower
    return moment


def _changed(**values: Any) -> Any:
    return lambda row: Assignment.objects.filter(pk=row.pk).update(**values)


def test_the_database_lets_an_assignment_only_be_closed() -> None:
    at = desk()
    row = Assignment.objects.get(project=at.project)
    start = row.during.lower
    attempts = [
        _changed(liaison=at.other_liaison),
        _changed(during=DateTimeTZRange(start - timedelta(days=1), None)),
        _changed(liaison=at.deputy, deputy=None, during=DateTimeTZRange(start, now())),
        lambda row: Assignment.objects.filter(pk=row.pk).delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt(row)
    _changed(during=DateTimeTZRange(start, now()), closed_by=at.lead)(row)
    with pytest.raises(DatabaseError), transaction.atomic():
        _changed(during=DateTimeTZRange(start, None))(row)
    assert Assignment.objects.count() == 1


def test_an_officer_serves_in_one_group_at_a_time() -> None:
    at = desk()
    join_group(officer=at.liaison, group=at.other_group, by=at.duty_desk)
    assert group_of(at.liaison, now()) == at.other_group
    first, second = Membership.objects.filter(officer=at.liaison).order_by("pk")
    assert first.during.upper == second.during.lower
    with pytest.raises(Invalid):
        join_group(officer=at.liaison, group=at.other_group, by=at.duty_desk)
    third = make_group()
    with clock_at(second.during.lower - timedelta(seconds=1)), pytest.raises(Stale):
        join_group(officer=at.liaison, group=third, by=at.duty_desk)
    leave_group(officer=at.liaison, by=at.director)
    assert group_of(at.liaison, now()) is None


@pytest.mark.parametrize("who", ["liaison", "lead", "auditor"])
def test_who_may_not_change_memberships(who: str) -> None:
    at = desk()
    before = list(Membership.objects.order_by("pk").values())
    with pytest.raises(NotAllowed):
        join_group(officer=at.deputy, group=at.other_group, by=getattr(at, who))
    assert list(Membership.objects.order_by("pk").values()) == before

"""Proposals from the rows, and what accepting one does: once, whole, or not at all."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from coordination.delivery.models import Notice
from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of
from coordination.groups.serve import take_leave
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handover import take_on
from coordination.workbench.proposals.accept import Choice, accept_each, accept_proposal
from coordination.workbench.proposals.queries import outlook, proposals_waiting
from coordination.workbench.proposals.sentence import sentence
from coordination.workbench.proposals.spread import Knows, Why
from projects.flow import chain
from projects.record.clock import now
from projects.record.refusals import Invalid, Missing, NotAllowed
from projects.record.writing import Rows, write
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.bed.races import race
from tests.factories.coordination import (
    Desk,
    desk,
    filed,
    leave_group,
    project,
)


@pytest.fixture
def at(db: None) -> Desk:
    return desk()


def joined(at: Desk) -> Project:
    """A project that nobody serves, for which the desk's enterprise may file."""
    site = project()
    add_participant(
        project=site, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    return site


def proposed(site: Project) -> tuple[int, int, int | None]:
    found = outlook(now()).proposals[site.pk]
    return found.group, found.liaison, found.deputy


def everything() -> list[Any]:
    models = (Assignment, Ticket, TicketEvent, Notice)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def accept(at: Desk, site: Project, **given: Any) -> Assignment:
    chosen = {"group": at.group, "liaison": at.liaison, "by": at.duty_desk} | given
    return accept_proposal(project=site, **chosen)


def test_the_rows_say_who_is_proposed(at: Desk) -> None:
    site = joined(at)
    filed(at)
    waiting = filed(at, project=site, urgency="urgent")
    found = outlook(now())
    assert found.projects == [site]
    assert found.waiting == {site.pk: 1}
    assert {row.officer: (row.group, row.load) for row in found.staff.candidates} == {
        at.lead.pk: (at.group.pk, 0), at.liaison.pk: (at.group.pk, 3),
        at.deputy.pk: (at.group.pk, 0), at.other_lead.pk: (at.other_group.pk, 0),
        at.other_liaison.pk: (at.other_group.pk, 0), at.helper.pk: (at.other_group.pk, 0),
    }  # fmt: skip
    assert proposed(site) == (at.group.pk, at.deputy.pk, at.liaison.pk)
    assert found.proposals[site.pk].why == Why(Knows.GROUP, 1, True, 0, 0)
    assert waiting.group is None


def go_on_leave(at: Desk, who: Officer) -> None:
    begins = now() - timedelta(minutes=1)
    take_leave(officer=who, start=begins, end=begins + timedelta(days=3), by=at.director)


def retire(_at: Desk, who: Officer) -> None:
    Officer.objects.filter(pk=who.pk).update(is_active=False)


def change_desks(at: Desk, who: Officer) -> None:
    leave_group(officer=who, by=at.director)


@pytest.mark.parametrize("goes", [go_on_leave, retire, change_desks])
def test_who_is_not_there_is_not_proposed(at: Desk, goes: Callable[[Desk, Officer], None]) -> None:
    site = project()
    goes(at, at.deputy)
    assert proposed(site) == (at.group.pk, at.liaison.pk, at.lead.pk)
    goes(at, at.liaison)
    assert proposed(site)[0] == at.other_group.pk
    for who in (at.other_liaison, at.helper):
        goes(at, who)
    assert proposals_waiting(now()) == 0


def test_a_group_out_of_service_is_not_proposed(at: Desk) -> None:
    site = project()
    at.group.is_active = False
    at.group.save()
    assert proposed(site)[0] == at.other_group.pk


def test_all_at_once_in_as_many_queries_as_one(at: Desk) -> None:
    counts = []
    for number in (1, 4):
        for _each in range(number):
            filed(at, project=joined(at))
        with CaptureQueriesContext(connection) as queries:
            outlook(now())
        counts.append(len(queries))
    assert counts == [7, 7]


def test_where_everything_is_served_one_query_says_so(at: Desk) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert proposals_waiting(now()) == 0
    assert len(queries) == 1


def test_accepted_the_waiting_tickets_come_along(at: Desk) -> None:
    site = joined(at)
    ticket = filed(at, project=site)
    done = accept(at, site)
    assert (done.group, done.liaison, done.deputy) == (at.group, at.liaison, at.deputy)
    assert done.opened_by == at.duty_desk
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.group, at.liaison)
    last = ticket.events.last()
    assert last is not None
    assert (last.verb, last.officer, last.recorded_at) == (
        Verb.HAND_OVER, at.duty_desk, done.during.lower,
    )  # fmt: skip
    told = Notice.objects.order_by("pk").last()
    assert told is not None
    assert told.officer == at.liaison


def test_where_an_event_cannot_be_written_nobody_serves_it(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = joined(at)
    filed(at, project=site)
    before = everything()

    def fail(*tables: Rows, **options: Any) -> None:
        write(*tables, **options)
        raise ZeroDivisionError

    monkeypatch.setattr(chain, "write", fail)
    with pytest.raises(ZeroDivisionError):
        accept(at, site)
    assert everything() == before


def test_whoever_went_on_leave_meanwhile_is_refused(at: Desk) -> None:
    site = joined(at)
    filed(at, project=site)
    go_on_leave(at, at.liaison)
    before = everything()
    with pytest.raises(Invalid) as refused:
        accept(at, site)
    assert [(each.path, each.code) for each in refused.value.errors] == [(("liaison",), "on-leave")]
    with pytest.raises(Invalid) as refused:
        accept(at, site, liaison=at.lead, deputy=at.liaison)
    assert [(each.path, each.code) for each in refused.value.errors] == [(("deputy",), "on-leave")]
    assert everything() == before


def test_whoever_left_the_group_or_may_not_assign_changes_nothing(at: Desk) -> None:
    site = project()
    before = everything()
    with pytest.raises(Invalid):
        accept(at, site, liaison=at.other_liaison)
    for by in (at.liaison, at.auditor, at.other_lead):
        with pytest.raises(NotAllowed):
            accept(at, site, by=by)
    assert everything() == before


def test_each_by_itself_with_a_word_for_each(at: Desk) -> None:
    one, two, three = joined(at), project(), project()
    filed(at, project=one)
    take_on(project=two, group=at.other_group, liaison=at.helper, by=at.director)
    choices = [
        Choice(one.pk, at.group.pk, at.liaison.pk, at.lead.pk),
        Choice(two.pk, at.group.pk, at.liaison.pk),
        Choice(three.pk, at.group.pk, at.other_liaison.pk),
    ]
    with override("en"):
        found = accept_each(choices=choices, by=at.duty_desk)
    assert [(each.project, each.tickets, each.refusal) for each in found] == [
        (one, 1, ""),
        (two, 0, "This project is already served; hand it over instead."),
        (three, 0, "This officer does not serve in that group."),
    ]
    assert found[0].assignment == assignment_of(one, now())
    assert found[0].assignment is not None
    assert found[0].assignment.deputy == at.lead
    kept = assignment_of(two, now())
    assert kept is not None
    assert (kept.liaison, assignment_of(three, now())) == (at.helper, None)


def test_what_is_not_there_stops_all_before_anything_is_done(at: Desk) -> None:
    site = project()
    before = everything()
    good = Choice(site.pk, at.group.pk, at.liaison.pk)
    for bad in (Choice(0, 1, 1), Choice(site.pk, 0, at.liaison.pk), Choice(site.pk, 1, 0)):
        with pytest.raises(Missing):
            accept_each(choices=[good, bad], by=at.duty_desk)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_duty_officers_at_once_and_nothing_doubles() -> None:
    at = desk()
    sites = [joined(at) for _number in range(3)]
    for site in sites:
        filed(at, project=site)
    first = [Choice(site.pk, at.group.pk, at.liaison.pk) for site in sites]
    second = [Choice(site.pk, at.other_group.pk, at.helper.pk) for site in sites[::-1]]
    outcomes = race(
        partial(accept_each, choices=first, by=at.duty_desk),
        partial(accept_each, choices=second, by=at.director),
    )
    assert [each.error for each in outcomes] == [None, None]
    said = [row for each in outcomes for row in each.result or ()]
    assert sorted(bool(row.refusal) for row in said) == [False] * 3 + [True] * 3
    for site in sites:
        row = Assignment.objects.get(project=site)
        ticket = Ticket.objects.get(project=site)
        assert (ticket.group, ticket.handler) == (row.group, row.liaison)
        assert ticket.events.filter(verb=Verb.HAND_OVER).count() == 1


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            Why(Knows.HIMSELF, 12, True, 30, 4),
            "同区已服务12个项目，负荷最轻（服务30个项目，在手工单4起）",
        ),
        (
            Why(Knows.GROUP, 3, False, 0, 0),
            "所在组同区已服务3个项目，负荷接近最轻（服务0个项目，在手工单0起）",
        ),
        (
            Why(Knows.NOBODY, 0, True, 1, 0),
            "该县区尚无服务组，负荷最轻（服务1个项目，在手工单0起）",
        ),
        (
            Why(Knows.OTHERS, 0, True, 1, 0),
            "同区各组负荷明显偏重，负荷最轻（服务1个项目，在手工单0起）",
        ),
    ],
)
def test_it_explains_itself(why: Why, said: str) -> None:
    with override("zh-hans"):
        assert sentence(why) == said

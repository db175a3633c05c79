"""While a liaison is on leave, his deputy has what he left open, hears of it, and may do it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.delivery.models import Notice
from coordination.groups.serve import end_leave, take_leave
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_responsible import stands_in
from coordination.tickets.verbs.registry import perform
from coordination.tickets.waiting import viewpoint_of
from coordination.workbench.board.loads import of_officers
from coordination.workbench.board.scope import view_of
from coordination.workbench.queue.filters import parse_queue
from coordination.workbench.queue.saved import views_of
from projects.record.clock import now
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
QUERY = "status=open&handler=standing-in"


@pytest.fixture
def at() -> Desk:
    return desk()


def shown(who: Officer) -> list[int]:
    rows = parse_queue({"status": "open", "handler": "standing-in"}, who).rows()
    assert rows is not None
    return list(rows.order_by("pk").values_list("pk", flat=True))


def waits(who: Officer) -> set[int]:
    """His own tickets: those that he handles, and those for whose handler he stands in."""
    rows = Ticket.objects.filter(viewpoint_of(who, now()).own)
    return set(rows.values_list("pk", flat=True))


def has_view(who: Officer) -> bool:
    return QUERY in [view.query for view in views_of(who)]


def test_open_tickets_lie_with_the_deputy_for_as_long_as_the_leave(at: Desk) -> None:
    old = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    perform(Verb.ACCEPT, ticket=filed(at), by=at.lead)
    elsewhere = filed(at)
    perform(Verb.PASS_ON, ticket=elsewhere, by=at.liaison, reason="属地", group=at.other_group)
    assert (shown(at.deputy), has_view(at.deputy), waits(at.deputy)) == ([], False, set())
    begins = now() - timedelta(minutes=1)
    leave = take_leave(officer=at.liaison, start=begins, end=begins + timedelta(days=3), by=at.lead)
    assert (shown(at.deputy), has_view(at.deputy)) == ([old.pk], True)
    assert waits(at.deputy) == {old.pk}
    for other in (at.liaison, at.lead, at.helper):
        assert (shown(other), has_view(other)) == ([], False)
    loads = of_officers(view_of(at.lead, {}, now())) or {}
    marked = {row["name"] for row in loads["rows"]} - {str(at.lead), str(at.deputy)}
    assert [name.startswith(str(at.liaison)) for name in marked] == [True]
    assert str(at.liaison) not in marked
    new = filed(at)
    assert new.handler == at.deputy
    before = Notice.objects.count()
    perform(Verb.COMMENT, ticket=old, by=at.key, text="请尽快")
    heard = {notice.officer for notice in Notice.objects.order_by("pk")[before:]}
    assert heard == {at.liaison, at.deputy}
    done = perform(Verb.ASK, ticket=old, by=at.deputy, question="哪个路口")
    assert done.handler == at.liaison
    end_leave(leave=leave, by=at.lead)
    assert (shown(at.deputy), has_view(at.deputy)) == ([], False)
    assert old.pk not in waits(at.deputy)
    before = Notice.objects.count()
    perform(Verb.SUPPLEMENT, ticket=old, by=at.key, answer="高速口")
    assert [each.officer for each in Notice.objects.order_by("pk")[before:]] == [at.liaison]


def test_with_the_deputy_away_too_the_lead_is_told(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    begins = now() - timedelta(minutes=1)
    for who in (at.liaison, at.deputy):
        take_leave(officer=who, start=begins, end=begins + timedelta(days=3), by=at.lead)
    before = Notice.objects.count()
    perform(Verb.COMMENT, ticket=ticket, by=at.key, text="请尽快")
    told = {each.officer for each in Notice.objects.order_by("pk")[before:]}
    assert told == {at.liaison, at.lead}


@pytest.mark.parametrize(("who", "number"), [("liaison", 3), ("lead", 4)])
def test_whether_somebody_stands_in_is_asked_in_few_queries(
    at: Desk, who: str, number: int
) -> None:
    """His group, who can act in it, its projects; of a lead its tickets too."""
    with CaptureQueriesContext(connection) as captured:
        assert not stands_in(getattr(at, who), now())
    assert len(captured) == number

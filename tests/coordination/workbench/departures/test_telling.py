"""Who is told when somebody leaves service."""

from datetime import timedelta

import pytest

from coordination.delivery.models import Notice
from coordination.groups.serve import take_leave
from coordination.staff.models import Officer
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Closing, close_group, relieve_officer
from coordination.workbench.departures.telling import LEFT
from projects.record.clock import now
from tests.coordination.workbench.departures.test_relieve import relief
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def told_since(count: int) -> set[tuple[Officer, str, str]]:
    rows = Notice.objects.select_related("officer").order_by("pk")[count:]
    return {(each.officer, each.topic, each.text) for each in rows}


def test_of_a_ticket_that_nobody_can_get_the_duty_desk_is_told(at: Desk) -> None:
    ticket = filed(at)
    away = (at.lead, at.deputy, at.other_lead, at.other_liaison, at.helper)
    for each in away:
        take_leave(officer=each, start=now(), end=now() + timedelta(days=2), by=at.director)
    count = Notice.objects.count()
    relieve_officer(relief=relief(at), by=at.director)
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.group, None)
    told = told_since(count)
    assert {who for who, topic, _text in told if topic == "ticket.routed"} == {
        at.lead, at.deputy, at.duty_desk,
    }  # fmt: skip
    assert {(who, text) for who, topic, text in told if topic == LEFT.code} == {
        (at.duty_desk, "服务关系失效1个 · 未移交工单0起")
    }


def test_of_what_is_left_the_duty_desk_is_told_once(at: Desk) -> None:
    filed(at), filed(at)
    for each in (at.lead, at.deputy):
        take_leave(officer=each, start=now(), end=now() + timedelta(days=2), by=at.director)
    count = Notice.objects.count()
    relieve_officer(relief=relief(at, to=To.LEAVE), by=at.director)
    expected = (at.duty_desk, LEFT.code, "服务关系失效1个 · 未移交工单2起")
    assert told_since(count) == {expected}
    assert Notice.objects.count() == count + 1
    count += 1
    close_group(closing=Closing(group=at.group, to=To.LEAVE, reason="撤并"), by=at.director)
    assert told_since(count) == {(at.duty_desk, LEFT.code, "服务关系失效0个 · 未移交工单2起")}


def test_where_all_is_given_nothing_is_said_to_the_duty_desk(at: Desk) -> None:
    filed(at)
    relieve_officer(relief=relief(at), by=at.director)
    assert not Notice.objects.filter(topic=LEFT.code).exists()

"""Outside service hours messages to people wait; what is urgent does not. Days of March 2020."""

from datetime import datetime
from typing import Any

import pytest

from coordination.delivery.announce import Message, announce
from coordination.delivery.channels import choose_topics, send_test
from coordination.delivery.models import Delivery, Notice, State
from coordination.delivery.quiet import is_quiet, service_begins
from coordination.delivery.relay import Relay
from coordination.intake.feed.sequence import sequence
from coordination.tickets.verbs.registry import perform
from projects.house.rooms import Topic
from projects.record.clock import change, clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear, ServiceHours
from tests.coordination.delivery.receiver import Receiver
from tests.coordination.delivery.scene import WEATHER, robot, say
from tests.coordination.delivery.webhooks.scene import listen
from tests.factories.coordination import Desk, desk, director, filed

pytestmark = pytest.mark.django_db(transaction=True)
ALARM = Topic("tests.alarm", "警报", is_urgent=True)


def on(day: int, hour: int, minute: int = 0, month: int = 3, year: int = 2020) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


NIGHT, MORNING = on(10, 0, 5), on(10, 8, 30)


def said(receiver: Receiver) -> list[str]:
    return [each.text.split("\n")[1] for each in receiver.received]


def drain(at: datetime) -> None:
    with clock_at(at):
        Relay().drain()


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (on(10, 8, 29), on(10, 8, 30)),
        (on(10, 8, 30), on(10, 8, 30)),
        (on(10, 12), on(10, 13, 30)),  # over noon
        (on(10, 16, 59), on(10, 16, 59)),
        (on(10, 17), on(11, 8, 30)),
        (on(13, 18), on(16, 8, 30)),  # over a weekend
        (on(24, 12, 0, 1), on(3, 8, 30, 2)),  # over the Spring Festival, extended to 2 February
        (on(26, 10, 0, 4), on(26, 10, 0, 4)),  # a Sunday that is worked
        (on(31, 17, 0, 12, 2037), on(1, 8, 30, 1, 2038)),  # a year that is not entered: weekdays
    ],
)
def test_when_service_begins(at: datetime, begins: datetime) -> None:
    assert (service_begins(at), is_quiet(at)) == (begins, begins != at)


def test_where_no_hours_are_entered_no_hour_is_quiet() -> None:
    ServiceHours.objects.all().delete()
    assert not is_quiet(NIGHT)


def test_by_the_calendar_as_it_is_edited() -> None:
    CalendarOverride.objects.create(day=on(10, 0).date(), is_working=False, reason="停电")
    assert service_begins(NIGHT) == on(11, 8, 30)
    assert CalendarYear.objects.filter(year=2020).count() == 0


def test_what_is_written_at_night_waits_for_the_morning(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    with clock_at(NIGHT):
        say("有雪", to.officer)
    row = Delivery.objects.get()
    assert (row.created_at, row.due_at, row.at_any_hour) == (NIGHT, MORNING, False)
    assert Notice.objects.filter(officer=to.officer, created_at=NIGHT).count() == 1  # at once
    drain(on(10, 8, 29))
    assert (said(receiver), Delivery.objects.get().state) == ([], State.PENDING)
    drain(MORNING)
    assert (said(receiver), Delivery.objects.get().state) == (["有雪"], State.DELIVERED)


def test_within_service_it_leaves_at_once(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    with clock_at(on(10, 16, 59)):
        say("有雪", to.officer)
    drain(on(10, 16, 59))
    assert said(receiver) == ["有雪"]


def test_what_could_not_leave_before_closing_time_waits_too(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    with clock_at(on(10, 16, 59)):
        say("有雪", to.officer)
    drain(on(10, 22))  # the relay was down meanwhile
    assert said(receiver) == []
    drain(on(11, 8, 30))
    assert said(receiver) == ["有雪"]


@pytest.mark.parametrize("how", ["message", "topic", "channel"])
def test_what_is_urgent_leaves_at_night(receiver: Receiver, how: str) -> None:
    to = robot(receiver, at_any_hour=how == "channel")
    topic = ALARM if how == "topic" else WEATHER
    message = Message(topic, "标题", "有雪", is_urgent=how == "message")
    with clock_at(NIGHT), change() as at:
        announce(message, officers=[to.officer_id], at=at)
    assert Delivery.objects.get().due_at == NIGHT
    drain(NIGHT)
    assert said(receiver) == ["有雪"]


def test_a_test_message_leaves_at_once(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    with clock_at(NIGHT):
        send_test(destination=to, by=director())
    drain(NIGHT)
    assert len(receiver.received) == 1


def test_an_urgent_message_takes_the_earlier_ones_of_its_matter_along(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    with clock_at(NIGHT):
        say("一", to.officer, key="ticket:1")
        say("其他", to.officer, key="ticket:2")
        with change() as at:
            urgent = Message(WEATHER, "标题", "二", order_key="ticket:1", is_urgent=True)
            announce(urgent, officers=[to.officer_id], at=at)
    drain(NIGHT)
    assert said(receiver) == ["一", "二"]
    drain(MORNING)
    assert said(receiver) == ["一", "二", "其他"]


def test_a_channel_is_set_to_any_hour_and_back(receiver: Receiver) -> None:
    to = robot(receiver, at_any_hour=False)
    for chosen in (True, False):
        choose_topics(destination=to, name="", topics=(), at_any_hour=chosen, by=director())
        to.refresh_from_db()
        assert to.at_any_hour == chosen


# Tickets


def channels(at: Desk, receiver: Receiver) -> None:
    robot(receiver, "/liaison", of=at.liaison, at_any_hour=False)


@pytest.mark.parametrize(
    ("urgency", "due"), [("normal", MORNING), ("urgent", MORNING), ("critical", NIGHT)]
)
def test_at_night_only_a_critical_ticket_is_told(
    receiver: Receiver, urgency: str, due: datetime
) -> None:
    with clock_at(on(9, 9)):
        at = desk()
        channels(at, receiver)
    with clock_at(NIGHT):
        filed(at, urgency=urgency)
    assert list(Delivery.objects.values_list("due_at", flat=True)) == [due]


def test_a_ticket_regraded_at_night_is_told_in_its_order(receiver: Receiver) -> None:
    with clock_at(on(9, 9)):
        at = desk()
        channels(at, receiver)
    with clock_at(NIGHT):
        ticket = filed(at)
    inputs: dict[str, Any] = {"urgency": "critical", "reason": "车队被拦"}
    with clock_at(on(10, 1)):
        perform("regrade", ticket=ticket, by=at.lead, **inputs)
    drain(on(10, 1))
    titles = [each.text.split("\n")[0] for each in receiver.received]
    assert len(titles) == 2
    assert titles[0] == f"新工单 {ticket.number}"


def test_webhooks_go_to_software_and_never_wait(receiver: Receiver) -> None:
    with clock_at(on(9, 9)):
        at = desk()
        listen(at, receiver)
    with clock_at(NIGHT):
        filed(at)
        sequence()
    (row,) = Delivery.objects.filter(endpoint__isnull=False)
    assert (row.due_at, row.at_any_hour) == (NIGHT, True)
    drain(NIGHT)
    assert len(receiver.at("/hook")) == 1

"""Redone, a ticket has its deadline without the time since its resolution; days of November 2026.

Filed and accepted on Monday the 2nd at nine, a normal matter is due on Thursday the 5th at 17:00.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from coordination.tickets.clocks.account import account_of, reckoned_of
from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Term, Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


def on(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


DUE = on(5, 17)


FILED = "11月2日（星期一）09:00提交；"


@pytest.fixture
def at() -> Desk:
    with clock_at(on(1)):
        return desk()


def do(verb: Verb, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def accepted(at: Desk, **values: Any) -> Ticket:
    with clock_at(on(2)):
        ticket = filed(at, **values)
    return do(Verb.ACCEPT, ticket, at.liaison, on(2))


def resolve(at: Desk, ticket: Ticket, moment: datetime) -> Ticket:
    return do(Verb.RESOLVE, ticket, at.liaison, moment, result="已协调", reasons={1: "改道"})


def redo(ticket: Ticket, by: Any, moment: datetime) -> Ticket:
    return do(Verb.REDO, ticket, by, moment, reason="未放行")


def sentence(ticket: Ticket, moment: datetime, language: str = "zh-hans") -> str:
    with translation.override(language):
        account = account_of(ticket, moment)
        assert account is not None
        return f"{account.must}；{account.how[-1]}"


def test_the_time_since_the_resolution_is_given_back(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(3, 10)), at.key, on(23))
    assert (ticket.due_at, ticket.ever_red, ticket.resolved_at) == (on(25, 17), False, None)
    assert light_of(ticket, on(23)) == Light.GREEN
    assert sentence(ticket, on(23)) == (
        f"应于11月25日（星期三）17:00前办结；{FILED}自11月2日起3个工作日，办结至重办的14天不计入。"
    )
    assert sentence(ticket, on(23), "en") == (
        "to be resolved by Wednesday 25 November, 17:00；Filed Monday 2 November, 09:00; "
        "3 working days from 2 November, without 14 days from resolution to redo."
    )
    event = ticket.events.latest("seq")
    assert event.payload["paused"] == {
        "from": "2026-11-03T02:00:00+00:00", "until": "2026-11-23T01:00:00+00:00",
    }  # fmt: skip


def test_the_lead_gives_back_the_same(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(4, 18)), at.lead, on(10))
    # the 3rd and the 4th were used up; the 10th is the third day
    assert (ticket.due_at, ticket.ever_red) == (on(10, 17), False)


def test_what_was_overdue_before_its_resolution_stays_so(at: Desk) -> None:
    ticket = resolve(at, accepted(at), on(9))
    assert ticket.ever_red
    ticket = do(Verb.SIGN_OFF, ticket, at.lead, on(10), follow_up="已回访")
    ticket = redo(ticket, at.duty_desk, on(23))  # the centre refuses its signature
    assert (ticket.due_at, ticket.ever_red, light_of(ticket, on(23))) == (DUE, True, Light.RED)
    assert (
        sentence(ticket, on(23))
        == f"应于11月5日（星期四）17:00前办结；{FILED}自11月2日起3个工作日。"
    )


def test_a_day_off_since_does_not_mend_a_deadline_that_was_missed(at: Desk) -> None:
    ticket = resolve(at, accepted(at), on(9))
    CalendarOverride.objects.create(day=on(5).date(), is_working=False, reason="停电")
    ticket = redo(ticket, at.key, on(10))
    assert (ticket.due_at, light_of(ticket, on(10))) == (DUE, Light.RED)


def test_redone_twice_both_times_are_given_back(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(3, 10)), at.key, on(9))  # four days: 3rd to 6th
    assert ticket.due_at == on(11, 17)
    ticket = redo(resolve(at, ticket, on(10, 10)), at.key, on(12))  # two more: 10th and 11th
    assert (ticket.due_at, ticket.redo_count, ticket.clock_run) == (on(13, 17), 2, 4)
    clock = reckoned_of(ticket)
    assert clock is not None
    assert (clock.given_back, clock.given_back_resolved) == (0, 6)


def test_redone_on_the_day_of_its_resolution_nothing_is_given_back(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(4, 10)), at.key, on(4, 15))
    assert (ticket.due_at, sentence(ticket, on(4, 16))) == (
        DUE, f"应于11月5日（星期四）17:00前办结；{FILED}自11月2日起3个工作日。",
    )  # fmt: skip


def test_resolved_at_its_very_deadline_it_has_until_the_next_close(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), DUE), at.key, on(9))
    assert (ticket.due_at, ticket.ever_red) == (on(9, 17), False)


def test_redone_at_the_same_instant_nothing_moves(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(4)), at.key, on(4))
    assert (ticket.due_at, ticket.resolved_periods, ticket.clock_run) == (DUE, [], 3)


def test_a_question_before_is_said_apart(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(3, 10), question="哪个路口")
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(4, 10), answer="谷水")  # the 3rd
    ticket = redo(resolve(at, ticket, on(5, 10)), at.key, on(9))  # the 5th and the 6th
    assert ticket.due_at == on(10, 17)
    assert sentence(ticket, on(9)) == (
        f"应于11月10日（星期二）17:00前办结；{FILED}自11月2日起3个工作日，"
        "其间待企业补充暂停1天，办结至重办的2天不计入。"
    )


def test_a_granted_extension_is_kept(at: Desk) -> None:
    ticket = accepted(at)
    ticket = do(Verb.EXTEND, ticket, at.liaison, on(3), amount=2, reason="未回函")
    ticket = do(Verb.GRANT, ticket, at.lead, on(3, 10))
    assert ticket.due_at == on(9, 17)
    ticket = redo(resolve(at, ticket, on(6, 10)), at.key, on(11))  # the 6th, the 9th, the 10th
    assert (ticket.due_at, ticket.extension) == (on(12, 17), 2)
    assert sentence(ticket, on(11)) == (
        f"应于11月12日（星期四）17:00前办结；{FILED}自11月2日起3个工作日，"
        "延期2个工作日，办结至重办的3天不计入。"
    )


@pytest.mark.parametrize(
    ("urgency", "resolved", "redone", "due"),
    [
        ("critical", on(2, 15), on(4, 10), on(5, 0)),  # the same day: the 4th until 24:00
        ("urgent", on(3, 10), on(10, 10), on(10, 17)),
    ],
)
def test_each_urgency(
    at: Desk, urgency: str, resolved: datetime, redone: datetime, due: datetime
) -> None:
    ticket = resolve(at, accepted(at, urgency=urgency), resolved)
    assert redo(ticket, at.key, redone).due_at == due


def test_hours_are_given_back_to_the_minute(at: Desk) -> None:
    with clock_at(on(1)):
        Term.objects.create(stage="handle", kind="vehicle_pass", amount=6, unit="service_hour")
    ticket = accepted(at)
    assert ticket.due_at == on(2, 16, 30)
    ticket = redo(resolve(at, ticket, on(2, 16)), at.key, on(3, 9, 15))
    assert ticket.due_at == on(3, 9, 45)
    clock = reckoned_of(ticket)
    assert clock is not None
    assert (clock.given_back, clock.given_back_resolved) == (timedelta(0), timedelta(minutes=105))


def test_another_urgency_counts_without_the_time_given_back(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(9)), at.key, on(16))  # five days: 9th to 13th
    ticket = do(Verb.REGRADE, ticket, at.lead, on(16, 10), urgency="complex", reason="情况有变")
    assert (ticket.due_at, ticket.ever_red) == (on(18, 17), True)


def test_reopened_it_has_a_whole_term_and_nothing_given_back(at: Desk) -> None:
    ticket = redo(resolve(at, accepted(at), on(3, 10)), at.key, on(9))
    ticket = do(Verb.CONFIRM, resolve(at, ticket, on(10)), at.key, on(10), satisfaction=4)
    ticket = do(Verb.REOPEN, ticket, at.lead, on(12), reason="再次受阻")
    assert (ticket.due_at, ticket.resolved_periods) == (on(17, 17), [])


def test_redone_in_an_unknown_year_it_has_a_provisional_deadline(at: Desk) -> None:
    ticket = resolve(at, accepted(at), on(3, 10))
    with clock_at(datetime(2098, 12, 30, 9, tzinfo=SHANGHAI)):  # a Tuesday, with two days left
        row = perform(Verb.REDO, ticket=ticket, by=at.key, reason="未放行")
    assert (row.due_at, row.due_is_provisional) == (
        datetime(2099, 1, 1, 17, tzinfo=SHANGHAI), True,
    )  # fmt: skip

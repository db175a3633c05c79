"""The clock at the head of a ticket's page: how late it is, and why its deadline is what it is."""

from datetime import datetime
from typing import Any

import pytest

from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride
from tests.coordination.workbench.test_clock_pages import MARCH, address, as_
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    with clock_at(MARCH):
        return desk()


def panel(at: Desk, ticket: Ticket, moment: datetime, language: str = "en") -> Any:
    with clock_at(moment):
        page = as_(at.liaison, language).get(address("ticket", "change", ticket.pk))
    clock = page.context["clock"]
    if clock is None:
        return None
    account = clock.account
    return account.light, account.lateness, (account.must, *account.how)


def on(day: int, hour: int = 9) -> datetime:
    return datetime(2020, 3, day, hour, tzinfo=SHANGHAI)


def done(verb: str, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> None:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)


def test_the_panel_tells_the_clock_from_its_beginning_to_its_end(at: Desk) -> None:
    with clock_at(on(11)):
        ticket = filed(at)
    filed_on = "Filed Wednesday 11 March, 09:00"
    assert panel(at, ticket, on(11)) == (
        "green", "2 h 0 min left",
        (
            "to be accepted by Wednesday 11 March, 11:00",
            f"{filed_on}; 2 service hours from 11 March, 09:00.",
        ),
    )  # fmt: skip
    done(Verb.ACCEPT, ticket, at.liaison, on(11))
    done(Verb.ASK, ticket, at.liaison, on(12), question="哪个路口")
    assert panel(at, ticket, on(13), "zh-hans") == (
        "green",
        "",
        (
            "自3月12日09:00起暂停计时，等待补充至3月19日17:00。",
            "如不暂停，3月16日（星期一）17:00到期：自3月11日起3个工作日",
        ),
    )
    done(Verb.SUPPLEMENT, ticket, at.key, on(13), answer="谷水")
    done(Verb.EXTEND, ticket, at.liaison, on(17), amount=1, reason="未回函")
    assert panel(at, ticket, on(17)) == (
        "yellow",
        "8 h 0 min left",
        (
            "to be resolved by Tuesday 17 March, 17:00",
            f"{filed_on}; 3 working days from 11 March, paused 1 day for answers.",
            f"{at.liaison} asks for an extension of 1 working day; it is not decided yet.",
        ),
    )
    done(Verb.GRANT, ticket, at.lead, on(17))
    told = "3 working days from 11 March, extended by 1 working day, paused 1 day for answers"
    was_due = f"It was due Wednesday 18 March, 17:00: {told}"
    assert panel(at, ticket, on(19)) == (
        "red", "16 h overdue",
        ("to be resolved by Wednesday 18 March, 17:00", f"{filed_on}; {told}."),
    )  # fmt: skip
    done(Verb.RESOLVE, ticket, at.liaison, on(19), result="好", reasons={1: "改道"})
    assert panel(at, ticket, on(20)) == (
        None,
        "",
        ("Resolved late, on 19 March, 09:00.", was_due),
    )


def test_what_was_kept_says_so_and_what_ended_otherwise_says_nothing(at: Desk) -> None:
    with clock_at(on(11)):
        kept, gone = filed(at), filed(at)
    done(Verb.ACCEPT, kept, at.liaison, on(11))
    done(Verb.RESOLVE, kept, at.liaison, on(16, 17), result="好", reasons={1: "改道"})
    done(Verb.WITHDRAW, gone, at.key, on(11), reason="不需要了")
    assert panel(at, kept, on(20)) == (
        None,
        "",
        (
            "Resolved in time, on 16 March, 17:00.",
            "It was due Monday 16 March, 17:00: 3 working days from 11 March",
        ),
    )
    assert panel(at, gone, on(20)) is None


def test_of_a_calendar_edited_since_no_count_is_claimed(at: Desk) -> None:
    with clock_at(on(11)):
        ticket = filed(at)
    done(Verb.ACCEPT, ticket, at.liaison, on(11))
    done(Verb.ASK, ticket, at.liaison, on(12), question="哪个路口")
    done(Verb.SUPPLEMENT, ticket, at.key, on(13), answer="谷水")
    CalendarOverride.objects.create(day="2020-03-16", is_working=False, reason="停电")
    told = (
        "as told on 13 March, 09:00; the working calendar or the service hours have changed "
        "since, and the deadline stays as it was told"
    )
    expected = (
        "green", "4 days left",
        ("to be resolved by Tuesday 17 March, 17:00", f"Filed Wednesday 11 March, 09:00; {told}."),
    )  # fmt: skip
    assert panel(at, ticket, on(13)) == expected

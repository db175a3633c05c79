"""What each verb does to a ticket's clock, and what it refuses; days are of March 2020.

Filed and accepted on Tuesday the 3rd at nine, a normal matter is due on Friday the 6th at 17:00.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coordination.delivery.models import Delivery, Notice
from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Term, Ticket, TicketEvent
from coordination.tickets.verbs.lapse import lapse, lapse_questions
from coordination.tickets.verbs.registry import perform
from projects.flow.actors import SYSTEM
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, ServiceHours
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


def on(day: int, hour: int = 9, minute: int = 0, month: int = 3, year: int = 2020) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


DUE = on(6, 17)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def at() -> Desk:
    with clock_at(on(2)):
        return desk()


def file(at: Desk, moment: datetime, **values: Any) -> Ticket:
    with clock_at(moment):
        return filed(at, **values)


def do(verb: Verb, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def accepted(at: Desk, **values: Any) -> Ticket:
    return do(Verb.ACCEPT, file(at, on(3), **values), at.liaison, on(3))


def resolved(at: Desk, moment: datetime) -> Ticket:
    ticket = accepted(at)
    return do(Verb.RESOLVE, ticket, at.liaison, moment, result="已协调", reasons={1: "改道"})


def said(ticket: Ticket) -> dict[str, Any] | None:
    """What the last event says of the clock, beside when its warning begins."""
    event = TicketEvent.objects.filter(ticket=ticket).latest("seq")
    found: dict[str, Any] | None = event.payload.get("clock")
    if found is not None:
        assert ticket.warn_at is not None
        assert found.pop("warn") == _utc(ticket.warn_at)
    return found


def clock(stage: str, start: datetime, amount: int, due: datetime, **other: Any) -> dict[str, Any]:
    """What an event says of a clock, in UTC: the second of the ticket, if it is for handling."""
    return {
        "stage": stage, "from": _utc(start), "amount": amount, "unit": "working_day",
        "extension": 0, "due": _utc(due), "run": 1 if stage == "accept" else 2,
        "provisional": False,
    } | other  # fmt: skip


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


@contextmanager
def refused(kind: type[Exception], ticket: Ticket) -> Iterator[Any]:
    """It is refused, and row, events and what is to be sent are as they were."""

    def everything() -> tuple[Any, ...]:
        row = Ticket.objects.values().get(pk=ticket.pk)
        events = TicketEvent.objects.filter(ticket=ticket).count()
        return row, events, Notice.objects.count(), Delivery.objects.count()

    before = everything()
    with pytest.raises(kind) as found:
        yield found
    assert everything() == before


# The two clocks


def test_the_acceptance_clock_runs_from_submission(at: Desk) -> None:
    ticket = file(at, on(2, 16))
    assert (ticket.accept_due, ticket.warn_at, ticket.due_at) == (on(3, 9, 30), on(2, 17), None)
    assert said(ticket) == clock("accept", on(2, 16), 2, on(3, 9, 30), unit="service_hour")


@pytest.mark.parametrize(
    ("urgency", "due", "amount", "unit"),
    [
        ("critical", on(4, 0), 0, "same_day"),
        ("urgent", on(4, 17), 1, "working_day"),
        ("normal", on(6, 17), 3, "working_day"),
    ],
)
def test_the_handling_clock_runs_from_acceptance(
    at: Desk, urgency: str, due: datetime, amount: int, unit: str
) -> None:
    ticket = accepted(at, urgency=urgency)
    assert ticket.due_at == due
    assert said(ticket) == clock("handle", on(3), amount, due, unit=unit)


def test_passed_on_it_keeps_the_deadline_that_runs(at: Desk) -> None:
    new = file(at, on(3))
    passed = do(Verb.PASS_ON, new, at.liaison, on(3, 10), reason="不属", group=at.other_group)
    assert (passed.accept_due, passed.due_at) == (new.accept_due, None)
    ticket = accepted(at)
    ticket = do(Verb.PASS_ON, ticket, at.liaison, on(4), reason="不属", group=at.other_group)
    assert (ticket.due_at, said(ticket)) == (DUE, None)
    ticket = do(Verb.ACCEPT, ticket, at.other_liaison, on(5))
    assert (ticket.due_at, said(ticket)) == (DUE, None)


def test_reopened_it_has_a_whole_term_anew(at: Desk) -> None:
    ticket = do(Verb.CONFIRM, resolved(at, on(9)), at.key, on(9, 10), satisfaction=4)
    ticket = do(Verb.REOPEN, ticket, at.lead, on(10), reason="再次受阻")
    assert (ticket.due_at, ticket.resolved_at, ticket.ever_red) == (on(13, 17), None, True)
    assert said(ticket) == clock("handle", on(10), 3, on(13, 17), run=3)
    assert light_of(ticket, on(10)) == Light.GREEN


# Pauses


def test_an_answer_gives_back_the_days_that_ended_without_it(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(4), question="哪个路口")
    assert (ticket.paused_at, ticket.answer_due) == (on(4), on(11, 17))
    assert ticket.due_at == DUE  # until the answer
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(6), answer="谷水")
    assert (ticket.paused_at, ticket.answer_due, ticket.due_at) == (None, None, on(10, 17))
    assert said(ticket) == clock("handle", on(3), 3, on(10, 17))


def test_the_clock_stands_twice_at_most(at: Desk) -> None:
    ticket = accepted(at)
    for day in (3, 4):
        ticket = do(Verb.ASK, ticket, at.liaison, on(day, 10), question="哪个路口")
        ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(day, 11), answer="谷水")
    assert ticket.due_at == DUE
    with refused(NotAllowed, ticket):
        do(Verb.ASK, ticket, at.liaison, on(5), question="还有")


def test_an_answer_at_the_same_instant_gives_nothing_back(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(4), question="哪个路口")
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(4), answer="谷水")
    assert (ticket.due_at, ticket.pauses, ticket.paused_at) == (DUE, [], None)
    ticket = do(Verb.ASK, ticket, at.liaison, on(5), question="几辆车")
    assert do(Verb.SUPPLEMENT, ticket, at.key, on(6), answer="两辆").due_at == on(9, 17)


def test_a_question_lapses_at_the_very_end_of_its_term(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(4), question="哪个路口")
    with clock_at(on(11, 17) - INSTANT):
        assert lapse_questions() == 0
        with refused(NotAllowed, ticket):
            lapse(ticket=ticket, by=SYSTEM)
    with clock_at(on(11, 17)):
        assert (lapse_questions(), lapse_questions()) == (1, 0)


def test_a_question_lapses_after_five_working_days(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(4), question="哪个路口")
    with clock_at(on(11, 16, 59)):
        assert lapse_questions() == 0
        with refused(NotAllowed, ticket):
            lapse(ticket=ticket, by=SYSTEM)
    before = Notice.objects.count()
    with clock_at(on(12, 8)):  # the worker comes late, and the clock has run since
        assert (lapse_questions(), lapse_questions()) == (1, 0)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.paused_at, ticket.warned_count) == ("in_progress", None, 1)
    assert ticket.due_at == on(13, 17)  # the 4th to the 10th are given back, the 11th is not
    assert said(ticket) == clock("handle", on(3), 3, on(13, 17))
    assert light_of(ticket, on(12, 8)) == Light.YELLOW
    told = Notice.objects.order_by("pk")[before:]
    assert [row.officer for row in told] == [at.liaison]


def test_an_answer_after_the_lapse_does_not_stretch_the_pause(at: Desk) -> None:
    ticket = do(Verb.ASK, accepted(at), at.liaison, on(4), question="哪个路口")
    ticket = do(Verb.SUPPLEMENT, ticket, at.key, on(20), answer="谷水")
    assert ticket.due_at == on(13, 17)
    assert light_of(ticket, on(20)) == Light.RED


# Extensions


def extended(at: Desk, amount: int = 2, by: Any = None) -> Ticket:
    by = by or at.liaison
    return do(Verb.EXTEND, accepted(at), by, on(6, 16, 59), amount=amount, reason="未回函")


def test_an_extension_is_added_once_it_is_granted(at: Desk) -> None:
    ticket = extended(at)
    assert (ticket.due_at, ticket.extension_asked, ticket.extension_asked_by) == (
        DUE, 2, at.liaison
    )  # fmt: skip
    ticket = do(Verb.GRANT, ticket, at.lead, on(9))
    assert (ticket.due_at, ticket.extension, ticket.extension_asked) == (on(10, 17), 2, 0)
    assert said(ticket) == clock("handle", on(3), 3, on(10, 17), extension=2, run=3)
    assert ticket.ever_red  # it was overdue over the weekend
    with refused(NotAllowed, ticket):
        do(Verb.EXTEND, ticket, at.liaison, on(9), amount=1, reason="还要")


def test_refused_it_may_be_asked_for_again(at: Desk) -> None:
    ticket = do(Verb.DENY, extended(at), at.director, on(6, 16, 59), reason="条件具备")
    assert (ticket.due_at, ticket.extension, ticket.extension_asked) == (DUE, 0, 0)
    again = do(Verb.EXTEND, ticket, at.liaison, on(6, 16, 59), amount=1, reason="确需")
    assert again.extension_asked == 1


def test_nobody_decides_on_his_own_wish(at: Desk) -> None:
    ticket = extended(at, by=at.lead)
    for verb, inputs in ((Verb.GRANT, {}), (Verb.DENY, {"reason": "不同意"})):
        with refused(NotAllowed, ticket):
            do(verb, ticket, at.lead, on(6, 16, 59), **inputs)
    assert do(Verb.GRANT, ticket, at.director, on(6, 16, 59)).due_at == on(10, 17)


@pytest.mark.parametrize("amount", [0, -1, 4])
def test_an_extension_is_at_most_the_original_term(at: Desk, amount: int) -> None:
    ticket = accepted(at)
    with refused(Invalid, ticket) as found:
        do(Verb.EXTEND, ticket, at.liaison, on(4), amount=amount, reason="未回函")
    assert [(each.path, each.code) for each in found.value.errors] == [
        (("amount",), "out-of-range")
    ]


def test_an_extension_is_asked_for_before_the_deadline(at: Desk) -> None:
    ticket = accepted(at)
    with refused(NotAllowed, ticket):
        do(Verb.EXTEND, ticket, at.liaison, on(6, 17, 1), amount=1, reason="未回函")


# Another urgency


def regrade(at: Desk, ticket: Ticket, urgency: str, moment: datetime) -> Ticket:
    return do(Verb.REGRADE, ticket, at.lead, moment, urgency=urgency, reason="情况有变")


def test_another_urgency_is_reckoned_from_the_start(at: Desk) -> None:
    ticket = regrade(at, accepted(at), "complex", on(5))
    assert (ticket.due_at, ticket.term_amount) == (on(12, 17), 7)
    assert said(ticket) == clock("handle", on(3), 7, on(12, 17), run=3)


def test_a_term_that_would_be_over_runs_from_now(at: Desk) -> None:
    ticket = regrade(at, accepted(at), "urgent", on(5))
    assert (ticket.due_at, ticket.clock_from) == (on(6, 17), on(3))  # no sooner, so it stands
    ticket = regrade(at, accepted(at, urgency="normal"), "critical", on(5))
    assert (ticket.due_at, ticket.clock_from) == (on(6, 0), on(5))
    assert said(ticket) == clock("handle", on(5), 0, on(6, 0), unit="same_day", run=3)


def test_a_new_deadline_of_this_very_instant_is_not_over(at: Desk) -> None:
    ticket = regrade(at, accepted(at), "urgent", on(4, 17))
    assert (ticket.due_at, ticket.clock_from) == (on(4, 17), on(3))
    late = on(4, 17) + INSTANT
    ticket = regrade(at, accepted(at), "urgent", late)
    assert (ticket.due_at, ticket.clock_from) == (on(5, 17), late)


@pytest.mark.parametrize("urgency", ["critical", "urgent", "complex"])
def test_a_missed_deadline_is_not_moved_to_what_has_passed_as_well(at: Desk, urgency: str) -> None:
    ticket = regrade(at, accepted(at), urgency, on(20))
    assert (ticket.due_at, ticket.urgency, ticket.ever_red) == (DUE, urgency, True)
    assert light_of(ticket, on(20)) == Light.RED


def test_a_deadline_that_stands_is_not_moved_by_a_row_edited_since(at: Desk) -> None:
    ticket = accepted(at)
    CalendarOverride.objects.create(day=on(6).date(), is_working=False, reason="停电")
    ticket = regrade(at, ticket, "urgent", on(5))
    assert (ticket.due_at, said(ticket)) == (DUE, None)


def test_an_extension_falls_away_with_its_term(at: Desk) -> None:
    ticket = do(Verb.GRANT, extended(at), at.lead, on(6, 16, 59))
    ticket = regrade(at, ticket, "complex", on(9))
    assert (ticket.due_at, ticket.extension) == (on(12, 17), 0)


@pytest.mark.parametrize("urgency", ["normal", "soon"])
def test_an_urgency_must_be_another(at: Desk, urgency: str) -> None:
    ticket = accepted(at)
    with refused(Invalid, ticket) as found:
        regrade(at, ticket, urgency, on(4))
    assert [each.path for each in found.value.errors] == [("urgency",)]


# The rows


def test_rows_edited_later_move_nothing_that_runs(at: Desk) -> None:
    ticket = accepted(at)
    CalendarOverride.objects.create(day=on(6).date(), is_working=False, reason="停电")
    Term.objects.filter(stage="handle", urgency="normal").update(amount=5)
    ticket = do(Verb.COMMENT, ticket, at.lead, on(4), text="抓紧")
    assert ticket.due_at == DUE
    other = do(Verb.ACCEPT, file(at, on(4)), at.liaison, on(4))
    assert other.due_at == on(12, 17)


def test_the_row_for_a_kind_holds_before_the_general_one(at: Desk) -> None:
    Term.objects.create(stage="handle", kind="vehicle_pass", amount=2, unit="natural_day")
    assert accepted(at).due_at == on(6, 0)
    assert accepted(at, kind="worker_return").due_at == DUE


@pytest.mark.parametrize("rows", [ServiceHours, Term])
def test_without_rows_nothing_is_filed(at: Desk, rows: Any, superuser_cursor: Any) -> None:
    table = rows._meta.db_table
    superuser_cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    rows.objects.all().delete()
    superuser_cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with pytest.raises(Invalid) as found:
        file(at, on(3))
    assert [each.code for each in found.value.errors] == ["terms-missing"]
    assert Ticket.objects.count() == 0


# Lights

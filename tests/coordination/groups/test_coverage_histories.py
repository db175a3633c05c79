"""Any history of leaves, moves, closings, handovers and tickets, told again by a witness.

``HISTORIES=10000`` runs so many (``make histories``); each shard has a seed of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.groups.models import Leave, ServiceGroup
from coordination.groups.queries import assignment_of
from coordination.groups.queries_coverage import coverage
from coordination.groups.serve import end_leave, join_group, take_leave
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.queries_responsible import answers_for
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import (
    Closing,
    Kind,
    Relief,
    close_group,
    relieve_officer,
)
from projects.record.canonical import digest
from projects.record.clock import change, clock_at
from projects.record.refusals import Refusal
from tests.coordination.groups.coverage_witness import Witness, coverage_told, witness_at
from tests.factories.coordination import (
    Desk,
    desk,
    filed,
    leave_group,
    project,
)

HISTORIES: Final = int(os.environ.get("HISTORIES", "12"))
SEED: Final = int(os.environ.get("HISTORIES_SEED", "2020"))
AT_ONCE: Final = 100  # histories of a shard, at most
SHARDS: Final = -(-HISTORIES // AT_ONCE)
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BEGIN = CUT_OFF - timedelta(days=9)
HOUR = timedelta(hours=1)
DEEDS = (
    "leave", "leave", "back", "deactivate", "reactivate", "join", "quit", "role", "close", "reopen",
    "hand_over", "hand_over", "file", "file", "project", "rename", "relieve", "relieve",
    "close_group", "pass_on", "accept", "duplicate", "decline", "revive",
)  # fmt: skip
INPUTS: Final[dict[str, dict[str, Any]]] = {
    "accept": {}, "pass_on": {"reason": "应由该组办理"}, "duplicate": {"reason": "重复"},
    "decline": {"reason": "不属于", "duplicates": "revive"}, "revive": {"reason": "仍需通行"},
}  # fmt: skip
histories = st.lists(
    st.tuples(
        st.integers(0, 14 * 24) | st.just(9 * 24), st.sampled_from(DEEDS), st.integers(0, 999)
    ),
    min_size=10, max_size=40,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@contextmanager
def forgotten() -> Iterator[None]:
    """Each history begins with an empty record."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def people(here: Desk) -> list[Officer]:
    named = ("liaison", "deputy", "lead", "other_liaison", "other_lead", "helper")
    return [Officer.objects.get(pk=getattr(here, each).pk) for each in named]


def revised(row: Any, here: Desk, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    with change() as moment:
        row.record_revision(changed=list(values), at=moment, by=here.director)
    return row


def do(deed: str, choice: int, at: datetime, here: Desk) -> None:
    """One deed; a refusal is a deed that was not done."""
    who = people(here)[choice % 6]
    group = ServiceGroup.objects.get(pk=(here.group, here.other_group)[choice // 6 % 2].pk)
    start = at + HOUR * (choice % 60 - 20)
    span: dict[str, Any] = {"start": start, "end": start + HOUR * (choice % 90)}
    roles = (Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR)
    by = here.director
    deeds: dict[str, Callable[[], object]] = {
        "leave": lambda: take_leave(officer=who, by=by, **span),
        "back": lambda: come_back(who, choice, by),
        "deactivate": lambda: revised(who, here, is_active=False),
        "reactivate": lambda: revised(who, here, is_active=True),
        "join": lambda: join_group(officer=who, group=group, by=by),
        "quit": lambda: leave_group(officer=who, by=by),
        "role": lambda: revised(who, here, role=roles[choice % 3]),
        "close": lambda: revised(group, here, is_active=False),
        "reopen": lambda: revised(group, here, is_active=True),
        "rename": lambda: [revised(each, here, name=f"改名{choice}") for each in (who, group)],
        "file": lambda: filed(here),
        "project": lambda: take_on(project=project(), group=group, liaison=who, by=by),
        "hand_over": lambda: hand_over(
            project=here.project, group=group, liaison=who, reason="调整", by=by,
            deputy=(None, *people(here))[choice % 7],
        ),
        "relieve": lambda: relieve_officer(
            relief=Relief(
                officer=who, kind=list(Kind)[choice % 4], to=list(To)[choice // 4 % 3],
                reason="调整", group=group, role=roles[choice % 3],
                one=people(here)[choice // 12 % 6],
            ),
            by=by,
        ),
        "close_group": lambda: close_group(
            closing=Closing(group=group, to=list(To)[choice % 3], reason="撤并",
                            one=here.other_group if group == here.group else here.group), by=by,
        ),
    }  # fmt: skip
    if deed in INPUTS:
        act(deed, choice, here)
        return
    deeds[deed]()


def act(verb: str, choice: int, here: Desk) -> None:
    """Something that is done with a ticket by whoever may do it now."""
    rows = list(Ticket.objects.order_by("pk"))
    if not rows:
        return
    ticket, inputs = rows[choice % len(rows)], dict(INPUTS[verb])
    if verb == "duplicate":
        inputs["number"] = rows[choice // 7 % len(rows)].number
    if verb == "pass_on":
        own = ticket.group_id == here.group.pk
        inputs["group"] = here.other_group if own else here.group
    able = [each for each in (*people(here), here.duty_desk) if verb in allowed_verbs(ticket, each)]
    if able:
        perform(verb, ticket=ticket, by=able[choice % len(able)], **inputs)


def come_back(who: Officer, choice: int, by: Officer) -> None:
    rows = Leave.objects.filter(officer=who, ended_at=None).order_by("pk")
    if rows:
        end_leave(leave=rows[choice % len(rows)], by=by)


def goes_to(seen: Witness, here: Desk, at: datetime) -> tuple[int | None, set[int | None]]:
    """Liaison, deputy or lead who gets a ticket filed now; else the members among whom one is."""
    row = assignment_of(here.project, at)
    assert row is not None
    others: set[int | None] = {pk for pk in seen.officers if seen.can_act(pk, row.group_id)}
    return seen.answers(row), others or {None}


@pytest.mark.django_db
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_history(shard: int) -> None:
    with clock_at(BEGIN - timedelta(days=1)):
        here = desk()

    @seed(SEED * 1000 + shard)
    @settings(
        max_examples=HISTORIES // SHARDS + (shard < HISTORIES % SHARDS), database=None,
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip
    @given(histories)
    def run(steps: list[tuple[int, str, int]]) -> None:
        with forgotten():
            check(here, steps)

    run()


def check(here: Desk, steps: list[tuple[int, str, int]]) -> None:
    at_the_cut_off: str | None = None
    for hours, deed, choice in [*steps, (14 * 24, "file", 0)]:
        at = BEGIN + timedelta(hours=hours)
        if at > CUT_OFF and at_the_cut_off is None:
            at_the_cut_off = digest(count_blocks(week_to(CUT_OFF))["coverage"])
        with clock_at(at):
            try:
                with transaction.atomic():
                    do(deed, choice, at, here)
            except Refusal:
                continue
            seen, now = witness_at(at), coverage(at)
            told = coverage_told(at, seen)
            assert (now.served, now.unserved, now.broken.total()) == (
                told["served"], told["unserved"], told["broken"],
            )  # fmt: skip
            check_answers(seen, here, at)
            if deed == "file":
                check_last_filed(seen, here, at)
    counted = count_blocks(week_to(CUT_OFF))["coverage"]
    assert counted["figures"] == coverage_told(CUT_OFF)
    assert at_the_cut_off == digest(counted)


def check_last_filed(seen: Witness, here: Desk, at: datetime) -> None:
    """It went to whom the witness names."""
    first, others = goes_to(seen, here, at)
    ticket = Ticket.objects.latest("pk")
    assert ticket.events.get().verb == Verb.SUBMIT
    assert ticket.handler_id == first if first is not None else ticket.handler_id in others


def check_answers(seen: Witness, here: Desk, at: datetime) -> None:
    """Whoever answers for a ticket is its handler, or whom the witness names in his place."""
    row = assignment_of(here.project, at)
    assert row is not None
    for each in Ticket.objects.filter(project=here.project):
        group = each.group_id or 0
        members: set[int | None] = {pk for pk in seen.officers if seen.can_act(pk, group)}
        leads = {pk for pk in members if seen.officers[pk or 0].role == "group_lead"}
        first = seen.answers(row) if row.group_id == group else None
        expected = leads or members or {None}
        if each.handler_id in members or first is not None:
            expected = {each.handler_id if each.handler_id in members else first}
        assert answers_for(each, at) in expected

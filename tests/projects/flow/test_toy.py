"""A second user of the engine: all that is shown of its cases comes from its table."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from projects.flow import chain
from projects.flow.actors import SYSTEM, System
from projects.flow.chain import altered
from projects.flow.diagram import mermaid, placed_in, table
from projects.flow.models import Transition
from projects.record.clock import clock_at
from projects.record.findings import Finding
from projects.record.refusals import Invalid, Missing, NotAllowed, Stale
from projects.record.writing import Rows, write
from tests.bed.races import race
from tests.projects.flow.toy.models import Case, CaseEvent, CaseWords, Person
from tests.projects.flow.toy.tables import create_tables, drop_tables
from tests.projects.flow.toy.verbs import (
    ACTORS,
    FLOW,
    INPUTS,
    MACHINE,
    STATUSES,
    VERBS,
    check,
    close,
    open_case,
)

MONDAY = datetime(2020, 3, 2, 4, tzinfo=UTC)
WHO = ("owner", "checker", "stranger", "system")
# verb -> who may do it, and from which status to which
EXPECTED: dict[str, tuple[set[str], dict[str, str]]] = {
    "check": ({"checker", "system"}, {"open": "checked"}),
    "close": ({"owner"}, {"checked": "closed"}),  # a case that nobody has checked is barred
}


@dataclass(frozen=True)
class People:
    """Who there is: the owner of a case, who checks it, a stranger, the system."""

    owner: Person
    checker: Person
    stranger: Person
    system: System = SYSTEM


@pytest.fixture
def people(owner_cursor: psycopg.Cursor[Any]) -> Iterator[People]:
    """The people, in tables that are there as long as the test."""
    create_tables(owner_cursor)
    yield People(
        Person.objects.create(name="甲"),
        Person.objects.create(name="乙", checks=True),
        Person.objects.create(name="丙"),
    )
    drop_tables(owner_cursor)


@contextmanager
def intruder(cursor: psycopg.Cursor[Any]) -> Iterator[psycopg.Cursor[Any]]:
    """The superuser with every trigger switched off."""
    cursor.execute("SET session_replication_role = replica")
    try:
        yield cursor
    finally:
        cursor.execute("SET session_replication_role = origin")


def brought(people: People, status: str) -> Case:
    """A case in that status, by the verbs that lead there."""
    case = open_case(by=people.owner)
    if status != "open":
        case = check(case=case, finding="合格", by=people.checker)
    return close(case=case, by=people.owner) if status == "closed" else case


def rows() -> list[list[Any]]:
    """Everything that is written of cases."""
    return [
        list(each.objects.order_by("pk").values_list()) for each in (Case, CaseEvent, CaseWords)
    ]


def events_of(case: Case) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=case).order_by("seq")


def chained() -> list[Finding]:
    return list(altered(CaseEvent.objects.order_by("case_id", "seq").iterator()))


@pytest.mark.parametrize("status", STATUSES)
def test_every_verb_by_every_actor(people: People, status: str) -> None:
    for verb, who in itertools.product(VERBS, WHO):
        case, actor = brought(people, status), getattr(people, who)
        may, targets = EXPECTED[verb]
        target = targets.get(status) if who in may else None
        assert (verb in ACTORS.allowed(case, actor)) == (target is not None), (verb, who)
        before = rows()
        if target is None:
            with pytest.raises((NotAllowed, Missing)):
                VERBS[verb](case=case, by=actor, **INPUTS[verb])
            assert rows() == before, (verb, who)
        else:
            assert VERBS[verb](case=case, by=actor, **INPUTS[verb]).status == target
            assert Case.objects.get(pk=case.pk).status == target
            assert len(rows()[1]) == len(before[1]) + 1
    assert chained() == []


def test_buttons_and_allowed_actions_come_from_the_table(people: People) -> None:
    case = brought(people, "open")
    shown = [FLOW[verb] for verb in ACTORS.allowed(case, people.checker)]
    assert [(each.verb, each.label, each.tone, each.required) for each in shown] == [
        ("check", "Check", "primary", ("finding",))
    ]
    assert ACTORS.allowed(case, people.owner) == []
    case = check(case=case, finding="合格", by=people.checker)
    shown = [FLOW[verb] for verb in ACTORS.allowed(case, people.owner)]
    assert [(each.verb, each.label, each.tone, each.required) for each in shown] == [
        ("close", "Close", "danger", ())
    ]


def test_the_diagram_comes_from_the_table() -> None:
    assert mermaid(FLOW).splitlines() == [
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> open: open",
        "    open --> checked: check",
        "    checked --> closed: close",
        "    open --> closed: close",
        "    closed --> [*]",
        "```",
    ]
    assert table(FLOW).splitlines()[3] == (
        "| `check` | open | checked | checker, system | finding |"
    )
    page = (
        "before\n<!-- flow of a case: drawn by manage.py draw_flow -->\nold\n"
        "<!-- end of the flow of a case -->\nafter"
    )
    drawn = placed_in(page, "a case", FLOW)
    assert "old" not in drawn
    assert placed_in(drawn, "a case", FLOW) == drawn
    with pytest.raises(ValueError, match="no place for the flow of a loan"):
        placed_in(page, "a loan", FLOW)


def test_the_database_has_the_transitions_of_the_table(people: People) -> None:
    found = Transition.objects.filter(flow="case").values_list("verb", "source", "target")
    assert sorted(found) == sorted(FLOW.transitions())


def test_the_database_refuses_a_status_without_its_event(people: People) -> None:
    case = brought(people, "open")
    before = rows()
    with pytest.raises(IntegrityError, match="status closed is not what its last event says"):
        Case.objects.filter(pk=case.pk).update(status="closed")
    assert rows() == before


@pytest.mark.parametrize(
    ("verb", "target", "said"),
    [
        ("check", "closed", "the flow has no step check from open to closed"),
        ("open", "open", "the flow has no step open from open to open"),
        ("accept", "in_progress", "the flow has no step accept from open to in_progress"),
        ("check", "checked", "status open is not what its last event says"),
    ],
)
def test_the_database_refuses_an_event_that_the_flow_does_not_have(
    people: People, verb: str, target: str, said: str
) -> None:
    case = brought(people, "open")
    before, last = rows(), events_of(case).get()
    with pytest.raises(IntegrityError, match=said):
        CaseEvent.objects.create(
            case=case, seq=2, verb=verb, from_status="open", to_status=target, by_system=True,
            recorded_at=last.recorded_at, previous_hash=last.hash, hash="0" * 64,
        )  # fmt: skip
    assert rows() == before


def test_an_event_names_its_thing_and_its_actor(people: People) -> None:
    with clock_at(MONDAY):
        case = brought(people, "open")
        check(case=case, finding=" 合格 ", by=people.system)
    first, second = events_of(case)
    assert (first.thing_pk, first.actor_pks, first.by_system) == (
        case.pk, [people.owner.pk], False,
    )  # fmt: skip
    assert (second.thing_pk, second.actor_pks, second.by_system) == (case.pk, [None], True)
    assert (CaseWords.objects.get(event=second).body, second.recorded_at) == (
        {"finding": "合格"},
        MONDAY,
    )
    assert second.previous_hash == first.hash


def test_what_was_altered_is_named(people: People, superuser_cursor: psycopg.Cursor[Any]) -> None:
    case = brought(people, "closed")
    other = brought(people, "checked")
    assert chained() == []
    changes = {
        "toy_caseevent SET person_id = NULL WHERE id = %s": events_of(case).get(seq=2).pk,
        "toy_caseevent SET hash = repeat('0', 64) WHERE id = %s": events_of(case).get(seq=3).pk,
        "toy_casewords SET salt = 'x' WHERE event_id = %s": events_of(other).get(seq=1).pk,
    }
    with intruder(superuser_cursor) as cursor:
        for change, row in changes.items():
            cursor.execute(f"UPDATE {change}".encode(), [row])
            assert cursor.rowcount == 1
    assert chained() == [
        ("toy.caseevent", f"{case.pk}/2", "hash"),
        ("toy.caseevent", f"{case.pk}/3", "hash"),
        ("toy.caseevent", f"{other.pk}/1", "text"),
    ]


def test_an_event_that_is_gone_is_noticed_by_the_next(
    people: People, superuser_cursor: psycopg.Cursor[Any]
) -> None:
    case = brought(people, "closed")
    CaseWords.objects.all().delete()  # erasing words breaks nothing
    assert chained() == []
    with intruder(superuser_cursor) as cursor:
        cursor.execute("DELETE FROM toy_caseevent WHERE seq = 2")
    assert chained() == [("toy.caseevent", f"{case.pk}/3", "chain")]


@pytest.mark.parametrize("statement", [
    "UPDATE toy_caseevent SET verb = verb", "DELETE FROM toy_caseevent",
    "TRUNCATE toy_caseevent CASCADE", "DELETE FROM toy_case",
])  # fmt: skip
def test_not_even_the_owner_alters_the_record(
    people: People, owner_cursor: psycopg.Cursor[Any], statement: str
) -> None:
    brought(people, "checked")
    before = rows()
    with pytest.raises(psycopg.Error):
        owner_cursor.execute(statement.encode())
    assert rows() == before


def test_refusals_come_in_their_order_and_change_nothing(people: People) -> None:
    case = brought(people, "open")
    before = rows()
    with pytest.raises(Missing):  # an outsider does not learn that it has changed
        close(case=case, version=9, by=people.stranger)
    with pytest.raises(Stale):  # nor the owner that it is not to be closed
        close(case=case, version=9, by=people.owner)
    with pytest.raises(NotAllowed) as refused:
        close(case=case, version=1, by=people.owner)
    assert (refused.value.members, refused.value.reasons) == (
        {"status": "open"}, ["Let it be checked first."],
    )  # fmt: skip
    assert [each.code for each in refused.value.errors] == ["unchecked"]
    with pytest.raises(Invalid):
        check(case=case, finding=" ", by=people.checker)
    assert rows() == before


def test_only_an_owner_opens_a_case_and_nobody_by_another_verb(people: People) -> None:
    begin = partial(MACHINE.begin, payload={}, text={})
    with pytest.raises(NotAllowed):
        begin("open", thing=Case(owner=people.owner), by=people.stranger)
    with pytest.raises(NotAllowed):
        begin("close", thing=Case(owner=people.owner), by=people.owner)
    assert rows() == [[], [], []]


def test_a_requirement_holds_a_verb_up(people: People) -> None:
    case = open_case(is_urgent=True, by=people.owner)
    case = check(case=case, finding="合格", by=people.checker)
    before = rows()
    with pytest.raises(Invalid) as refused:
        close(case=case, by=people.owner)
    assert [each.path for each in refused.value.errors] == [("is_urgent",)]
    assert rows() == before


def test_an_end_is_kept_and_told_by_its_event(people: People) -> None:
    with clock_at(MONDAY):
        case = brought(people, "checked")
        assert (case.ended_at, case.version) == (None, 2)
        case = close(case=case, by=people.owner)
    assert (case.ended_at, case.changed_at, case.version) == (MONDAY, MONDAY, 3)
    assert events_of(case).get(seq=3).payload == {"ended": MONDAY.isoformat()}


def test_time_never_runs_backwards(people: People) -> None:
    with clock_at(MONDAY):
        case = brought(people, "open")
    with clock_at(MONDAY - timedelta(hours=1)):
        case = check(case=case, finding="合格", by=people.checker)
    assert (case.changed_at, events_of(case).get(seq=2).recorded_at) == (MONDAY, MONDAY)


def test_a_verb_writes_no_column_that_is_said_once(people: People) -> None:
    case = brought(people, "open")
    with MACHINE.step("check", thing=case, version=None, by=people.checker) as this:
        this.thing.owner = people.stranger
        this.internal = True
    found = Case.objects.get(pk=case.pk)
    assert (found.owner, found.status) == (people.owner, "checked")
    assert (found.version, events_of(case).get(seq=2).is_internal) == (1, True)


def test_no_event_no_change(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    case = brought(people, "open")
    before = rows()

    def fail(*tables: Rows) -> None:
        write(*tables)
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(chain, "write", fail)
    with pytest.raises(DatabaseError, match="the disk is full"), transaction.atomic():
        check(case=case, finding="合格", by=people.checker)
    assert rows() == before


def test_two_at_once_and_one_wins(people: People) -> None:
    case = brought(people, "open")
    outcomes = race(
        *[partial(check, case=case, finding="合格", version=1, by=people.checker)] * 2,
        *[partial(check, case=case, finding="合格", by=people.system)] * 2,
    )
    errors = [type(each.error) for each in outcomes if each.error is not None]
    assert len(errors) == 3
    assert set(errors) <= {Stale, NotAllowed}
    assert [event.verb for event in events_of(case)] == ["open", "check"]
    assert Case.objects.get(pk=case.pk).version == 2
    assert chained() == []

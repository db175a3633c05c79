"""Two officers, or two workers, at one instant, on connections of their own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import psycopg
import pytest

from projects.imports.carry import carry_out_import, confirm_import
from projects.imports.models import Import, ImportEffect, State
from projects.imports.work import do_waiting
from projects.record.refusals import Busy, NotAllowed, Stale
from tests.bed.races import race
from tests.factories.coordination import Desk, desk
from tests.projects.imports import toy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at() -> Iterator[Desk]:
    with toy.toy_room():
        yield desk()


def ready(at: Desk) -> Import:
    of = toy.sent(at.director, ["玩具熊", 3], ["玩具车", 2])
    do_waiting()
    of.refresh_from_db()
    return of


def kept() -> dict[str, int]:
    return dict(toy.toys().values_list("name", "ordinal"))


def test_one_of_two_officers_confirms_and_one_of_two_workers_does_it(at: Desk) -> None:
    of = ready(at)
    confirm = partial(confirm_import, of=of, plan_hash=of.plan_hash)
    found = race(partial(confirm, by=at.director), partial(confirm, by=at.duty_desk))
    assert [type(each.error) for each in found if each.error] == [NotAllowed]
    of.refresh_from_db()
    work = partial(carry_out_import, of=of, by=of.confirmed_by)
    found = race(work, work)
    refused = [type(each.error) for each in found if each.error]
    assert refused in ([NotAllowed], [Busy])  # workbooks are read one at a time
    of.refresh_from_db()
    assert (of.state, kept()) == (State.DONE, {"玩具熊": 3, "玩具车": 2})
    assert ImportEffect.objects.filter(of_import=of).count() == 2


def test_of_two_imports_of_the_same_rows_the_second_is_shown_again(at: Desk) -> None:
    both = [ready(at), ready(at)]
    for of in both:
        confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
        of.refresh_from_db()
    carry_out_import(of=both[0], by=at.director)
    with pytest.raises(Stale):
        carry_out_import(of=both[1], by=at.director)
    do_waiting()
    both[1].refresh_from_db()
    assert (both[1].state, both[1].counts["unchanged"]) == (State.READY, 2)


def test_a_worker_that_is_killed_leaves_the_work_to_the_next(
    at: Desk, superuser_cursor: psycopg.Cursor[tuple[int]]
) -> None:
    of = ready(at)
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    of.refresh_from_db()

    def die(*given: Any) -> Iterator[Any]:
        effects = toy.carry_out(*given)
        yield next(effects)
        superuser_cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        yield from effects

    with toy.sheet_with(carry_out=die):
        (outcome,) = race(partial(carry_out_import, of=of, by=at.director))
    assert outcome.error is not None
    assert (kept(), ImportEffect.objects.count()) == ({}, 0)
    do_waiting()
    of.refresh_from_db()
    assert (of.state, kept()) == (State.DONE, {"玩具熊": 3, "玩具车": 2})

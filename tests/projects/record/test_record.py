"""The clock, the canonical bytes and the facts."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from coordination.tickets.urgency import Urgency
from projects.record.canonical import as_json, canonical, digest, digests
from projects.record.clock import change, clock_at, machine_now, now, settle
from projects.record.facts import fact_models
from projects.record.refusals import Checker, FieldError, Invalid
from projects.register.models import Enterprise

MOMENT = datetime(2020, 3, 9, 9, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda below: st.lists(below) | st.dictionaries(st.sampled_from("abc"), below),
    max_leaves=10,
)


def test_the_clock_stands_where_it_is_set_and_goes_on_after() -> None:
    with clock_at(MOMENT):
        assert now() == MOMENT
        with clock_at(MOMENT + timedelta(days=1)):
            assert now() == MOMENT + timedelta(days=1)
        assert now() == MOMENT
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_is_not_set_where_it_may_not_be(settings: Any) -> None:
    settings.DEMO_CLOCK = False
    with pytest.raises(ImproperlyConfigured), clock_at(MOMENT):
        pytest.fail("the clock was set")
    assert now() != MOMENT


@pytest.mark.django_db
def test_changes_within_a_change_share_its_moment() -> None:
    with change() as outer, change() as inner:
        assert inner == outer
    with change() as later:
        assert later > outer


@pytest.mark.django_db(transaction=True)
def test_what_was_settled_is_before_every_later_change() -> None:
    """Also where the clock of the host that asks is ahead of PostgreSQL's."""
    until = machine_now() + timedelta(seconds=0.3)
    settle(until)
    with change() as at:
        assert at >= until


@pytest.mark.django_db
def test_what_is_refused_within_undoes_itself_or_everything() -> None:
    """A change of many goes on after one that was refused; a whole one cannot."""

    def refused() -> None:
        with change():
            key = Enterprise.objects.create(name="内", uscc="91410300MA00000001")
            assert key.pk
            raise ZeroDivisionError

    with change():
        with pytest.raises(ZeroDivisionError):
            refused()
        assert Enterprise.objects.count() == 0
    with pytest.raises(TransactionManagementError), change(whole=True):  # noqa: PT012 - both in one
        Enterprise.objects.create(name="外", uscc="91410300MA00000002")
        with pytest.raises(ZeroDivisionError):
            refused()
        Enterprise.objects.count()
    assert Enterprise.objects.count() == 0


@pytest.mark.django_db
def test_a_whole_change_pays_for_no_savepoints() -> None:
    def asked(*, whole: bool) -> list[str]:
        with (
            CaptureQueriesContext(connection) as found,
            transaction.atomic(),
            change(whole=whole),
            change(),
            change(),
        ):
            Enterprise.objects.exists()
        return [each["sql"].split()[0] for each in found if "exists" not in each["sql"].lower()]

    assert asked(whole=False).count("SAVEPOINT") == asked(whole=True).count("SAVEPOINT") + 2


class Plain(Enum):
    ONE = 1


@dataclass
class Some:
    a: float = 1.5


@pytest.mark.parametrize(
    "value",
    [
        1.5, [1, {"a": float("nan")}], {"a": (0.0,)}, object(), {1, 2}, Some(), [Some()],
        {"a": UUID(int=1)}, Plain.ONE, time(9),
    ],
)  # fmt: skip
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_canonical_bytes_written_out() -> None:
    moment = MOMENT.astimezone(timezone(timedelta(hours=8)))
    value = {"b": [Decimal("1.50"), True, None], "a": "豫", "at": moment, "day": date(2020, 3, 9)}
    written = (
        '{"a":"豫","at":"2020-03-09T09:00:00.000000+00:00","b":["1.50",true,null],'
        '"day":"2020-03-09"}'
    )
    assert canonical(value) == written.encode()
    assert canonical([Urgency.URGENT, (1,)]) == b'["urgent",[1]]'
    assert digest("") == "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"


@given(value=st.dictionaries(st.text(), JSON))
def test_canonical_bytes_are_those_of_pythons_own_json(value: dict[str, Any]) -> None:
    own = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(value) == own.encode()


@given(values=st.lists(JSON))
def test_of_many_each_has_its_own_digest(values: list[Any]) -> None:
    assert digests(values) == [
        hashlib.sha256(canonical(each)).hexdigest() for each in values
    ] == [digest(each) for each in values]  # fmt: skip


def test_one_without_a_form_is_refused_among_many() -> None:
    with pytest.raises(TypeError):
        digests([*({"a": [each]} for each in range(50)), {"a": [1.5]}])


@given(value=st.dictionaries(st.text(), JSON | st.floats() | st.integers()))
def test_json_means_what_pythons_own_means(value: dict[str, Any]) -> None:
    said, own = as_json(value), json.dumps(value)
    assert json.dumps(json.loads(said)) == json.dumps(json.loads(own))


def test_json_has_no_word_for_what_pythons_own_has_none_for() -> None:
    with pytest.raises(TypeError):
        as_json({"a": Some()})


@given(value=st.dictionaries(st.text("abcd"), JSON))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_every_mistake_is_collected() -> None:
    check = Checker()
    check.require(False, "a", "wrong")
    check.require(True, "b", "right")
    check.require("", ("c", 0), "empty", "required")
    with pytest.raises(Invalid) as refused:
        check.finish()
    assert refused.value.errors == [
        FieldError(("a",), "wrong"), FieldError(("c", 0), "empty", "required"),
    ]  # fmt: skip
    assert refused.value.errors[1].below("lines", 2).path == ("lines", 2, "c", 0)


def test_what_is_a_fact() -> None:
    assert {model.__name__ for model in fact_models()} >= {
        "TicketEvent", "Fulfilment", "Anchor", "ProjectRevision", "DailyReport",
        "PriorFiling",
    }  # fmt: skip

"""Five hundred filed at once against as many rows written at once, without a rule (P8).

``ROUNDS=5 MANY=500 .venv/bin/python -m pytest -s tests/benchmarks/test_file_many.py -n 0``
"""

import itertools
import os
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from coordination.tickets.filing.drafts import Draft, Submission
from coordination.tickets.models import Ticket
from coordination.tickets.submit import submit_many
from tests.api.scene import client_with, filing
from tests.benchmarks.floor.models import NO_TABLES, TABLES
from tests.benchmarks.floor.models import Event as FloorEvent
from tests.benchmarks.floor.models import Ticket as FloorTicket
from tests.factories.coordination import Desk, desk, vehicle

ROUNDS, MANY = int(os.environ.get("ROUNDS", "2")), int(os.environ.get("MANY", "50"))
LEAST = float(os.environ.get("LEAST", "0.01"))
_numbers = itertools.count()


@pytest.fixture
def floor(owner_cursor: Any) -> Iterator[None]:
    owner_cursor.execute(NO_TABLES + ";" + TABLES)
    yield
    owner_cursor.execute(NO_TABLES)


def plain(at: Desk) -> None:
    tickets = FloorTicket.objects.bulk_create(
        FloorTicket(
            number=f"n-{next(_numbers)}", kind="vehicle_pass", project_id=at.project.pk,
            enterprise_id=at.enterprise.pk, urgency="normal", title="A title", detail="Details",
            contact_name="Wang", contact_mobile="13800138000", lines=[filing()["lines"][0]],
        )
        for _each in range(MANY)
    )  # fmt: skip
    FloorEvent.objects.bulk_create(
        FloorEvent(ticket=each, payload={"kind": each.kind, "project": each.project_id})
        for each in tickets
    )


def by_verb(at: Desk) -> None:
    submission = Submission(
        kind="vehicle_pass", project=at.project, title="A title", detail="Details",
        contact_name="Wang", contact_mobile="13800138000", lines=[vehicle()],
    )  # fmt: skip
    filed = submit_many(submissions=[submission] * MANY, enterprise=at.enterprise, by=at.key)
    assert all(isinstance(each, Draft) for each in filed)


def by_api(at: Desk) -> None:
    answer = client_with(at.token).post(
        "/api/v1/tickets/bulk/", {"tickets": [filing(project=at.project.code)] * MANY},
        headers={"Idempotency-Key": f"k-{next(_numbers)}"},
    )  # fmt: skip
    assert answer.status_code == 200


def timed(deed: Callable[[Desk], None], at: Desk) -> float:
    began = perf_counter()
    deed(at)
    return perf_counter() - began


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_many_at_once_against_the_floor(floor: None) -> None:
    at = desk()
    for deed in (plain, by_verb, by_api):
        deed(at)
    verb, api = [], []
    for _round in range(ROUNDS):
        verb.append(timed(plain, at) / timed(by_verb, at))
        api.append(timed(plain, at) / timed(by_api, at))
    print(  # noqa: T201 - its result
        f"{MANY} at once, tickets/s ÷ floor: verb {median(verb):.2f}, API {median(api):.2f}"
    )
    assert Ticket.objects.count() == 2 * MANY * (ROUNDS + 1)
    assert median(verb) > LEAST

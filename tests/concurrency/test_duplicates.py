"""A ticket that ends while another is marked as its duplicate."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from coordination.tickets.flow import Status, Verb
from coordination.tickets.verbs.registry import perform
from projects.record.clock import change
from projects.record.refusals import Stale
from tests.bed.races import on_its_own_connection, somebody_waits
from tests.bed.stack import wait_for
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)


def ending(at: Desk, verb: Verb) -> dict[str, Any]:
    if verb is Verb.WITHDRAW:
        return {"reason": "已自行解决", "by": at.key}
    return {"reason": "不属于协调范围", "by": at.liaison}


@pytest.mark.parametrize("verb", [Verb.WITHDRAW, Verb.DECLINE])
def test_whoever_ended_it_without_knowing_of_the_duplicate_is_refused(verb: Verb) -> None:
    at = desk()
    original, duplicate = filed(at), filed(at)
    end = partial(perform, verb, ticket=original, **ending(at, verb))
    with ThreadPoolExecutor(1) as pool:
        with change():
            perform(
                Verb.DUPLICATE, ticket=duplicate, number=original.number, reason="重复",
                by=at.liaison,
            )  # fmt: skip
            ended = pool.submit(on_its_own_connection, end)
            wait_for(somebody_waits)
        with pytest.raises(Stale):
            ended.result()
    original.refresh_from_db()
    duplicate.refresh_from_db()
    assert (original.status, duplicate.status) == (Status.SUBMITTED, Status.DECLINED)
    tickets = (original, duplicate)
    verbs = [[event.verb for event in each.events.order_by("seq")] for each in tickets]
    assert verbs == [["submit", "link"], ["submit", "duplicate"]]

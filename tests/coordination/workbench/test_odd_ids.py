"""An address with an id that is no row's is a page that does not exist, never an error of ours."""

import pytest
from django.db import transaction

from tests.coordination.workbench.page_walk import Walk, addresses

pytestmark = pytest.mark.django_db
_ID = "<path:object_id>"
_OWN = ("close", "relieve", "leave-the-group", "end-the-leave", "rotate", "limit", "revoke",
        "revise", "revise", "end", "hand-over")  # fmt: skip
PATTERNS = sorted({each for each, _name in addresses() if _ID in each})


@pytest.mark.parametrize("typed", ["abc", "①", "１", "99999999999999999999", "-1"])
def test_an_id_that_is_none_is_no_error(typed: str) -> None:
    walk = Walk()
    client, found = walk.client(walk.officers["s"]), {}
    for pattern in PATTERNS:
        address = "/" + pattern.replace(_ID, typed)
        for method in ("GET", "POST"):
            with transaction.atomic():
                answer = client.generic(method, address)
                transaction.set_rollback(True)
            found[method, pattern] = answer.status_code
    assert {each: code for each, code in found.items() if code >= 500} == {}
    ours = [each for each in PATTERNS if each.removesuffix("/").rpartition("/")[2] in _OWN]
    shown = {each: found["GET", each] for each in ours if "delivery/" not in each}
    assert shown == dict.fromkeys(shown, 404)
    assert {each.removesuffix("/").rpartition("/")[2] for each in shown} == set(_OWN)

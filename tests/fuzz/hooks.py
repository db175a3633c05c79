"""What schemathesis does on top: it sends the ETag that a client would have read.

Loaded by schemathesis itself. Without it every act would end at a precondition, and what is
sent with it would never be looked at.
"""

import itertools
import os
from typing import Any

import requests
import schemathesis

_EVERY = 4  # and now and then what it made up itself
_calls = itertools.count()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """An act of a ticket that is there names its version, three times of four."""
    number = (case.path_parameters or {}).get("number")
    if case.method != "POST" or number != os.environ["FUZZ_NUMBER"] or next(_calls) % _EVERY == 0:
        return
    read = requests.get(
        f"{os.environ['FUZZ_URL']}/api/v1/tickets/{number}/",
        headers={"Authorization": f"Bearer {os.environ['FUZZ_TOKEN']}"}, timeout=20,
    )  # fmt: skip
    case.headers["If-Match"] = read.headers["ETag"]

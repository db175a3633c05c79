"""Work for the tests of the sandbox, good and bad."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NoReturn

from projects.files.sandbox.child import CannotReadError, serve


def _refuse() -> NoReturn:
    raise CannotReadError("because")


def _go_on_forever() -> NoReturn:
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass


_WORK: dict[str, Callable[[], Any]] = {
    "refuse": _refuse,
    "fail": lambda: 1 // 0,
    "memory": lambda: len(bytearray(4 * 1024**3)),
    "forever": _go_on_forever,
    "crash": os.abort,
    "write": lambda: Path(gettempdir(), "sandbox-test").write_bytes(b"a" * 100),
    "environment": lambda: sorted(os.environ),
}


def work(content: bytes, *, what: str, more: int = 0) -> Any:
    """Do what is asked for; by itself it only counts."""
    return _WORK[what]() if what in _WORK else [len(content), more, sum(content)]


if __name__ == "__main__":
    serve(work)

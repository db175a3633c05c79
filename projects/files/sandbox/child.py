"""The process in which a stranger's file is parsed: little memory, little time, no secrets.

It reads no settings and knows no database, so it starts quickly and has nothing to lose.
"""

import gc
import os
import resource
import sys
from collections.abc import Callable
from typing import Any, Final

import orjson

_MEMORY: Final = 768 * 1024 * 1024  # bytes of address space: an archive unpacks to 128 MB at most
_SECONDS: Final = 10  # of processor time
_FILES: Final = 32
_LESS_URGENT: Final = 10  # so that requests which need no file get the processor first


class CannotReadError(Exception):
    """The file cannot be read or may not be accepted; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def serve(work: Callable[..., Any]) -> None:
    """Do the work that ``run`` asks for: options and content come in, one answer goes out."""
    _limit()
    options, _newline, content = sys.stdin.buffer.read().partition(b"\n")
    gc.disable()  # the process ends before anything would be collected
    answer: dict[str, Any]
    try:
        answer = {"done": work(content, **orjson.loads(options))}
    except CannotReadError as refused:
        answer = {"refused": refused.code}
    except MemoryError:
        answer = {"refused": "too-complex"}
    except Exception as error:  # noqa: BLE001 - parsers raise whatever a malformed file makes them
        answer = {"refused": "damaged", "because": type(error).__name__}
    sys.stdout.buffer.write(orjson.dumps(answer))


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_NOFILE, _FILES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))
    os.nice(_LESS_URGENT)

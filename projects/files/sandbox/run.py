"""Parses a stranger's file in a process of its own, with limits; only a few at once."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from threading import BoundedSemaphore
from typing import Any, Final

import orjson
from django.utils.translation import gettext_lazy as _

from projects.files.sandbox.child import CannotReadError
from projects.record.refusals import Busy

log = logging.getLogger(__name__)
_PROJECT: Final = Path(__file__).resolve().parents[3]
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH")  # of the environment, which holds secrets
_SECONDS: Final = 60  # on a busy machine; what a child may cost is limited in processor time
# A request that waits for a child occupies a thread of the web server, and so do callers that
# wait for news of the feed (half of the threads): with one child, a thread is always left.
_free: Final = BoundedSemaphore(1)


class Turn:
    """The right of this web process to run one child; taken for the length of a block."""

    def __enter__(self) -> None:
        if not _free.acquire(blocking=False):
            raise Busy(_("Other files are being read. Send it again in a moment."))

    def __exit__(self, *_error: object) -> None:
        _free.release()


def run(module: str, content: bytes, **options: Any) -> Any:
    """The result of the module's work, of which ``child.serve`` says how it is asked.

    Raises CannotReadError with the child's reason, or ``too-slow`` or ``too-complex`` where it
    was ended at the limit of time or of memory; Busy where this process runs a child already.
    """
    with Turn():
        answer = _answer(module, orjson.dumps(options) + b"\n" + content)
    if "done" in answer:
        return answer["done"]
    if "because" in answer:
        log.info("%s could not read a file: %s", module, answer["because"])
    raise CannotReadError(answer["refused"])


def _answer(module: str, asked: bytes) -> Any:
    command = [sys.executable, "-m", module]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        child = subprocess.run(  # an exit status is an answer, too
            command, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
            cwd=_PROJECT, env=environment, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"refused": "too-slow"}
    if child.returncode == 0:
        return orjson.loads(child.stdout)
    log.warning("%s ended with %d", module, child.returncode)
    at_limit = child.returncode in {-SIGXCPU, -SIGKILL}
    return {"refused": "too-slow" if at_limit else "damaged"}

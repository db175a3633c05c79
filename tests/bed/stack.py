"""The parts beside the web server that some tests need alive: a real Celery worker."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.celery import app
from config.embedded import PROJECT
from config.processes import Spec, spawn, stop


@dataclass(frozen=True)
class LiveStack:
    """Where the web server answers, and the worker that consumes what is sent."""

    url: str
    worker: subprocess.Popen[bytes]
    log: Path


def python(command: Sequence[str]) -> list[str]:
    """One of the project's commands, by the Python that runs the tests."""
    return [sys.executable, *command[1:]]


def wait_for[Answer](question: Callable[[], Answer], *, seconds: float = 60) -> Answer:
    """Ask until the answer is true; fail with the last answer when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {answer!r} after {seconds:g} s")
        time.sleep(0.05)
    return answer


class Worker:
    """A Celery worker in a process of its own, on this test process's database and Valkey."""

    def __init__(self, log: Path) -> None:
        command = [
            sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--loglevel", "INFO",
            "--concurrency", "1", "--queues", "default,bulletins", "--without-gossip",
            "--without-mingle",
        ]  # fmt: skip
        self.log = log
        self.spec = Spec("worker", command, log=log, environment={"PYTHONPATH": str(PROJECT)})
        self.process = spawn(self.spec)
        wait_for(self._answers, seconds=120)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the worker ended:\n{self.log.read_text()[-3000:]}")
        return bool(app.control.ping(timeout=1))

    def stop(self) -> None:
        """Stop it at once: the run is over."""
        self.process.kill()
        stop(self.process, self.spec)

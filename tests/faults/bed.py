"""The whole desk as it runs anywhere, on servers of its own, for tests that kill parts of it."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from config.embedded import Chosen, find_home, find_programs, free_port, recall
from config.processes import Child, Spec
from config.servers import log_file
from config.stack import Signals, Stack, held
from tests.bed.database import TEMPLATE
from tests.bed.servers import HOME as HOME_VARIABLE
from tests.bed.stack import python, wait_for
from tests.config.test_stack import NOT_INHERITED, children_of, is_running

_PULSE = 0.1
_OF_THE_RUN = (NOT_INHERITED | {"BEAT_SCHEDULE"}) - {"SECRET_KEY", "DEPLOYMENT"}


def size(name: str, short: int) -> int:
    """How often, or how many: FAULT_<name> from the environment, or a short run's."""
    return int(os.environ.get(f"FAULT_{name}") or short)


def report(line: str) -> None:
    """One line of the result, past whatever captures the output."""
    os.write(2, f"\n{line}\n".encode())


class LiveDesk:
    """A stack that is tended while the test goes about its faults."""

    def __init__(self, stack: Stack, chosen: Chosen) -> None:
        self.stack = stack
        self.chosen = chosen
        self._over = threading.Event()
        self._tending = threading.Thread(target=self._tend)
        self._tending.start()

    def _tend(self) -> None:
        while not self._over.wait(_PULSE):
            for child in (*self.stack.servers, *self.stack.services):
                child.failures = 0  # it did not fail, it was killed
                child.tend()

    def stop(self) -> None:
        """Stop tending, then everything."""
        self._over.set()
        self._tending.join()
        self.stack.stop()

    def child(self, name: str) -> Child:
        """One of the parts: web, worker, relay, beat, postgresql, valkey."""
        parts = {each.spec.name: each for each in (*self.stack.servers, *self.stack.services)}
        return parts[name]

    def pid(self, name: str) -> int:
        """The process of a part, as soon as it runs."""

        def running() -> int:
            process = self.child(name).process
            return process.pid if process is not None and process.poll() is None else 0

        return wait_for(running, seconds=30)

    def signal(self, name: str, number: int) -> int:
        """Send a part a signal; its pid."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    def workers_of(self, name: str) -> list[int]:
        """The processes that a part's master has started."""
        wait_for(lambda: children_of(self.pid(name)), seconds=30)
        return sorted(children_of(self.pid(name)))

    def restart(self, name: str, number: int) -> float:
        """End a part by a signal, and the seconds until its old process is gone."""
        began, pid = time.monotonic(), self.signal(name, number)
        wait_for(lambda: not is_running(pid), seconds=40)
        return time.monotonic() - began


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Without the addresses of this run's servers: the stack has its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _OF_THE_RUN:
            patch.delenv(name, raising=False)
        for name, value in values.items():
            patch.setenv(name, value)
        yield


@contextmanager
def orm_at(chosen: Chosen) -> Iterator[None]:
    """Django's own connections of this process at the stack's database."""
    given = {
        "default": ("zhitongche_app", chosen.app_password),
        "owner": ("zhitongche_owner", chosen.owner_password),
    }
    before = {alias: dict(connections[alias].settings_dict) for alias in given}
    connections.close_all()
    for alias, (user, password) in given.items():
        connections[alias].settings_dict |= {
            "NAME": "zhitongche", "USER": user, "PASSWORD": password,
            "PORT": str(chosen.postgres_port),
        }  # fmt: skip
    try:
        yield
    finally:
        connections.close_all()
        for alias, own in before.items():
            connections[alias].settings_dict |= own


def _copy_the_template(home: Path, chosen: Chosen) -> None:
    """What `migrate` would make in a minute, from where this run's tests have it already."""
    source, programs = recall(Path(os.environ[HOME_VARIABLE])), find_programs(home).postgres
    read = [
        str(programs / "pg_dump"), "--exclude-schema=bed", "--dbname",
        source.database_url("postgres", source.superuser_password, TEMPLATE),
    ]  # fmt: skip
    write = [
        str(programs / "psql"), "--quiet", "--no-psqlrc", "--dbname",
        chosen.database_url("postgres", chosen.superuser_password),
    ]  # fmt: skip
    dumped = subprocess.run(read, capture_output=True, check=True)
    subprocess.run(write, input=dumped.stdout, check=True, capture_output=True)


def _start_others(stack: Stack, services: Mapping[str, Sequence[str]]) -> None:
    """In place of the usual services, commands of a test's own."""
    for name, command in services.items():
        spec = Spec(
            name, python(command), environment=stack.environment,
            log=log_file(stack.home, name), hold=stack.hold,
        )  # fmt: skip
        child = Child(spec, report)
        child.start()
        stack.services.append(child)


@contextmanager
def live_desk(
    services: Mapping[str, Sequence[str]] | None = None, /, **environment: str
) -> Iterator[LiveDesk]:
    """Everything up, or servers and ``services`` alone, until the block ends."""
    home = find_home(Path(tempfile.mkdtemp(prefix="zhitongche-faults-")))
    home.chmod(0o711)
    with _environment(SECRET_KEY=settings.SECRET_KEY, **environment), held(home) as hold:
        stack = Stack(home, port=free_port(), hold=hold, signals=Signals())
        try:
            stack.start_servers()
            _copy_the_template(home, recall(home))
            if services is None:
                stack.start_services()
                stack.wait_for_web()
            else:
                _start_others(stack, services)
            live = LiveDesk(stack, recall(home))
            try:
                yield live
            finally:
                live.stop()
        finally:
            stack.stop()
            shutil.rmtree(home, ignore_errors=True)


def kill(pid: int) -> None:
    """As the kernel does when memory is out."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return

"""The whole desk in one foreground process: `manage.py up`, and `manage.py demo` on top of it.

Contract for a command that wants to run the stack::

    from config.stack import Unusable, run

    run(
        port=None,                         # None: PORT, or 8000
        before=[["load_demo", "--quiet"]],  # manage.py commands, run after migrate, before the web
        ready=lambda address: print(address),  # called once, when the web answers
        after=[["first_director", "--how"]],   # manage.py commands, run once after ``ready``
    )

``run`` returns when the stack has been stopped (Ctrl-C, SIGTERM, SIGHUP) and nothing of it is left.
It raises Unusable, whose message is one clear line, when the stack cannot start. It must be called
from the main thread. Neither it nor its caller may use the database themselves: each step
of ``before`` and ``after`` is a process of its own, started when the servers answer.

1. takes the lock on the home (a second start is refused);
2. starts PostgreSQL and Valkey where DATABASE_URL or REDIS_URL is not set;
3. runs ``migrate``, then each command of ``before``; one that fails stops everything;
4. starts web, worker, beat and relay, calls ``ready``, runs each command of ``after``, and
   restarts any of the four that exits;
5. on a signal asks all of these to stop, waits for them, then stops the servers.

Each child is killed by the kernel when this process dies (see config.processes), and the lock is
held by the servers too: it is free again only when the last of them is gone.
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import redis
from django.conf import settings

from config import commands
from config.embedded import Unusable, default_home, find_programs, settle_ports
from config.processes import Child, Spec, die_with_parent, spawn, stop
from config.servers import Postgres, Server, Valkey, log_file, wait_until_ready

__all__ = ["Unusable", "run"]

PULSE = 0.2  # seconds between two checks of the children
SAME_REQUEST = 2.0  # a terminal and make may both send one signal


def _say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


class Signals:
    """Whether a stop was requested; a second signal exits at once, and the kernel ends the rest."""

    def __init__(self) -> None:
        self.stopping = Event()
        self._first = 0.0

    def listen(self) -> None:
        """Handle Ctrl-C, SIGTERM, and SIGHUP unless nohup ignores it."""
        signal.signal(signal.SIGINT, self._hear)
        signal.signal(signal.SIGTERM, self._hear)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if not self.stopping.is_set():
            self._first = time.monotonic()
            self.stopping.set()
        elif time.monotonic() - self._first > SAME_REQUEST:
            os._exit(1)


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """A stop was requested before everything had started."""


def _owner_of(lock: Path) -> str:
    return lock.read_text().strip() or "unknown"


@contextmanager
def held(home: Path, *, patience: float = 20.0) -> Iterator[int]:
    """Lock the home; wait for the servers of a killed stack to shut down."""
    path = home / "stack.lock"
    with path.open("a+") as lock:
        deadline = time.monotonic() + patience
        while not _locked(lock.fileno()):
            if _alive(_owner_of(path)) or time.monotonic() > deadline:
                raise Unusable(
                    f"Already running for {home} (process {_owner_of(path)}). "
                    "Stop that one first, or set DATA_DIR to another directory."
                )
            time.sleep(PULSE)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock.fileno()
        lock.truncate(0)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(owner: str) -> bool:
    if not owner.isdigit():
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def chosen_port(port: int | None) -> int:
    """The port to serve on: the one asked for, PORT, or 8000; refused if it cannot be had."""
    given = os.environ.get("PORT") or "8000"
    if port is None:
        if not given.isdigit() or not 0 < int(given) < 65536:  # noqa: PLR2004 - the last port
            raise Unusable(f"PORT: {given!r} is not a port")
        port = int(given)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), port))
        except OSError as error:
            raise Unusable(f"PORT: {port} on {_host()} cannot be used: {error.strerror}") from error
    return port


def _host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def is_external(name: str) -> bool:
    """Whether the variable names a server that is not started here."""
    return bool(os.environ.get(name))


def _see_given_redis() -> None:
    """Raise Unusable if the external Redis does not answer, because workers would only wait."""
    url = os.environ.get("REDIS_URL")
    if not url:
        return
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        raise Unusable(f"REDIS_URL: no Redis answers there: {error}") from error


class Stack:
    """All processes: starting, supervising and stopping them."""

    def __init__(self, home: Path, *, port: int, hold: int, signals: Signals) -> None:
        self.home = home
        self.hold = hold
        self.signals = signals
        self.address = f"http://{_host()}:{port}"
        self.environment = {"DATA_DIR": str(home), "HOST": _host(), "PORT": str(port)}
        self.servers: list[Child] = []
        self.services: list[Child] = []

    def start_servers(self, *kinds: type[Postgres | Valkey]) -> None:
        """Start the embedded PostgreSQL and Valkey, unless external ones are configured."""
        addresses: dict[type[Postgres | Valkey], str] = {
            Postgres: "DATABASE_URL", Valkey: "REDIS_URL",
        }  # fmt: skip
        ours = [kind for kind in kinds or addresses if not is_external(addresses[kind])]
        if not ours:
            return
        programs, chosen = find_programs(self.home), settle_ports(self.home)
        for kind in ours:
            self._start_server(kind(self.home, programs, chosen, hold=self.hold))

    def _start_server(self, server: Server) -> None:
        server.prepare()
        child = Child(server.spec(), _say)
        child.start()
        self.servers.append(child)
        wait_until_ready(server, lambda: self._still_starting(child))
        server.finish()

    def _still_starting(self, child: Child) -> bool:
        if self.signals.stopping.is_set():
            raise Stopped
        return child.process is not None and child.process.poll() is None

    def _spec(self, name: str, command: Sequence[str], *, log: Path | None = None) -> Spec:
        program = [sys.executable, *command[1:]] if command[0] == "python" else list(command)
        return Spec(name, program, environment=self.environment, log=log, hold=self.hold)

    def run_step(self, command: Sequence[str]) -> None:
        """Run one command to its end; its output goes to ours."""
        spec = self._spec(" ".join(command[2:]), command)
        process = spawn(spec)
        while process.poll() is None:
            if self.signals.stopping.wait(PULSE / 4):
                stop(process, spec)
                raise Stopped
        if process.returncode != 0:
            raise Unusable(f"`{' '.join(command[1:])}` failed ({process.returncode}); stopping.")

    def start_services(self) -> None:
        """Start web, worker, beat and relay, each with its own log."""
        for name, command in commands.SERVICES.items():
            spec = self._spec(name, command, log=log_file(self.home, name))
            child = Child(spec, _say)
            child.start()
            self.services.append(child)

    def wait_for_web(self, *, seconds: float = 60.0) -> None:
        """Wait until the web server answers with any status."""
        deadline = time.monotonic() + seconds
        while not _answers(self.address):
            if self.signals.stopping.wait(PULSE / 2):
                raise Stopped
            if time.monotonic() > deadline:
                raise Unusable(f"The web server did not answer: see {log_file(self.home, 'web')}")
            self.tend()

    def tend(self) -> None:
        """Restart the children that have exited."""
        for child in (*self.servers, *self.services):
            child.tend()

    def supervise(self) -> None:
        """Supervise the children until a stop is requested."""
        while not self.signals.stopping.wait(PULSE):
            self.tend()

    def stop(self) -> None:
        """Ask all services to stop, wait for each, then stop the servers that they use."""
        for child in self.services:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(child.spec.stop_with)
        for child in (*reversed(self.services), *reversed(self.servers)):
            child.stop()


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _steps(before: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield commands.MIGRATE
    if settings.PRODUCTION:
        yield commands.COLLECT_STATIC
    yield from map(_managed, before)


def _managed(arguments: Sequence[str]) -> Sequence[str]:
    return ("python", "manage.py", *arguments)


def run(
    *,
    port: int | None = None,
    before: Sequence[Sequence[str]] = (),
    ready: Callable[[str], None] | None = None,
    after: Sequence[Sequence[str]] = (),
) -> None:
    """Run the whole stack in the foreground until it is told to stop; see the module's contract."""
    if os.environ.get("STOP_WITH_PARENT"):  # make, which may be killed
        die_with_parent(signal.SIGTERM)
    signals = Signals()
    signals.listen()
    home = default_home()
    with held(home) as hold:
        stack = Stack(home, port=chosen_port(port), hold=hold, signals=signals)
        try:
            _start(stack, before)
            (ready or _announce)(stack.address)
            for arguments in after:
                stack.run_step(_managed(arguments))
            stack.supervise()
        except Stopped:
            pass
        finally:
            stack.stop()
    _say("Stopped.")


def _start(stack: Stack, before: Sequence[Sequence[str]]) -> None:
    _see_given_redis()
    stack.start_servers()
    for step in _steps(before):
        stack.run_step(step)
    stack.start_services()
    stack.wait_for_web()


def _announce(address: str) -> None:
    _say(f"Running at {address} (Ctrl-C stops it).")

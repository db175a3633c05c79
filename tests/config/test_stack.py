"""The stack as a person meets it: `manage.py up`, started, asked twice, stopped, killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, ClassVar, LiteralString

import psycopg
import pytest

from config.embedded import (
    PROJECT,
    find_home,
    find_programs,
    free_port,
    recall,
    server_account,
)
from tests.bed.stack import wait_for

NOT_INHERITED = {"DEPLOYMENT", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY"}
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel's help is Linux's"
)


def is_running(pid: int) -> bool:
    """Whether a process lives; one that is dead and not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def children_of(pid: int) -> set[int]:
    """All that descend from a process, itself not among them."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(parent, []).append(int(entry.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        nearest = parents.get(waiting.pop(), [])
        found.update(nearest)
        waiting += nearest
    return found


def named(pids: set[int], part: str) -> list[int]:
    """Those whose command line holds ``part``."""
    return sorted(pid for pid in pids if part.encode() in command_of(pid))


def command_of(pid: int) -> bytes:
    """The command line of a process; empty where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@dataclass
class Up:
    """One `manage.py up` and what it said."""

    WHAT: ClassVar = "up"

    data: Path
    output: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", self.WHAT],
                env=self.environment, cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        return {**kept, "DATA_DIR": str(self.data), "PORT": str(self.port)}

    @property
    def everything(self) -> set[int]:
        return {self.process.pid, *children_of(self.process.pid)}

    def wait_until_up(self) -> "Up":
        line = f"Running at http://127.0.0.1:{self.port}"

        def is_up() -> bool:
            assert self.process.poll() is None, self.output.read_text()
            return line in self.output.read_text()

        wait_for(is_up, seconds=90)
        return self

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment, cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def told(stack: Up, statement: LiteralString) -> list[Any]:
    """What the stack's database answers to the application."""
    address = recall(find_home(stack.data)).app_url
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def answers(port: int, path: str = "/") -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + 20
    while left := {pid for pid in pids if is_running(pid)}:
        assert time.monotonic() < deadline, [
            Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left
        ]
        time.sleep(0.1)


@pytest.fixture(scope="module")
def closed_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that nobody but us can enter."""
    directory = tmp_path_factory.mktemp("closed")
    directory.chmod(0o700)
    return directory


@pytest.fixture(scope="module")
def up(closed_directory: Path) -> Iterator[Up]:
    """A stack below a 700 directory, by whoever runs the tests, root or not."""
    stack = Up(closed_directory / "data", closed_directory / "said")
    try:
        yield stack.wait_until_up()
    finally:
        everything = stack.everything
        stack.kill()
        wait_until_gone(everything)
        shutil.rmtree(find_home(stack.data))


def test_a_second_start_is_refused_in_one_line(up: Up) -> None:
    second = up.command("up")
    assert second.returncode == 1
    assert second.stderr.startswith("CommandError: Already running")
    assert str(up.process.pid) in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_port_in_use_is_refused_by_name(up: Up, tmp_path: Path) -> None:
    other = subprocess.run(
        [sys.executable, "manage.py", "up"],
        env={**up.environment, "DATA_DIR": str(tmp_path / "other")},
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert other.returncode == 1
    shutil.rmtree(find_home(tmp_path / "other"))
    assert other.stderr.startswith(f"CommandError: PORT: {up.port} ")


def test_other_commands_find_the_running_servers(up: Up) -> None:
    done = up.command("migrate", "--check")
    assert done.returncode == 0, done.stderr


def test_it_is_said_how_the_first_director_is_made(up: Up) -> None:
    wait_for(lambda: "manage.py first_director\n" in up.output.read_text(), seconds=30)
    assert "尚无主任账号" in up.output.read_text()


@pytest.mark.parametrize(
    "part",
    [
        "config.web",
        "worker\0--queues",
        "beat",
        "manage.py\0relay",
        "valkey-server",
        "postgres\0-D",
    ],
)  # fmt: skip
def test_what_is_killed_comes_back_and_leaves_no_children(up: Up, part: str) -> None:
    family = children_of(up.process.pid)
    master = min(named(family, part), key=lambda pid: len(parents(pid)))
    orphans = children_of(master)
    os.kill(master, signal.SIGKILL)
    wait_until_gone({master, *orphans})

    def is_back() -> bool:
        return bool(set(named(children_of(up.process.pid), part)) - family)

    wait_for(is_back, seconds=30)
    wait_for(lambda: answers(up.port), seconds=30)


def parents(pid: int) -> list[int]:
    """The line of a process's ancestors."""
    line = []
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        line.append(pid)
    return line


def test_killed_hard_then_started_again_then_stopped(up: Up) -> None:
    """Nothing outlives the supervisor, what was written is kept, and SIGTERM ends it all."""
    wait_for(lambda: answers(up.port, "/healthz"), seconds=30)  # and so does the database
    assert told(up, "INSERT INTO django_session VALUES ('kept', 'value', now()) RETURNING 1") == [
        (1,)
    ]
    everything = up.everything
    assert len(everything) > 8
    up.process.kill()
    up.process.wait()
    wait_until_gone(everything)

    again = Up(up.data, up.output.with_name("said-again")).wait_until_up()
    try:
        assert told(again, "SELECT session_key, session_data FROM django_session") == [
            ("kept", "value")
        ]
        everything = again.everything
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(timeout=40) == 0
        wait_until_gone(everything)
        assert again.output.read_text().endswith("Stopped.\n")
    finally:
        again.kill()


def test_the_servers_run_for_an_ordinary_user() -> None:
    """Root becomes one for this, once all is loaded: others may not reach root's interpreter."""
    home = Path(tempfile.mkdtemp(prefix="zhitongche-ordinary-"))
    account = server_account()
    find_programs(home)  # a copy, where the ordinary user could not reach them
    if account:
        os.chown(home, account.uid, account.gid)
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(home), str(account.uid if account else os.getuid())],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    shutil.rmtree(home)
    assert done.stdout == "both answer\n", done.stderr


SERVE = """
import encodings.idna  # what the interpreter would load late, and could no longer reach
import os, sys
from pathlib import Path
from config.embedded import find_programs, recall
from config.servers import Postgres, Valkey
from tests.bed.running import Running

home, user = Path(sys.argv[1]), int(sys.argv[2])
programs = find_programs(home)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
chosen = recall(home)
with Running(Postgres(home, programs, chosen), Valkey(home, programs, chosen)) as running:
    if all(server.ready() for server in running.servers):
        print("both answer")
"""

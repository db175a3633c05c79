"""The demonstration backed up, dropped and restored; and what takes a restoration to be refused.

Not found by ``make test``, which runs the rest; ``make backups`` names this file.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from django.core.management import call_command

from config.embedded import PROJECT, find_programs, recall
from config.servers import Postgres
from tests.bed.database import TEMPLATE, addresses_of, connected_to, superuser
from tests.bed.running import Running
from tests.bed.stack import wait_for
from tests.config.test_stack import Up, children_of
from tests.faults.bed import report
from tests.projects.record.backups.bed import (
    as_superuser,
    empty_database,
    manage,
    migrated_database,
    rows_of,
    rows_through,
)
from tests.projects.record.backups.scene import (
    PASSPHRASE,
    Source,
    backed_up,
    changed,
    is_empty,
    some_days,
)

_MORE: Final = 20_000_000  # bytes


@pytest.fixture(scope="module")
def source(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Source]:
    with django_db_blocker.unblock(), backed_up(tmp_path_factory.mktemp("backups")) as made:
        yield made


def test_what_is_not_as_listed_does_not_stay(source: Source, tmp_path: Path) -> None:
    def altered(manifest: dict[str, Any]) -> None:
        manifest["tables"]["tickets_ticket"]["digest"] = "1"
        manifest["rights"].remove("bulletins_bulletin INSERT SELECT")

    archive = changed(source, tmp_path / "altered.zip", altered)
    with empty_database("target") as target:
        done = manage(target, "restore", str(archive))
        assert done.returncode == 1
        assert done.stderr.rstrip().endswith(
            "not what the archive lists (table tickets_ticket,"
            " right bulletins_bulletin INSERT SELECT)."
        )
        assert is_empty(target)


def test_what_was_altered_before_is_restored_and_named(source: Source, tmp_path: Path) -> None:
    """Such a desk needs its data, too, and the operator has to know."""
    with migrated_database("altered", of=TEMPLATE) as name, connected_to(name):
        some_days()
        with as_superuser(name) as own:
            own.execute("SET session_replication_role = replica")
            own.execute("UPDATE tickets_ticketevent SET seq = 9 WHERE seq = 2")
            own.execute("UPDATE tickets_ticket SET contact_name = 'zs2.AAAA'")
        archive = tmp_path / "altered.zip"
        call_command("backup", to=str(archive), without_keys=True, stdout=StringIO())
        with empty_database("target") as target:
            done = manage(target, "restore", str(archive))
            assert done.returncode == 1
            assert "restored as it was backed up, but" in done.stderr
            assert "tickets_ticket.contact_name: 2 of 2" in done.stderr
            assert rows_of(target) == rows_of(name)


class Demo(Up):
    """`make demo`, on servers of its own."""

    WHAT = "demo"

    def wait_until_up(self) -> "Demo":
        def is_up() -> bool:
            assert self.process.poll() is None, self.output.read_text()
            return "Ctrl-C" in self.output.read_text()

        wait_for(is_up, seconds=400)
        return self

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0

    def bulletin(self) -> Any:
        """What the API answers of the bulletin of 9 March."""
        token = (self.data / "demo-key").read_text().strip()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/bulletins/2020-03-09/",
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own server
            return json.load(answer)


@contextmanager
def looked_into(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """The database of a stopped desk."""
    with (
        Running(Postgres(home, find_programs(home), recall(home))),
        superuser(recall(home), "zhitongche") as connection,
    ):
        yield connection


def rows_in(home: Path) -> dict[str, list[str]]:
    with looked_into(home) as connection:
        return rows_through(connection)


@pytest.fixture
def homes() -> Iterator[tuple[Path, Path]]:
    """Two places for a desk that are not made yet."""
    made = Path(tempfile.mkdtemp(prefix="zhitongche-backups-"))
    made.chmod(0o711)
    yield made / "first", made / "second"
    shutil.rmtree(made, ignore_errors=True)


def test_the_demonstration_comes_back(homes: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = homes
    passphrase, output = tmp_path / "passphrase", tmp_path / "output"
    passphrase.write_text(PASSPHRASE)
    given = ("--passphrase-file", str(passphrase))
    demo = Demo(first, output)
    try:
        demo.wait_until_up()
        told = demo.bulletin()
        moving = subprocess.Popen(
            [sys.executable, "manage.py", "demo_forward", "1d"], env=demo.environment, cwd=PROJECT
        )
        done = demo.command("backup", "--to", str(tmp_path / "running.zip"), *given)
        assert done.returncode == 0, done.stderr
        assert moving.wait(300) == 0
        demo.stop()
    finally:
        demo.kill()
    rows = rows_in(first)
    done = demo.command("backup", "--to", str(tmp_path / "stopped.zip"), *given)
    assert done.returncode == 0, done.stderr

    # while it was at work, into another place
    demo.data = second
    done = demo.command("restore", str(tmp_path / "running.zip"), *given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("nothing was altered")
    again = rows_in(second)
    assert again.keys() == rows.keys()
    for frozen in ("bulletins_bulletin", "bulletins_face"):
        assert again[frozen] == rows[frozen]
    assert set(again["tickets_ticketevent"]) < set(rows["tickets_ticketevent"])

    # dropped, keys and all, and restored in the same place
    shutil.rmtree(first)
    demo.data = first
    done = demo.command("restore", str(tmp_path / "stopped.zip"), *given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows_in(first) == rows
    with looked_into(first) as connection:
        files = connection.execute("SELECT sha256, content FROM bulletins_face").fetchall()
    assert len(files) >= 16
    assert [hashlib.sha256(content).hexdigest() for _hash, content in files] == [
        sha256 for sha256, _content in files
    ]
    demo = Demo(first, tmp_path / "output again")
    try:
        assert demo.wait_until_up().bulletin() == told
        demo.stop()
    finally:
        demo.kill()


def most_memory(database: str, *arguments: str) -> int:
    """The bytes that a command, or a program that it starts, takes at most."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        env={**os.environ, **addresses_of(database)}, cwd=PROJECT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    most = 0
    while process.poll() is None:
        most = max(most, *map(_peak_of, (process.pid, *children_of(process.pid))))
        time.sleep(0.05)
    assert process.returncode == 0
    return most


def _peak_of(pid: int) -> int:
    """The most that the process has taken so far; 0 where it has ended meanwhile."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(each.split()[1]) * 1024 for each in status.splitlines() if "VmHWM" in each)


def test_a_large_database_takes_no_more_memory(source: Source, tmp_path: Path) -> None:
    """The parts are written and read in pieces, and the database computes the digests."""
    with migrated_database("large", of=TEMPLATE) as name:
        taken, restored = list[int](), list[int]()
        for number in (1, 1_000_000):
            with as_superuser(name) as own:
                own.execute(
                    "INSERT INTO axes_accessattempt (attempt_time, user_agent, username,"
                    " path_info, http_accept, get_data, post_data, failures_since_start)"
                    " SELECT now(), encode(sha256(n::text::bytea), 'hex'), 'x', '/', '', '', '', 0"
                    " FROM generate_series(1, %s) AS n",
                    [number],
                )
            archive = tmp_path / f"{number}.zip"
            taken.append(most_memory(name, "backup", "--to", str(archive), "--without-keys"))
            with empty_database("target") as target:
                restored.append(most_memory(target, "restore", str(archive)))
        assert (tmp_path / "1000000.zip").stat().st_size > 40_000_000
        report(f"memory for 1 row and for 1,000,000: backup {taken}, restore {restored}")
        assert taken[1] < taken[0] + _MORE
        assert restored[1] < restored[0] + _MORE

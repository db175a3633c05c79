"""A PostgreSQL and a Valkey for one run of the tests, private to it and thrown away after.

The first process of a run (alone, or the one that hands tests out to others) starts them; the
others find their addresses in the environment.
"""

import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from config.embedded import Chosen, find_home, find_programs, recall
from config.servers import Postgres, Valkey
from tests.bed.running import Running

HOME = "TEST_BED_HOME"
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_error_statement": "panic",  # tests provoke errors; the log is for surprises
}
# For benchmarks: what is committed is on the disk, as it is at work.
SAFE = {"max_connections": UNSAFE_BUT_FAST["max_connections"]}
VALKEYS_DATABASES = 64


def is_first_process() -> bool:
    """Whether nobody above us has prepared the bed."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def worker_number() -> int:
    """0 for a lone process, then one for each worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1


def prepare_environment() -> Path:
    """Choose the run's directory and addresses, before anything reads the settings."""
    if is_first_process():
        made = Path(tempfile.mkdtemp(prefix="zhitongche-tests-"))
        made.chmod(0o711)
        os.environ[HOME] = str(find_home(made / "home"))
    home = Path(os.environ[HOME])
    chosen = recall(home)
    database = f"test_{worker_number()}"
    os.environ |= {
        "DEPLOYMENT": "test",
        "DATABASE_URL": chosen.database_url("zhitongche_app", chosen.app_password, database),
        "DATABASE_OWNER_URL": chosen.database_url(
            "zhitongche_owner", chosen.owner_password, database
        ),
        "REDIS_URL": chosen.redis_url.removesuffix("/0") + f"/{worker_number()}",
        "SECRET_KEY": chosen.secret_key,
        "BEAT_SCHEDULE": str(home / f"beat-schedule-{worker_number()}"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "RATE_PER_KEY": "0",  # the tests of the limits set their own
        "RATE_PER_ADDRESS": "0",
        "SIGN_INS_PER_ADDRESS": "0",
    }
    for name in (
        "DEBUG", "DATABASE_POOL", "HTTPS", "ALLOWED_HOSTS", "DEMO_CLOCK", "DEMONSTRATION",
        "DATA_DIR",
    ):  # fmt: skip
        os.environ.pop(name, None)
    return home


def _options() -> dict[str, str]:
    return SAFE if os.environ.get("TEST_BED_SAFE") else UNSAFE_BUT_FAST


class Bed:
    """The two servers, from the start of the run to its end."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.chosen: Chosen = recall(home)
        self._open = ExitStack()

    def start(self) -> None:
        """Start both and wait until they answer."""
        programs = find_programs(self.home)
        self._open.enter_context(
            Running(
                Postgres(self.home, programs, self.chosen, options=_options()),
                Valkey(
                    self.home, programs, self.chosen,
                    options={"databases": str(VALKEYS_DATABASES), "appendonly": "no"},
                ),
            )
        )  # fmt: skip

    def stop(self) -> None:
        """Stop both and forget everything; PostgreSQL need not tidy up what is thrown away."""
        self._open.close()
        shutil.rmtree(self.home, ignore_errors=True)
        if self.home.name == "home":
            shutil.rmtree(self.home.parent, ignore_errors=True)
        sys.stdout.flush()

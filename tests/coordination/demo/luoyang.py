"""The data set, loaded once for all tests, each of which may do with its copy what it likes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from filelock import FileLock

from config.embedded import recall
from coordination.demo.load import load
from tests.bed.database import TEMPLATE, connected_to, copied, superuser
from tests.bed.servers import HOME

_LOADED = "luoyang"


@contextmanager
def luoyang() -> Iterator[str]:
    """Django's connections at a database of its own with the data set; the database's name."""
    home = Path(os.environ[HOME])
    name = f"{settings.DATABASES['default']['NAME']}_{_LOADED}"
    with FileLock(home / "luoyang.lock"):
        if not (home / "luoyang.done").exists():
            copied(home, _LOADED, of=TEMPLATE)
            with connected_to(_LOADED):
                assert load() is True
            (home / "luoyang.done").touch()
        copied(home, name, of=_LOADED)
    with connected_to(name):
        yield name
    with superuser(recall(home), "postgres") as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

"""What the commands `backup` and `restore` have in common."""

import getpass
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from config.embedded import PROJECT
from projects.record.backups.archive import Refused

_PAUSE: Final = 5.0  # seconds between two lines about work that takes long
ABOUT_THE_FILE: Final = "its first line is the passphrase of the archive's keys"


def version_of_code() -> str:
    """The version that pyproject.toml has."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


class Progress:
    """Says how far the work is, at most every few seconds."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._last = time.monotonic()

    def __call__(self, line: str) -> None:
        """Say the line if the last one was said a while ago."""
        if time.monotonic() - self._last >= _PAUSE:
            self._write(f"  {line}")
            self._last = time.monotonic()


def passphrase_from(file: str | None, *, again: bool) -> str:
    """The passphrase from the file, or typed at a terminal. Raises Refused without either."""
    if file:
        return _first_line(Path(file))
    if not sys.stdin.isatty():
        raise Refused("No passphrase for the archive's keys: give --passphrase-file.")
    typed = getpass.getpass("Passphrase of the archive's keys: ")
    if again and getpass.getpass("Again: ") != typed:
        raise Refused("The two were not the same.")
    return typed


def _first_line(path: Path) -> str:
    try:
        return path.read_text().partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read for the passphrase: {error}.") from error

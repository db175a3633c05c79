"""Static files that are joined, so that a page asks for one instead of a dozen.

``settings.JOINED`` names the static files in each, in their order. They are joined as they are:
a style sheet's relative addresses count from the joined file.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

# No statement of one script runs on into the next.
_BETWEEN: Final = {".js": b"\n;\n", ".css": b"\n"}


class JoinedFinder(finders.BaseFinder):
    """Find the joined files, written to ``settings.JOINED_ROOT`` whenever their parts changed."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        self._storage = FileSystemStorage(location=settings.JOINED_ROOT)

    def check(self, **_options: Any) -> list[Any]:
        """Return no warnings."""
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Return the joined file's path, a list of it if ``find_all``; an empty list if none."""
        if path not in settings.JOINED:
            return []
        found = str(_write(path))
        return [found] if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the name and the storage of each."""
        for name in settings.JOINED:
            _write(name)
            yield name, self._storage


def joined_content(name: str) -> bytes:
    """Return the parts of ``name``, one after the other.

    Raises ImproperlyConfigured where a part is not found.
    """
    between = _BETWEEN[Path(name).suffix]
    return between.join(Path(_found(part)).read_bytes() for part in settings.JOINED[name])


def _found(part: str) -> str:
    found = finders.find(part)
    if not isinstance(found, str):
        raise ImproperlyConfigured(f"JOINED: there is no static file {part}")
    return found


def _write(name: str) -> Path:
    """Write the file unless it is as it should be; other processes never see half of it."""
    path = Path(settings.JOINED_ROOT) / name
    content = joined_content(name)
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
    return path

"""The file of a backup: a ZIP archive whose manifest has the SHA-256 of every other part.

The parts are written and read in pieces, so that a large database needs no more memory than a
small one. They are stored and not compressed: the database's dump is compressed already.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.dump"
KEYS: Final = "keys.json"
PIECE: Final = 1024 * 1024  # bytes


class Refused(Exception):  # noqa: N818 - it says why, in one sentence for the operator
    """A backup or a restoration that is not done; nothing was changed."""


class Draft:
    """An archive that is being written."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self.parts: dict[str, dict[str, Any]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator["Part"]:
        """A part to be written in pieces."""
        with self._file.open(name, "w", force_zip64=True) as target:
            part = Part(target)
            yield part
        self.parts[name] = {"bytes": part.size, "sha256": part.summed.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, which names all parts written before."""
        whole = {"format": FORMAT, **manifest, "parts": self.parts}
        self._file.writestr(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))


class Part:
    """One part that is being written, its length and its hash."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.size = 0
        self.summed = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        self._target.write(piece)
        self.summed.update(piece)
        self.size += len(piece)


@contextmanager
def drafted(path: Path) -> Iterator[Draft]:
    """A new archive, readable by its owner alone; it gets its name when everything is written.

    Raises Refused if there is a file of that name, or where none can be written.
    """
    if path.exists():
        raise Refused(f"{path} is there already; a backup replaces no other file.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{draft} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with ZipFile(file, "w", ZIP_STORED, allowZip64=True) as archive:
                yield Draft(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


class Archive:
    """An archive that is read. Every method raises Refused where a part is damaged."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> dict[str, Any]:
        try:
            manifest: dict[str, Any] = json.loads(self._file.read(MANIFEST))
            known = manifest["format"] == FORMAT
            found = {name: (each["bytes"], each["sha256"]) for name, each in _parts(manifest)}
        except (*_BROKEN, KeyError, ValueError, TypeError, AttributeError) as error:
            raise Refused(f"The archive is damaged: its {MANIFEST} cannot be read.") from error
        if not known:
            raise Refused(
                f"The archive has format {manifest['format']}; this code reads format {FORMAT}."
            )
        if sorted([*found, MANIFEST]) != sorted(self._file.namelist()) or DATABASE not in found:
            raise Refused(
                "The archive is damaged: its parts are not those that its manifest names."
            )
        return manifest

    @property
    def names(self) -> list[str]:
        """The parts beside the manifest."""
        return [name for name, _each in _parts(self.manifest)]

    def size(self, name: str) -> int:
        """The bytes of a part."""
        size: int = self.manifest["parts"][name]["bytes"]
        return size

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece; the last comes after the whole was found as it was written."""
        summed, held = hashlib.sha256(), b""
        try:
            with self._file.open(name) as source:
                while piece := source.read(PIECE):
                    summed.update(piece)
                    if held:
                        yield held
                    held = piece
        except _BROKEN as error:
            raise Refused(f"The archive is damaged: {name} cannot be read.") from error
        if summed.hexdigest() != self.manifest["parts"][name]["sha256"]:
            raise Refused(f"The archive is damaged: {name} is not what its SHA-256 says.")
        yield held

    def read(self, name: str) -> bytes:
        """A small part as a whole."""
        return b"".join(self.pieces(name))


_BROKEN: Final = (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError)


def _parts(manifest: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(manifest["parts"].items())


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive in the file. Raises Refused if it is none, or damaged."""
    if not path.is_file():
        raise Refused(f"{path} is not a file.")
    try:
        file = ZipFile(path)
    except PermissionError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    except (*_BROKEN, ValueError) as error:
        raise Refused(
            f"{path} is damaged, or no archive: the list of its parts is not there."
        ) from error
    with file:
        yield Archive(file)

"""Reads the XML of an Office document as a stream, and refuses a document type (for entities)."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from projects.files.sandbox.child import CannotReadError

type Begin = Callable[[str, dict[str, str]], None]
type End = Callable[[str], None]


def local(name: str) -> str:
    """The name without its prefix: writers choose prefixes freely."""
    return name.rpartition(":")[2] if ":" in name else name


def _refuse(*_declared: object) -> None:
    raise CannotReadError("entities")


def walk(
    pieces: Iterable[bytes],
    *,
    begin: Begin,
    end: End | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call ``begin``, ``text`` and ``end`` for each element, in the order of the document.

    Raises CannotReadError: ``damaged`` or ``entities``.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = begin
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise CannotReadError("damaged") from error

"""Looks for what a PDF does when it is opened: ``python -m projects.files.checks.pdf_child``."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from projects.files.sandbox.child import CannotReadError, serve

# What an action may do by itself: show a place of this document, or be a command of the reader's
# menu, such as printing. All others run a script or a program, or send or fetch something.
_HARMLESS: Final = frozenset({
    "/GoTo", "/GoToDp", "/GoTo3DView", "/Named", "/Thread", "/Hide", "/SetOCGState", "/Trans",
})  # fmt: skip
# Events of an annotation that nobody brings about: its page opens, closes or comes into view.
_BY_ITSELF: Final = ("/PO", "/PC", "/PV", "/PI")
_MOST_FOLLOWED: Final = 200  # actions one after another
_SCRIPTED_FORM: Final = b"<script"


def check(content: bytes) -> bool:
    """Raise CannotReadError with ``script`` where it does more than show itself."""
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise CannotReadError("encrypted")
    catalog = _within(reader.trailer, "/Root")
    if not isinstance(catalog, DictionaryObject):
        raise CannotReadError("damaged")
    if _holds_script(catalog) or any(map(_acts, _opening_actions(reader, catalog))):
        raise CannotReadError("script")
    return True


def _within(found: Any, *path: str) -> Any:
    """What stands at the end of the path; None where something on it is missing."""
    for name in path:
        if not isinstance(found, DictionaryObject) or name not in found:
            return None
        found = found[name]
    return found


def _holds_script(catalog: DictionaryObject) -> bool:
    """Whether it has scripts of the whole document, which are run as it opens."""
    if _within(catalog, "/Names", "/JavaScript") is not None:
        return True
    form = _within(catalog, "/AcroForm", "/XFA")
    parts = form if isinstance(form, ArrayObject) else [form]
    streams = [part.get_object() for part in parts if part is not None]
    return any(
        _SCRIPTED_FORM in stream.get_data() for stream in streams if hasattr(stream, "get_data")
    )


def _opening_actions(reader: PdfReader, catalog: DictionaryObject) -> Iterator[Any]:
    action = _within(catalog, "/OpenAction")
    if "/OpenAction" in catalog and not isinstance(action, DictionaryObject | ArrayObject):
        raise CannotReadError("damaged")  # another reader might find what stands there
    yield action
    yield from _events(catalog)
    for page in reader.pages:
        yield from _events(page)
        for note in _within(page, "/Annots") or ():
            yield from _events(note.get_object(), _BY_ITSELF)


def _events(owner: Any, names: tuple[str, ...] = ()) -> Iterator[Any]:
    events = _within(owner, "/AA")
    if isinstance(events, DictionaryObject):
        yield from (_within(events, name) for name in names or events)


def _acts(action: Any) -> bool:
    """Whether the action, or one that follows it, does more than is harmless."""
    waiting, followed = [action], 0
    while waiting:
        followed += 1
        current = waiting.pop()
        current = None if current is None else current.get_object()
        if isinstance(current, ArrayObject) and followed > 1:  # of actions; the first is a place
            waiting += current
        if not isinstance(current, DictionaryObject):
            continue
        if followed > _MOST_FOLLOWED or "/JS" in current or not _is_harmless(current):
            return True
        waiting.append(_within(current, "/Next"))
    return False


def _is_harmless(action: DictionaryObject) -> bool:
    return "/S" not in action or str(action["/S"]) in _HARMLESS


if __name__ == "__main__":
    serve(check)

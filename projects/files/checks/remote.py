"""What a document of Office refers to outside of itself: by its lists of relations (.rels)."""

import re
from typing import Final

from projects.files.checks.refusal_messages import refused_file
from projects.files.sandbox.child import CannotReadError
from projects.files.xml_stream import local, walk

# Followed only when somebody clicks on them, or says so: links, and other workbooks' values.
_ASKED_FOR: Final = frozenset({
    "hyperlink", "externalLinkPath", "externalLinkLongPath", "xlPathMissing", "xlLibrary",
    "xlStartup", "xlAlternateStartup",
})  # fmt: skip
# A file on the sender's own disk, as Word notes the template that a document was made from.
_OWN_DISK: Final = re.compile(r"(?:file:/*)?[A-Za-z]:[/\\]|file:///[^/\\]", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}")


def refuse_remote(relations: bytes) -> None:
    """Raise Invalid where opening the document would fetch something from elsewhere."""

    def begin(name: str, values: dict[str, str]) -> None:
        if local(name) == "Relationship" and _is_fetched(values):
            raise refused_file("remote")

    try:
        walk([relations], begin=begin)
    except CannotReadError as error:
        raise refused_file("inflated" if error.code == "entities" else error.code) from error


def _is_fetched(values: dict[str, str]) -> bool:
    if values.get("TargetMode", "").lower() != "external":
        return False
    target = values.get("Target", "").strip()
    if values.get("Type", "").rpartition("/")[2] in _ASKED_FOR:
        return False
    return bool(_ELSEWHERE.match(target)) and not _OWN_DISK.match(target)

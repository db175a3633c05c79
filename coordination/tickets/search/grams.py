"""Words as an index keeps them: pairs of letters, so that two Chinese characters are enough.

A trigram index needs three, and half of what officials type has two (口罩, 格力, 水泥).
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST = 2
_NEITHER: Final = re.compile(r"[\W_]+")  # neither a letter nor a digit, as isalnum has it


def normal(text: str) -> str:
    """Letters and digits alone, in one form: ``豫Ｃ·12345`` is ``豫c12345``."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NEITHER.sub("", folded)


def grams(text: str) -> set[str]:
    """Every pair of neighbours in a normal text."""
    return {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}


def tokens_of(
    texts: Iterable[str], *, number: str, project_id: int, enterprise_id: int
) -> tuple[str, list[str]]:
    """What the row of one ticket holds: its normal text, and its tokens.

    Pairs never span two texts. A ticket is found by the serial part of its number too, without
    its zeros; and by its project and its enterprise, which may change their names.
    """
    parts = [part for part in map(normal, texts) if part]
    tokens = set().union(*map(grams, parts)) if parts else set()
    tokens |= {serial(number), project_token(project_id), enterprise_token(enterprise_id)}
    return "\n".join(parts), sorted(tokens)


def serial(number: str) -> str:
    """``20200309-000123`` is ``#123``."""
    return f"#{int(number.rpartition('-')[2])}"


def project_token(project_id: int) -> str:
    """Not a pair of letters, so it never meets one."""
    return f"@p{project_id}"


def enterprise_token(enterprise_id: int) -> str:
    """The same for an enterprise."""
    return f"@e{enterprise_id}"

"""The search index's tokens: pairs of characters, so that two Chinese characters are enough.

A trigram index needs three, and half of what officials type has two (口罩, 格力, 水泥).
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST = 2
_NEITHER: Final = re.compile(r"[\W_]+")  # neither a letter nor a digit, as isalnum has it


def normal(text: str) -> str:
    """Letters and digits only, normalised: ``豫Ｃ·12345`` becomes ``豫c12345``."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NEITHER.sub("", folded)


def grams(text: str) -> set[str]:
    """Every pair of neighbouring characters in a normalised text."""
    return {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}


def tokens_of(
    texts: Iterable[str], *, number: str, project_id: int, enterprise_id: int
) -> tuple[str, list[str]]:
    """The normalised text and the tokens of one ticket's search row.

    Pairs never span two texts. Further tokens are the serial part of the number without zeros,
    and the ids of project and enterprise, whose names may change.
    """
    parts = [part for part in map(normal, texts) if part]
    tokens = set().union(*map(grams, parts)) if parts else set()
    tokens |= {serial(number), project_token(project_id), enterprise_token(enterprise_id)}
    return "\n".join(parts), sorted(tokens)


def serial(number: str) -> str:
    """The token of a number's serial part: ``20200309-000123`` gives ``#123``."""
    return f"#{int(number.rpartition('-')[2])}"


def project_token(project_id: int) -> str:
    """The token of a project; three characters or more, so it is never mistaken for a pair."""
    return f"@p{project_id}"


def enterprise_token(enterprise_id: int) -> str:
    """The token of an enterprise."""
    return f"@e{enterprise_id}"

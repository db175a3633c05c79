"""The search index's tokens: characters and pairs of them, as officials type one or two.

A trigram index needs three, and half of what officials type has two (口罩, 格力, 水泥).
"""

from collections.abc import Iterable

from projects.record.folding import fold


def grams(text: str) -> set[str]:
    """Every pair of neighbouring characters in a folded text."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def signs(text: str) -> set[str]:
    """Every Chinese character of a folded text; a single letter or digit is no word."""
    return {sign for sign in text if not sign.isascii()}


def tokens_of(
    texts: Iterable[str], *, number: str, project_id: int, enterprise_id: int
) -> tuple[str, list[str]]:
    """The folded text and the tokens of one ticket's search row.

    Pairs never span two texts. Further tokens are the serial part of the number without zeros,
    and the ids of project and enterprise, whose names may change.
    """
    parts = [part for part in map(fold, texts) if part]
    tokens = {serial(number), project_token(project_id), enterprise_token(enterprise_id)}
    tokens.update(*map(grams, parts), *map(signs, parts))
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

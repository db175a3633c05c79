"""The chapters of a bulletin, in the order in which officials expect them."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Chapter:
    """One chapter; ``key`` is stable, because an editor's words are kept by it."""

    key: str
    order: int
    title: Promise


OVERALL: Final = Chapter("overall", 10, pgettext_lazy("chapter", "Overall situation"))
RESUMPTION: Final = Chapter("resumption", 20, pgettext_lazy("chapter", "Resumption and starts"))
FACTORS: Final = Chapter("factors", 50, pgettext_lazy("chapter", "Tickets and what they asked for"))
PROBLEMS: Final = Chapter("problems", 60, pgettext_lazy("chapter", "Problems"))
NEXT: Final = Chapter("next", 70, pgettext_lazy("chapter", "Next steps"))

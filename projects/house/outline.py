"""The chapters of a bulletin and of the daily brief, in the order that officials expect."""

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
INVESTMENT: Final = Chapter("investment", 30, pgettext_lazy("chapter", "Investment completed"))
FACTORS: Final = Chapter("factors", 50, pgettext_lazy("chapter", "Tickets and what they asked for"))
PROBLEMS: Final = Chapter("problems", 60, pgettext_lazy("chapter", "Problems"))
NEXT: Final = Chapter("next", 70, pgettext_lazy("chapter", "Next steps"))

REPORTS_OF_DAY: Final = Chapter("reports", 110, pgettext_lazy("chapter", "Daily reports"))
CHANGES_OF_DAY: Final = Chapter("changes", 120, pgettext_lazy("chapter", "Since the day before"))
TICKETS_OF_DAY: Final = Chapter("handling", 130, pgettext_lazy("chapter", "Tickets of the day"))

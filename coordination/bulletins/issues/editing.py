"""What an editor may write: words of his own around the numbers of the figures."""

from collections.abc import Mapping
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.bulletins.drafting import WRITTEN, Given, paper_of
from coordination.bulletins.models import Issue, Language
from coordination.bulletins.numbers import foreign_numbers, numbers_in, unknown_numbers
from coordination.bulletins.paper import Paper
from coordination.bulletins.paragraphs import OPENING, TITLE
from projects.house.blocks import Period
from projects.record.refusals import Checker
from projects.record.text import prose

LONGEST: Final = 4000
LONGEST_TITLE: Final = 120
_MOST_NAMED: Final = 5  # numbers that a refusal lists
UNKNOWN_NUMBERS: Final = gettext_lazy(
    "The issue's figures do not have %(numbers)s; other numbers may be dates, times and ordinals."
)
_FREE: Final = frozenset(chapter.key for chapter in WRITTEN)


def drafted(issue: Issue, language: str) -> dict[str, str]:
    """The words of each paragraph as drafted, by its key; empty for what only an editor writes."""
    paper = _draft(issue, language)
    texts = {TITLE: paper.title, OPENING: paper.opening}
    for section in paper.sections:
        texts |= {paragraph.key: paragraph.text for paragraph in section.paragraphs}
    return texts | {chapter.key: texts.get(chapter.key, "") for chapter in WRITTEN}


def labels_of(issue: Issue, language: str) -> dict[str, str]:
    """What each paragraph is called, in the reader's language: its chapter and its heading."""
    labels = {TITLE: _("title of an issue"), OPENING: _("opening")}
    for section in _draft(issue, language).sections:
        for paragraph in section.paragraphs:
            labels[paragraph.key] = f"{section.title} {paragraph.heading}".strip()
    return labels | {chapter.key: str(chapter.title) for chapter in WRITTEN}


def require_worded(issue: Issue, language: str, wordings: Mapping[str, str]) -> dict[str, str]:
    """The texts in their canonical form, without those that equal the draft.

    Raises Invalid by paragraph: unknown, too long, or with a number that is not allowed there.
    """
    check = Checker()
    check.require(language in Language.values, "language", _("Unknown language."), "language")
    check.require(wordings, "wordings", _("Nothing was edited."), "required")
    check.finish()
    texts = drafted(issue, language)
    figures = figures_on(_draft(issue, language))
    worded = {key: prose(text) for key, text in wordings.items()}
    for key, text in worded.items():
        if key not in texts:
            check.require(False, key, _("This issue has no such paragraph."), "unknown")
            continue
        longest = LONGEST_TITLE if key == TITLE else LONGEST
        message = _("At most %(most)s characters.") % {"most": longest}
        check.require(len(text) <= longest, key, message, "max_length")
        if key == TITLE and issue.is_extra:
            wrong = unknown_numbers(text, figures | years_of(issue.bulletin.period))
            message = str(UNKNOWN_NUMBERS)
        elif key in _FREE:
            wrong, message = unknown_numbers(text, figures), str(UNKNOWN_NUMBERS)
        else:
            wrong = foreign_numbers(text, texts[key])
            message = _("Its figures do not have %(numbers)s: words may be changed, figures not.")
        numbers = _(", ").join(wrong[:_MOST_NAMED])
        check.require(not wrong, key, message % {"numbers": numbers}, "number")
    check.finish()
    return {key: "" if text == texts[key] else text for key, text in worded.items()}


def _draft(issue: Issue, language: str) -> Paper:
    given = Given(language=language, series=issue.series, links=False)
    return paper_of(issue.bulletin.blocks, issue.bulletin.period, given)


def years_of(period: Period) -> set[str]:
    """The years that an extra issue's title may name."""
    return {str(timezone.localdate(moment).year) for moment in (period.start, period.end)}


def figures_on(paper: Paper) -> set[str]:
    """Every number that the issue says or has in a table, without those within words."""
    said = [each.text for section in paper.sections for each in section.paragraphs]
    for sheet in paper.sheets():
        numbers = [place for place, is_text in enumerate(sheet.texts) if not is_text]
        said += [row.cells[place].text for row in sheet.rows for place in numbers]
    return {number for text in said for number in numbers_in(text)}

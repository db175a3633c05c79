"""What editors changed in an issue's words: each paragraph, its wordings, who wrote them when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coordination.bulletins.issues.differences import Piece, after_of, before_of, differences
from coordination.bulletins.issues.editing import drafted, labels_of
from coordination.bulletins.models import Issue, IssueEvent, Language, Wording
from coordination.staff.models import Officer


@dataclass(frozen=True)
class Version:
    """One wording of a paragraph."""

    by: Officer | None
    at: datetime
    is_draft: bool  # the drafted words were restored
    text: str


@dataclass(frozen=True)
class Change:
    """A paragraph that was edited: as drafted beside as it reads now, and its wordings.

    ``versions`` are newest first.
    """

    key: str
    label: str
    drafted: tuple[Piece, ...]
    now: tuple[Piece, ...]
    versions: tuple[Version, ...]

    @property
    def is_changed(self) -> bool:
        """Whether it reads otherwise than it was drafted."""
        return self.drafted != self.now


def changes_of(issue: Issue, language: str) -> list[Change]:
    """Every paragraph that was ever edited, in the order of the issue."""
    rows = defaultdict[str, list[Wording]](list)
    found = Wording.objects.filter(event__issue=issue, language=language)
    for row in found.select_related("event__officer").order_by("pk"):
        rows[row.paragraph].append(row)
    if not rows:
        return []
    texts, labels = drafted(issue, language), labels_of(issue, language)
    order = [*texts, *sorted(rows.keys() - texts.keys())]
    return [
        _change(key, labels.get(key, key), texts.get(key, ""), rows[key])
        for key in order if key in rows
    ]  # fmt: skip


def all_changes(issue: Issue) -> list[tuple[str, str, list[Change]]]:
    """The same by language, each with its code and its name; without a language that has none."""
    every = ((code, str(name), changes_of(issue, code)) for code, name in Language.choices)
    return [each for each in every if each[2]]


def wordings_at(issue: Issue, language: str, version: int) -> dict[str, str]:
    """The edited words by paragraph as they were at an earlier version of the issue."""
    rows = Wording.objects.filter(
        event__issue=issue, event__seq__lte=version, language=language
    ).order_by("pk")  # fmt: skip
    return {key: text for key, text in dict(rows.values_list("paragraph", "text")).items() if text}


def since(issue: Issue, version: int) -> list[IssueEvent]:
    """What was done with the issue after that version."""
    return list(
        issue.events.filter(seq__gt=version).select_related("officer", "text").order_by("seq")
    )


def _change(key: str, label: str, draft: str, rows: Sequence[Wording]) -> Change:
    """Only the newest wording is compared with the draft: a page does so at each view."""
    versions = tuple(
        Version(row.event.officer, row.event.recorded_at, not row.text, row.text or draft)
        for row in reversed(rows)
    )
    pieces = differences(draft, versions[0].text)
    return Change(key, label, tuple(before_of(pieces)), tuple(after_of(pieces)), versions)

"""What was recorded after an issue: corrections in later issues, and supplements of new blocks.

The issue itself never changes. Its page and the API show these beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.issues.queries import published, reason_of
from coordination.bulletins.models import Issue
from projects.progress.block_late import TITLES

_LATEST: Final = timedelta(days=400)  # reports for days more than a year ago correct nothing


@dataclass(frozen=True)
class Correction:
    """One figure of an issue, as a later issue corrects it.

    ``figure`` is its name in the API, ``title`` what people call it.
    """

    by: Issue
    figure: str
    title: str | Promise
    before: int
    after: int


def corrections_of(issue: Issue, *, is_staff: bool) -> list[Correction]:
    """What later issues in force correct of it, the earliest first; of an extra issue nothing."""
    if issue.is_extra:
        return []
    week = timezone.localdate(issue.bulletin.cut_off).isoformat()
    rows = _correcting(issue, week).order_by("bulletin__cut_off")
    return [each for later in rows for each in _in(later, week, is_staff=is_staff)]


def newer_edition(issue: Issue) -> tuple[Issue, str] | None:
    """The edition in force that replaced it, and why; None if it is in force itself, or a draft."""
    bulletin = issue.bulletin
    row = published().filter(
        bulletin__series=bulletin.series, bulletin__cut_off=bulletin.cut_off,
        edition__gt=issue.edition,
    ).first()  # fmt: skip
    return (row, reason_of(row)) if row is not None else None


def _correcting(issue: Issue, week: str) -> QuerySet[Issue]:
    has = [{"week": week}]
    late = Q(bulletin__blocks__late__figures__corrections__contains=has)
    named = Q(bulletin__blocks__named__figures__corrections__contains=has)
    cut_off = issue.bulletin.cut_off
    window = {"bulletin__cut_off__gt": cut_off, "bulletin__cut_off__lte": cut_off + _LATEST}
    return published().filter(late | named, **window)


def _in(later: Issue, week: str, *, is_staff: bool) -> Iterator[Correction]:
    blocks = later.bulletin.blocks
    for row in _rows(blocks, "late", week):
        name = row["figure"]
        yield Correction(later, name, TITLES.get(name, name), row["before"], row["after"])
    for row in _rows(blocks, "named", week) if is_staff else ():
        yield Correction(later, "named", _("tickets named"), row["before"], row["after"])


def _rows(blocks: dict[str, Any], name: str, week: str) -> Iterator[dict[str, Any]]:
    for row in blocks.get(name, {}).get("figures", {}).get("corrections", ()):
        if row["week"] == week:
            yield row

"""Questions about issues of the bulletin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from coordination.bulletins.models import Bulletin, Issue, Language, Series, Wording
from coordination.bulletins.models.issue import IN_FORCE

_IN_FORCE: Final = sorted(IN_FORCE)


def issues() -> QuerySet[Issue]:
    """Every issue with its figures' row."""
    return Issue.objects.select_related("bulletin", "editor", "reviewer", "signer")


def published() -> QuerySet[Issue]:
    """The issues in force: signed, and of each week the newest signed edition, newest first."""
    in_force = Issue.objects.filter(status__in=_IN_FORCE)
    newer = in_force.filter(
        bulletin__series=OuterRef("bulletin__series"),
        bulletin__cut_off=OuterRef("bulletin__cut_off"), edition__gt=OuterRef("edition"),
    )  # fmt: skip
    return issues().filter(~Exists(newer), status__in=_IN_FORCE)


def published_bulletins() -> QuerySet[Bulletin]:
    """The figures of the issues in force."""
    return Bulletin.objects.filter(issue__in=published().values("pk")).select_related("issue")


def issue_of(cut_off: datetime) -> Issue | None:
    """The latest published edition of the bulletin of a cut-off."""
    of_week = issues().filter(bulletin__series=Series.WEEKLY, bulletin__cut_off=cut_off)
    return of_week.filter(status__in=_IN_FORCE).order_by("-edition").first()


def earlier_unpublished(issue: Issue) -> Issue | None:
    """The first issue of an earlier week that has no number yet."""
    earlier = issues().filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off__lt=issue.bulletin.cut_off,
        edition=1, number=None,
    )  # fmt: skip
    return earlier.order_by("bulletin__cut_off").first()


def has_newer_edition(issue: Issue) -> bool:
    """Whether there is an edition after this one, published or not."""
    return Issue.objects.filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off,
        edition__gt=issue.edition,
    ).exists()  # fmt: skip


def wordings_of(issue: Issue, language: str) -> Mapping[str, str]:
    """The edited words of each paragraph that has any, by its key; the newest of each."""
    rows = Wording.objects.filter(event__issue=issue, language=Language(language)).order_by("pk")
    newest = dict(rows.values_list("paragraph", "text"))
    return {paragraph: text for paragraph, text in newest.items() if text}

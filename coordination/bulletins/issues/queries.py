"""Questions about issues of the bulletin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from coordination.bulletins.models import (
    Bulletin,
    Issue,
    IssueEvent,
    IssueVerb,
    Language,
    Series,
    ServicePeriod,
    Status,
    Wording,
)
from coordination.bulletins.models.issue import IN_FORCE
from coordination.bulletins.paragraphs import TITLE
from coordination.bulletins.queries_series import schemas_of
from coordination.bulletins.week import cut_offs
from coordination.staff.models import Officer

_IN_FORCE: Final = sorted(IN_FORCE)


def issues() -> QuerySet[Issue]:
    """Every issue with its figures' row."""
    return Issue.objects.select_related("bulletin", "editor", "reviewer", "signer")


def listed(among: QuerySet[Issue] | None = None) -> QuerySet[Issue]:
    """Every issue with its ``own_title``, and of its figures ``rate`` and ``kinds`` alone.

    Only those ``among`` these rows, if given.
    """
    resumption, tickets = (
        KeyTransform("figures", KeyTransform(block, "bulletin__blocks"))
        for block in ("resumption", "tickets")
    )
    titles = Wording.objects.filter(
        event__issue=OuterRef("pk"), paragraph=TITLE, language=Language.CHINESE
    ).order_by("-pk")  # fmt: skip
    rows = issues() if among is None else among
    return rows.defer("bulletin__blocks").annotate(
        rate=KeyTextTransform("rate", resumption), kinds=tickets,
        own_title=Subquery(titles.values("text")[:1]),
    )  # fmt: skip


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


def extra_issue_of(year: int, number: int) -> Issue | None:
    """The latest published edition of an extra issue."""
    found = issues().filter(series=Series.EXTRA, year=year, number=number, status__in=_IN_FORCE)
    return found.order_by("-edition").first()


def earlier_unpublished(issue: Issue) -> Issue | None:
    """The first issue of an earlier week that has no number yet."""
    earlier = issues().filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off__lt=issue.bulletin.cut_off,
        edition=1, number=None,
    )  # fmt: skip
    return earlier.order_by("bulletin__cut_off").first()


def all_wordings(issue: Issue) -> dict[str, dict[str, str]]:
    """The edited words by language and paragraph."""
    return {language: dict(wordings_of(issue, language)) for language in Language.values}


def first_missing_before(issue: Issue) -> datetime | None:
    """The first cut-off of a service period before the issue's that has no bulletin yet."""
    until = issue.bulletin.cut_off
    built = set(
        Bulletin.objects.filter(series=issue.bulletin.series, cut_off__lt=until)
        .values_list("cut_off", flat=True)
    )  # fmt: skip
    due = (
        cut_off
        for period in ServicePeriod.objects.all()
        for cut_off in cut_offs(period.during.lower, period.during.upper, until)
    )
    return min((cut_off for cut_off in due if cut_off not in built), default=None)


def has_edited_words(issue: Issue) -> bool:
    """Whether anybody worded any of it, its title at the beginning too."""
    return Wording.objects.filter(event__issue=issue).exists()


def edited(issue: Issue, by: Officer) -> bool:
    """Whether he worded any of it, its title at the beginning too."""
    return Wording.objects.filter(event__issue=issue, event__officer=by).exists()


def reason_of(issue: Issue) -> str:
    """Why the edition was made that replaces an earlier one; empty for a first edition."""
    event = (
        IssueEvent.objects.filter(
            verb=IssueVerb.SUPERSEDE, payload__edition=issue.edition,
            issue__bulletin__series=issue.bulletin.series,
            issue__bulletin__cut_off=issue.bulletin.cut_off,
        ).select_related("text").order_by("pk").last()
    )  # fmt: skip
    return str(event.text.body.get("reason", "")) if event else ""


def edition_replaced_by(issue: Issue) -> Issue | None:
    """The edition that was in force before this one; None of a first edition."""
    earlier = Issue.objects.filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off,
        edition__lt=issue.edition, status__in=_IN_FORCE,
    )  # fmt: skip
    return earlier.order_by("-edition").first()


def has_signed_successor(issue: Issue) -> bool:
    """Whether a newer edition is in force."""
    return Issue.objects.filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off,
        edition__gt=issue.edition, status__in=_IN_FORCE,
    ).exists()  # fmt: skip


def has_newer_edition(issue: Issue) -> bool:
    """Whether there is an edition after this one, published or not, that was not discarded."""
    newer = Issue.objects.filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off,
        edition__gt=issue.edition,
    )  # fmt: skip
    return newer.exclude(status=Status.DISCARDED).exists()


def next_edition(issue: Issue) -> int:
    """The number of its week's next edition; that of a discarded one is not used again."""
    of_week = Issue.objects.filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off
    )
    newest: int = of_week.aggregate(newest=Max("edition"))["newest"]
    return newest + 1


def wordings_of(issue: Issue, language: str) -> Mapping[str, str]:
    """The edited words of each paragraph that has any, by its key; the newest of each."""
    rows = Wording.objects.filter(event__issue=issue, language=Language(language)).order_by("pk")
    newest = dict(rows.values_list("paragraph", "text"))
    return {paragraph: text for paragraph, text in newest.items() if text}


def missing_blocks(bulletin: Bulletin) -> dict[str, int]:
    """The newest schema of each block that neither the issue nor a supplement of it has."""
    known = {*bulletin.blocks, *bulletin.supplements.values_list("block", flat=True)}
    newest = schemas_of(bulletin.series)
    return {name: schema for name, schema in newest.items() if name not in known}

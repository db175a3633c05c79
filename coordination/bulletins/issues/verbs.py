"""The verbs of an issue, from its draft to its distribution, and those that correct it."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.bulletins.counting import bulletin_hash, count_at_once
from coordination.bulletins.faces.fonts import missing_characters
from coordination.bulletins.issues.distribution import send_off, settled
from coordination.bulletins.issues.editing import require_worded
from coordination.bulletins.issues.printing import Signature, files_of, printed
from coordination.bulletins.issues.queries import all_wordings, next_edition
from coordination.bulletins.issues.step import ACTORS, MACHINE, Actor
from coordination.bulletins.issues.webhooks import held_endpoints, tell_enterprises
from coordination.bulletins.models import (
    Bulletin,
    Face,
    Format,
    Issue,
    IssueEvent,
    IssueVerb,
    Language,
    Wording,
)
from coordination.bulletins.models.recipient import ENCLOSED_FORMATS
from coordination.bulletins.paragraphs import TITLE
from coordination.bulletins.queries_series import schemas_of
from coordination.staff.models import Officer
from projects.flow.actors import SYSTEM
from projects.flow.step import require_text
from projects.house.blocks import Audience
from projects.record.canonical import digest
from projects.record.clock import now
from projects.record.refusals import Checker, NotAllowed, Stale

_MOST_NAMED: Final = 5  # characters that a refusal lists


def draft(
    *, bulletin: Bulletin, titles: Mapping[str, str] | None = None, by: Actor = SYSTEM
) -> Issue:
    """Begin the issue of a bulletin's figures. Call it in the change that wrote the figures.

    An extra issue has ``titles`` of its own by language; whoever begins it is its first editor.
    """
    issue = Issue(bulletin=bulletin, series=bulletin.series, edition=bulletin.edition)
    payload: dict[str, Any] = {"figures": bulletin.hash, "edition": bulletin.edition}
    if titles and isinstance(by, Officer):
        issue.editor = by
        payload["paragraphs"] = [TITLE]
    event = MACHINE.begin(IssueVerb.DRAFT, thing=issue, payload=payload, text={}, by=by)
    Wording.objects.bulk_create(
        Wording(event=event, language=language, paragraph=TITLE, text=text)
        for language, text in sorted((titles or {}).items())
    )
    return issue


def edit(
    *, issue: Issue, language: str, wordings: Mapping[str, str], version: int | None = None,
    by: Officer,
) -> Issue:  # fmt: skip
    """Replace the words of paragraphs, by their keys; an empty text restores the draft's.

    Raises Invalid for an unknown paragraph, and for a number that the figures do not have.
    """
    worded = require_worded(issue, language, wordings)
    with MACHINE.step(IssueVerb.EDIT, thing=issue, version=version, by=by) as this:
        this.thing.editor = by
        this.payload = {"language": language, "paragraphs": sorted(worded)}

        def keep(event: IssueEvent) -> None:
            Wording.objects.bulk_create(
                Wording(event=event, language=language, paragraph=key, text=text)
                for key, text in sorted(worded.items())
            )

        this.also.append(keep)
    return this.thing


def review(*, issue: Issue, version: int | None = None, by: Officer) -> Issue:
    """Declare the draft right; it waits for its signature."""
    with MACHINE.step(IssueVerb.REVIEW, thing=issue, version=version, by=by) as this:
        this.thing.reviewer = by
    return this.thing


def send_back(*, issue: Issue, reason: str, version: int | None = None, by: Officer) -> Issue:
    """Return a reviewed issue to its editor."""
    text = require_text(reason=reason)
    with MACHINE.step(IssueVerb.SEND_BACK, thing=issue, version=version, by=by) as this:
        this.thing.reviewer = None
        this.text = dict(text)
    return this.thing


def publish(*, issue: Issue, version: int | None = None, by: Officer) -> Issue:
    """Sign the issue: number it, and keep every file of it as it is now.

    The files are made before the change begins, so that nobody waits for them. Raises Stale where
    the issue was changed meanwhile, NotAllowed where a character cannot be printed.
    """
    issue = Issue.objects.select_related("bulletin", "editor", "reviewer").get(pk=issue.pk)
    ACTORS.require(IssueVerb.PUBLISH, issue, version, by)
    signed = _next_signature(issue, by)
    _require_printable(issue, signed)
    files = list(files_of(issue, signed))
    with MACHINE.step(IssueVerb.PUBLISH, thing=issue, version=issue.version, by=by) as this:
        if _next_signature(issue, by) != signed:
            raise Stale
        row = this.thing
        row.year, row.number, row.total = signed.year, signed.number, signed.total
        row.day, row.signer = signed.day, by
        this.payload = {
            "year": signed.year, "number": signed.number, "total": signed.total,
            "day": signed.day.isoformat(), "figures": issue.bulletin.hash,
            "files": {each.key: each.sha256 for each in files},
            "signer": str(by), "words": digest(all_wordings(issue)),
        }  # fmt: skip
        this.also.append(lambda _event: Face.objects.bulk_create(files))
    return this.thing


def distribute(
    *, issue: Issue, formats: Sequence[str] = (Format.PDF,), version: int | None = None,
    by: Actor = SYSTEM,
) -> Issue:  # fmt: skip
    """Send the issue off: to everybody of the centre, to its recipients and to enterprises.

    Mails to officers enclose the ``formats`` of the staff's own edition. Raises Invalid for a
    format that no mail encloses.
    """
    _require_enclosed(formats)
    with MACHINE.step(IssueVerb.DISTRIBUTE, thing=issue, version=version, by=by) as this:
        to, endpoints, row = settled(formats, by), held_endpoints(), this.thing
        this.payload = to.payload | {"endpoints": len(endpoints)}
        this.also.append(lambda event: send_off(row, to, event.recorded_at))
        this.also.append(lambda event: tell_enterprises(row, endpoints, event.recorded_at))
    return this.thing


def _require_enclosed(formats: Sequence[str]) -> None:
    known = {kind for kind, _label in ENCLOSED_FORMATS}
    check = Checker()
    check.require(set(formats) <= known, "formats", _("There is no such format."), "choice")
    check.finish()


def supersede(*, issue: Issue, reason: str, version: int | None = None, by: Officer) -> Issue:
    """Begin a new edition because of an error of ours; the issue stays as it was published.

    Returns the draft of the new edition. Its figures are counted again from what was recorded up
    to the cut-off, by today's rules.
    """
    text = require_text(reason=reason)
    issue = Issue.objects.select_related("bulletin").get(pk=issue.pk)
    ACTORS.require(IssueVerb.SUPERSEDE, issue, version, by)
    old = issue.bulletin
    blocks = count_at_once(old.period, schemas_of(old.series), from_sealed=True)
    with MACHINE.step(IssueVerb.SUPERSEDE, thing=issue, version=version, by=by) as this:
        this.text = dict(text)
        edition = next_edition(issue)
        this.payload = {"edition": edition}
        figures = Bulletin.objects.create(
            series=old.series, start=old.start, cut_off=old.cut_off, edition=edition,
            blocks=blocks, built_at=this.at,
            hash=bulletin_hash(old.cut_off, blocks, series=old.series, start=old.start),
        )  # fmt: skip
        return draft(bulletin=figures, titles=_titles_of(issue), by=by)


def _titles_of(issue: Issue) -> dict[str, str]:
    """The titles of an extra issue by language, which its next edition has too."""
    if not issue.is_extra:
        return {}
    found = {language: words.get(TITLE, "") for language, words in all_wordings(issue).items()}
    return {language: text for language, text in found.items() if text}


def discard(*, issue: Issue, reason: str, version: int | None = None, by: Officer) -> Issue:
    """Give up a draft that was begun to correct an issue, or an extra issue begun by mistake.

    The corrected issue stays in force, and can be corrected again by an edition with the next
    number.
    """
    text = require_text(reason=reason)
    with MACHINE.step(IssueVerb.DISCARD, thing=issue, version=version, by=by) as this:
        this.text = dict(text)
    return this.thing


def _next_signature(issue: Issue, by: Officer) -> Signature:
    """The numbers that the issue gets if it is signed now; those that it had in a new edition."""
    day = timezone.localdate(now())
    first = (
        Issue.objects.filter(
            bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off,
            edition__lt=issue.edition, number__isnull=False,
        ).order_by("edition").first()
    )  # fmt: skip
    if first is not None:
        return Signature(first.year or 0, first.number or 0, first.total, day, by)
    year = timezone.localdate(issue.bulletin.cut_off).year
    series = Issue.objects.filter(series=issue.series)
    of_year = series.filter(year=year).aggregate(newest=Max("number"))["newest"] or 0
    if issue.is_extra:
        return Signature(year, of_year + 1, None, day, by)
    of_all = series.aggregate(newest=Max("total"))["newest"] or 0
    return Signature(year, of_year + 1, of_all + 1, day, by)


def _require_printable(issue: Issue, signed: Signature) -> None:
    """Raise NotAllowed with the characters that no font has, and where they stand."""
    for language, audience in product(Language.values, Audience):
        paper = printed(issue, language=language, audience=audience, signed=signed)
        missing = missing_characters(paper)
        if missing:
            shown = missing[:_MOST_NAMED]
            places = _(", ").join(
                _("%(character)s in “%(place)s”") % {"character": character, "place": place}
                for character, place in shown
            )
            raise NotAllowed(
                _("No font of the desk has these characters: %(places)s.") % {"places": places}
            )

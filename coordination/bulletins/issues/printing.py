"""An issue as a paper, and the files in which it is published."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.bulletins.drafting import Given, paper_of
from coordination.bulletins.faces.renderers import RENDERERS
from coordination.bulletins.issues.addresses import extra_place, weekly_place, whole
from coordination.bulletins.issues.naming import number_line
from coordination.bulletins.issues.queries import reason_of, wordings_of
from coordination.bulletins.models import Face, Format, Issue, Language, Status
from coordination.bulletins.paper import Paper
from coordination.staff.models import Officer
from projects.house.blocks import Audience


@dataclass(frozen=True)
class Signature:
    """What publication adds to an issue: its numbers, its day, and who signs."""

    year: int
    number: int
    total: int | None
    day: date
    signer: Officer


def linked(issue: Issue, language: str) -> Paper:
    """The issue as the staff's page shows it: each figure with a link to the rows behind it."""
    return printed(issue, language=language, audience=Audience.STAFF, links=True)


def printed(
    issue: Issue,
    *,
    language: str,
    audience: Audience,
    signed: Signature | None = None,
    links: bool = False,
) -> Paper:
    """The issue as it is now, or as ``signed`` would publish it."""
    signed = signed or _signature_of(issue)
    with translation.override(language):
        given = Given(
            language=language,
            audience=audience,
            wordings=_seen(wordings_of(issue, language), audience),
            number=number_line(issue.series, signed.number, signed.total) if signed else "",
            day=signed.day if signed else None,
            mark=_mark(issue, signed, audience),
            signatures=tuple(_signatures(issue, signed)),
            hash=issue.bulletin.hash,
            address=_address(issue, signed),
            links=links,
            series=issue.series,
        )
    return paper_of(issue.bulletin.blocks, issue.bulletin.period, given)


def files_of(issue: Issue, signed: Signature) -> Iterator[Face]:
    """Every file of the issue as ``signed`` publishes it, not saved.

    In each format and language, once for the staff and once for all.
    """
    for language in Language.values:
        for audience in Audience:
            for kind, render in RENDERERS.items():
                links = kind == Format.PAGE and audience == Audience.STAFF
                content = render(
                    printed(issue, language=language, audience=audience, signed=signed, links=links)
                )
                yield Face(
                    issue=issue, format=kind, language=language, audience=audience,
                    sha256=hashlib.sha256(content).hexdigest(), content=content,
                )  # fmt: skip


def _seen(wordings: Mapping[str, str], audience: Audience) -> Mapping[str, str]:
    """The edited words that the audience may read: an enterprise reads drafted words alone."""
    return wordings if audience == Audience.STAFF else {}


def _signature_of(issue: Issue) -> Signature | None:
    if not issue.is_in_force:
        return None
    assert issue.signer is not None  # noqa: S101 - a constraint of the table
    return Signature(
        issue.year or 0, issue.number or 0, issue.total, issue.day or date.min, issue.signer
    )


def _address(issue: Issue, signed: Signature | None) -> str:
    """Where its figures are compared; an extra issue has an address once it has a number."""
    if not issue.is_extra:
        return whole(weekly_place(issue.bulletin).detail)
    return whole(extra_place(signed.year, signed.number).detail) if signed else ""


def _mark(issue: Issue, signed: Signature | None, audience: Audience) -> str:
    """That it is a draft, or a correction; to the staff with its reason, as it was typed."""
    draft = pgettext("mark of an issue", "Draft")
    if issue.status == Status.DISCARDED:
        draft = pgettext("mark of an issue", "Discarded")
    if issue.edition == 1:
        return "" if signed else draft
    mark = _("Corrected edition %(edition)s") % {"edition": issue.edition}
    if audience == Audience.STAFF:
        words = {"field": mark, "message": reason_of(issue)}
        mark = _("%(field)s: %(message)s") % words
    return mark if signed else f"{draft} · {mark}"


def _signatures(issue: Issue, signed: Signature | None) -> Iterator[tuple[str, str]]:
    signer = signed.signer if signed else None
    for label, officer in (
        (pgettext("bulletin", "editor"), issue.editor),
        (pgettext("bulletin", "reviewer"), issue.reviewer),
        (pgettext("bulletin", "signer"), signer),
    ):
        yield label, officer.name if officer else ""

"""Bulletins, their issues and briefs in the states to which the verbs lead."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from coordination.bulletins.briefs.build import brief_hash
from coordination.bulletins.build import build
from coordination.bulletins.counting import bulletin_hash, count_blocks
from coordination.bulletins.drafting import Given, paper_of
from coordination.bulletins.issues.step import MACHINE
from coordination.bulletins.issues.verbs import draft, publish, review
from coordination.bulletins.models import Brief, Bulletin, Issue, IssueVerb, Status
from coordination.bulletins.paper import Paper
from coordination.bulletins.week import brief_cut_off, day_to, week_to
from coordination.staff.models import Role
from projects.flow.step import locked_row
from projects.house.block_registry import BRIEFS
from projects.house.blocks import Audience, Period
from projects.record.clock import change, now
from tests.factories.coordination import director, officer


def frozen(cut_off: datetime, schemas: Mapping[str, int] | None = None) -> Bulletin:
    """The week's bulletin in force; its files are not made."""
    return in_force(draft_in_test(cut_off, schemas)).bulletin


def draft_in_test(cut_off: datetime, schemas: Mapping[str, int] | None = None) -> Issue:
    """The draft of the week, written as the builder does, which needs transactions of its own.

    Counted by these schemas, or by the newest.
    """
    blocks = count_blocks(week_to(cut_off), schemas)
    with change():
        bulletin = Bulletin.objects.create(
            series="weekly", cut_off=cut_off, blocks=blocks, built_at=now(),
            hash=bulletin_hash(cut_off, blocks),
        )  # fmt: skip
        return draft(bulletin=bulletin)


def brief_in_test(day: date) -> Brief:
    """The brief of the day, written as the builder does, which needs transactions of its own."""
    cut_off = brief_cut_off(day)
    blocks = count_blocks(day_to(cut_off), registry=BRIEFS)
    with change() as at:
        return Brief.objects.create(
            day=day, cut_off=cut_off, blocks=blocks, hash=brief_hash(cut_off, blocks), built_at=at
        )


def in_force(issue: Issue) -> Issue:
    """The draft, signed by the director without its files, which take a second to make.

    As if earlier weeks were signed, whether they are or not.
    """
    by, place = director(), 1 + Issue.objects.exclude(number=None).count()
    with change() as at:
        row = locked_row(issue)
        row.reviewer = by
        MACHINE.record_step(
            IssueVerb.REVIEW, thing=row, to=Status.REVIEWED, at=at, payload={}, text={}, by=by
        )
        row.year, row.number, row.total = issue.bulletin.cut_off.year, place, place
        row.day, row.signer = timezone.localdate(at), by
        payload = {
            "year": row.year, "number": place, "total": place, "day": row.day.isoformat(),
            "files": {},
        }  # fmt: skip
        MACHINE.record_step(
            IssueVerb.PUBLISH, thing=row, to=Status.PUBLISHED, at=at, payload=payload, text={},
            by=by,
        )  # fmt: skip
    return row


def draft_of(cut_off: datetime) -> Issue:
    """The draft of the week to the cut-off, built now."""
    return build(cut_off=cut_off).issue


def signed(issue: Issue) -> Issue:
    """The issue, reviewed by the duty desk and published by the director, with its files."""
    return publish(issue=review(issue=issue, by=officer(Role.DUTY_DESK)), by=director())


def drawn(blocks: Mapping[str, Any], period: Period, audience: Audience = Audience.STAFF) -> Paper:
    """What an issue of these figures prints, in Chinese."""
    return paper_of(blocks, period, Given(audience=audience))


def said_of(paper: Paper) -> list[str]:
    """The words of every paragraph."""
    return [each.text for section in paper.sections for each in section.paragraphs]

"""Build the brief of one day, or all that are missing, and count them again for a check."""

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.bulletins.briefs.telling import tell
from coordination.bulletins.build import due_for_check
from coordination.bulletins.counting import count_blocks, hash_of, snapshot
from coordination.bulletins.models import Brief, ServicePeriod
from coordination.bulletins.week import brief_cut_off, brief_days, day_to
from projects.house.block_registry import BRIEFS
from projects.record.clock import change, now, settle
from projects.record.findings import Difference, Finding, finding
from projects.record.refusals import NotAllowed

log = logging.getLogger(__name__)

_SERIES: Final = "daily"


def build_brief(*, day: date) -> Brief:
    """Build the brief of the day, or return the one that is there.

    It depends only on rows recorded up to 17:30, so anyone may build it. Raises NotAllowed before
    then, or if it does not reconcile.
    """
    cut_off = brief_cut_off(day)
    if now() <= cut_off:
        raise NotAllowed(_("This day is not over yet: its brief is cut off at 17:30."))
    if existing := Brief.objects.filter(day=day).first():
        return existing
    settle()  # all transactions with an earlier time have committed
    with snapshot():
        blocks = count_blocks(day_to(cut_off), registry=BRIEFS)
    return _written(day, cut_off, blocks)


def _written(day: date, cut_off: datetime, blocks: dict[str, Any]) -> Brief:
    """Keep the figures and tell of them, unless another process has.

    Of a day that was made up for later nobody is told: its brief is news no more.
    """
    with change() as at:
        brief, is_new = Brief.objects.get_or_create(
            day=day,
            defaults={
                "cut_off": cut_off, "blocks": blocks, "hash": brief_hash(cut_off, blocks),
                "built_at": at,
            },
        )  # fmt: skip
        if is_new and [*brief_days(day, None, at)] == [day]:
            tell(brief, at=at)
    return brief


def build_missing_briefs() -> list[Brief]:
    """Build the brief of every day of a service period that is over and has none.

    A day that cannot be built, whatever the reason, keeps no other from being built. Raises what
    the first of them raised, after all others are there.
    """
    built = set(Brief.objects.values_list("day", flat=True))
    due = {
        day
        for period in ServicePeriod.objects.all()
        for day in brief_days(period.during.lower, period.during.upper, now())
    }
    briefs, errors = list[Brief](), list[Exception]()
    for day in sorted(due - built):
        try:
            briefs.append(build_brief(day=day))
        except Exception as error:  # noqa: BLE001 - raised below
            log.error("no brief of %s: %s", day.isoformat(), error)
            errors.append(error)
    if errors:
        raise errors[0]
    return briefs


def brief_hash(cut_off: datetime, blocks: dict[str, Any]) -> str:
    """The hash over the cut-off and every block's hash."""
    return hash_of(_SERIES, cut_off, blocks)


def recount_brief(brief: Brief) -> dict[str, Any]:
    """Count a brief again, by its own schemas. Differs only if the record was altered."""
    schemas = {name: block["schema"] for name, block in brief.blocks.items()}
    with snapshot():
        return count_blocks(day_to(brief.cut_off), schemas, registry=BRIEFS)


def recounted_briefs(since: datetime | None) -> list[str]:
    """The briefs that a check looks at, each a part of it."""
    return due_for_check(Brief.objects.order_by("day"), since)


def wrong_briefs(number: str) -> Iterator[Finding]:
    """Name the brief if its blocks are not what counting again gives."""
    for brief in Brief.objects.filter(pk=number):
        try:
            is_right = recount_brief(brief) == brief.blocks
        except (NotAllowed, LookupError, TypeError):  # its blocks have another form now
            is_right = False
        is_right = is_right and brief.cut_off == brief_cut_off(brief.day)
        if not is_right or brief.hash != brief_hash(brief.cut_off, brief.blocks):
            yield finding(Brief, brief.journal_name, Difference.FIGURES)

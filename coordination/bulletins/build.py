"""Build one week's bulletin, or all that are missing."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.counting import bulletin_hash, count_at_once, count_blocks, snapshot
from coordination.bulletins.issues.verbs import draft
from coordination.bulletins.models import Bulletin, Series, ServicePeriod
from coordination.bulletins.queries import newest_edition
from coordination.bulletins.week import cut_offs, is_cut_off, running_week, week_to
from projects.record.clock import change, now, settle
from projects.record.findings import Difference, Finding, finding
from projects.record.refusals import FieldError, Invalid, NotAllowed

log = logging.getLogger(__name__)

_RECENT: Final = timedelta(weeks=8)
_TURN: Final = 30  # days


def _require_buildable(cut_off: datetime) -> None:
    if not is_cut_off(cut_off):
        message = _("A week ends on Monday at 17:00 in Shanghai.")
        raise Invalid([FieldError(("cut_off",), message, "cut-off")])
    if now() <= cut_off:
        raise NotAllowed(_("This week is not over yet."))


def _write(cut_off: datetime, blocks: dict[str, Any]) -> None:
    """Keep the figures and begin their issue, unless another process has."""
    with change() as at:
        bulletin, is_new = Bulletin.objects.get_or_create(
            series=Series.WEEKLY, cut_off=cut_off, edition=1,
            defaults={
                "blocks": blocks, "hash": bulletin_hash(cut_off, blocks), "built_at": at,
            },
        )  # fmt: skip
        if is_new:
            draft(bulletin=bulletin)


def build(*, cut_off: datetime) -> Bulletin:
    """Build the bulletin of the week to ``cut_off``, or return the one that is there.

    It depends only on rows recorded up to the cut-off, so anyone may build it. Raises Invalid
    if no week ends then, NotAllowed before the cut-off or if it does not reconcile.
    """
    _require_buildable(cut_off)
    if existing := newest_edition(cut_off):
        return existing
    settle()  # all transactions with an earlier time have committed
    with snapshot():
        blocks = count_blocks(week_to(cut_off), from_sealed=True)
    _write(cut_off, blocks)
    return Bulletin.objects.filter(series=Series.WEEKLY, cut_off=cut_off)[0]


def build_missing() -> list[Bulletin]:
    """Build every missing week whose cut-off has passed within a service period.

    A week that cannot be built, whatever the reason, keeps no other from being built. Raises what
    the first of them raised, after all others are there.
    """
    built = set(Bulletin.objects.filter(series=Series.WEEKLY).values_list("cut_off", flat=True))
    due = {
        cut_off
        for period in ServicePeriod.objects.all()
        for cut_off in cut_offs(period.during.lower, period.during.upper, now())
    }
    bulletins, errors = list[Bulletin](), list[Exception]()
    for cut_off in sorted(due - built):
        try:
            bulletins.append(build(cut_off=cut_off))
        except Exception as error:  # noqa: BLE001 - raised below
            log.error("no bulletin of %s: %s", cut_off.isoformat(), error)
            errors.append(error)
    if errors:
        raise errors[0]
    return bulletins


def recount(bulletin: Bulletin) -> dict[str, Any]:
    """Count a bulletin again from nothing, by its own schemas.

    Differs only if the record was altered, or a sealed count from which it was built.
    """
    with snapshot():
        return count_blocks(
            bulletin.period,
            {name: block["schema"] for name, block in bulletin.blocks.items()},
        )


def recounted(since: datetime | None) -> list[str]:
    """The bulletins that a check looks at, each a part of it."""
    return due_for_check(Bulletin.objects.order_by("cut_off", "edition"), since)


def due_for_check(rows: QuerySet[Any], since: datetime | None) -> list[str]:
    """The keys of the recent ones and of those whose turn it is, of rows with a cut-off.

    Each older one has its turn within ``_TURN`` days, also where nights were missed since the
    check before began. Given None, all.
    """
    at = now()
    first = timezone.localdate(since).toordinal() if since else 0
    turns = {day % _TURN for day in range(first, timezone.localdate(at).toordinal())}
    return [
        str(pk) for pk, cut_off in rows.values_list("pk", "cut_off")
        if cut_off >= at - _RECENT or pk % _TURN in turns
    ]  # fmt: skip


def wrong_figures(number: str) -> Iterator[Finding]:
    """Name the bulletin if its blocks are not what counting again from nothing gives."""
    for bulletin in Bulletin.objects.filter(pk=number):
        blocks = bulletin.blocks
        try:
            is_right = recount(bulletin) == blocks
        except (NotAllowed, LookupError, TypeError):  # its blocks have another form now
            is_right = False
        wanted = bulletin_hash(
            bulletin.cut_off, blocks, series=bulletin.series, start=bulletin.start
        )
        if not is_right or bulletin.hash != wanted:
            yield finding(Bulletin, bulletin.journal_name, Difference.FIGURES)


def preview(*, at: datetime | None = None) -> dict[str, Any]:
    """The blocks of the running week, from the last cut-off to ``at`` (now)."""
    return count_at_once(running_week(at or now()), from_sealed=True)

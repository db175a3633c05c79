"""Checking the record: every night, and whenever an officer asked for it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max, Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.audit.models import CheckBegin, CheckedPart, CheckRequest, RecordCheck
from coordination.audit.told import TOPIC
from coordination.delivery.announce import Message, announce
from coordination.staff.models import Officer, Role
from projects.house.rooms import Topic
from projects.record.anchors import anchor_record, newest_anchor
from projects.record.audit import compare, parts_due
from projects.record.clock import change, now
from projects.record.findings import Difference, finding
from projects.record.models import Anchor
from projects.record.refusals import NotAllowed, Refusal

log = logging.getLogger(__name__)

CHECKED: Final = Topic(TOPIC, gettext_lazy("The record was checked"))
MAY_ASK: Final = "audit.run_recordcheck"
MOST_KEPT: Final = 1000  # findings of one check
# Of what a comparison reads. A worker that is stopped raises something else, and goes on later.
_FAILURES: Final = (
    ArithmeticError, AttributeError, DatabaseError, LookupError, Refusal, TypeError, ValueError,
)  # fmt: skip
_NIGHT: Final = time(3)  # by then the day before is sealed, and what was due is purged
_CHECK_LOCK: Final = 0x5A544341  # "ZTCA": one check at a time


def request_check(*, by: Officer) -> CheckRequest:
    """Ask for a check; it begins within a minute. Raises NotAllowed if his role may not."""
    if not by.has_perm(MAY_ASK):
        raise NotAllowed(_("Your role does not allow this."))
    with change() as at:
        return CheckRequest.objects.create(officer=by, asked_at=at)


def check_due() -> int:
    """Check the record if it was not since three in the night, or if somebody asked since.

    A check that was interrupted goes on with the next of its parts. Returns the number of
    findings. Safe to call at any time: one check runs at a time.
    """
    with _alone() as is_alone:
        begin = _begin_due() if is_alone else None
        return _finish(begin).found if begin is not None else 0


def check_record() -> RecordCheck:
    """Anchor and check the whole record now, keep the result, and tell the auditors."""
    return _finish(_begin(is_whole=True))


def under_way() -> CheckBegin | None:
    """The newest check, unless it has ended."""
    newest = _newest()
    return None if newest is None or hasattr(newest, "result") else newest


def _begin_due() -> CheckBegin | None:
    """The check to be done now: one that was interrupted since last night, or another."""
    at, newest = now(), _newest()
    is_of_tonight = newest is not None and newest.began_at >= _last_night(at)
    if is_of_tonight and not hasattr(newest, "result"):
        return newest
    asked = _asked_for(at, since=_last_began())
    return None if is_of_tonight and not asked else _begin(is_whole=bool(asked))


def _begin(*, is_whole: bool) -> CheckBegin:
    """Seal the journal, and begin a check: of everything, or of what is due this night."""
    at = now()
    since = None if is_whole else _last_began()
    anchor_record()
    with change():
        return CheckBegin.objects.create(
            began_at=at, is_whole=since is None, parts=parts_due(since)
        )


def _finish(begin: CheckBegin) -> RecordCheck:
    """Compare the parts that are not done yet, each kept as it is done; then keep the whole."""
    done = set(begin.done.values_list("part", flat=True))
    for part in begin.parts:
        if part not in done:
            _check(begin, part)
    return _end(begin)


def _check(begin: CheckBegin, part: str) -> None:
    """Compare one part; where that fails, say so, and go on: an altered row must hide no other."""
    try:
        findings = compare(part)
        kept = list(islice(findings, MOST_KEPT))
        many = len(kept) + sum(1 for _finding in findings)
    except _FAILURES:
        log.exception("the part %s could not be compared", part)
        kept, many = [finding(CheckedPart, part, Difference.UNCOMPARED)], 1
    with change() as at:
        CheckedPart.objects.create(
            begin=begin, part=part, found=many, findings=[list(each) for each in kept],
            recorded_at=at,
        )  # fmt: skip


def _end(begin: CheckBegin) -> RecordCheck:
    """Keep what was found, and tell the auditors, and whoever asked for a check before it began.

    The newest anchor is in the message, which leaves the database.
    """
    parts = {each.part: each for each in begin.done.all()}
    findings = [each for name in begin.parts for each in parts[name].findings]
    anchor, sealed = newest_anchor(), Anchor.objects.aggregate(rows=Sum("entries"))
    with change() as at:
        row = RecordCheck.objects.create(
            begin=begin, began_at=begin.began_at, recorded_at=at, rows=sealed["rows"] or 0,
            found=sum(each.found for each in parts.values()), findings=findings[:MOST_KEPT],
            anchor_number=anchor.number if anchor else 0,
            anchor_hash=anchor.hash if anchor else "",
        )  # fmt: skip
        announce(_message(row), officers=_told(begin), at=at)
    return row


def _newest() -> CheckBegin | None:
    return CheckBegin.objects.select_related("result").order_by("-began_at", "-pk").first()


def _last_night(at: datetime) -> datetime:
    """The newest three o'clock in the night that has passed."""
    local = timezone.localtime(at)
    night = timezone.make_aware(datetime.combine(local.date(), _NIGHT))
    return night if night <= at else night - timedelta(days=1)


def _told(begin: CheckBegin) -> set[int]:
    """The auditors, and who asked for it."""
    auditors = Officer.objects.filter(is_active=True, role=Role.AUDITOR)
    return {
        *auditors.values_list("pk", flat=True),
        *_asked_for(begin.began_at, since=_last_began(besides=begin)),
    }


def _asked_for(at: datetime, *, since: datetime | None) -> set[int]:
    """Who asked for a check up to then."""
    asked = CheckRequest.objects.filter(asked_at__lte=at)
    if since is not None:
        asked = asked.filter(asked_at__gt=since)
    return set(asked.values_list("officer", flat=True))


def _last_began(besides: CheckBegin | None = None) -> datetime | None:
    """When the last check began, of those that have ended."""
    ended = CheckBegin.objects.filter(result__isnull=False)
    if besides is not None:
        ended = ended.exclude(pk=besides.pk)
    last: datetime | None = ended.aggregate(last=Max("began_at"))["last"]
    return last


def _message(row: RecordCheck) -> Message:
    with translation.override(settings.LANGUAGE_CODE):  # a record of what was said
        title = (
            ngettext(
                "The record was checked: %(number)d finding",
                "The record was checked: %(number)d findings",
                row.found,
            )
            if row.found
            else _("The record was checked: nothing was altered")
        )
        text = _("Note down the newest anchor: %(number)d, %(hash)s") % {
            "number": row.anchor_number, "hash": row.anchor_hash or "—",
        }  # fmt: skip
        return Message(
            CHECKED, title % {"number": row.found}, text, is_urgent=bool(row.found),
            link=reverse("admin:audit_recordcheck_change", args=[row.pk]),
        )  # fmt: skip


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other check is under way; this one is until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_CHECK_LOCK])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_CHECK_LOCK])

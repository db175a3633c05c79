"""Checking the record: every night, and whenever an officer asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.audit.models import CheckRequest, RecordCheck
from coordination.delivery.announce import Message, announce
from coordination.staff.models import Officer, Role
from projects.house.rooms import Topic
from projects.record.anchors import anchor_record, newest_anchor
from projects.record.audit import audit
from projects.record.clock import change, now
from projects.record.findings import Difference, Finding, finding
from projects.record.models import Anchor
from projects.record.refusals import NotAllowed

CHECKED: Final = Topic("record.checked", gettext_lazy("The record was checked"))
MAY_ASK: Final = "audit.run_recordcheck"
MOST_KEPT: Final = 1000  # findings of one check
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

    Returns the number of findings. Safe to call at any time: one check runs at a time.
    """
    with _alone() as is_alone:
        return check_record().found if is_alone and _is_due() else 0


def check_record() -> RecordCheck:
    """Anchor and check the whole record now, keep the result, and tell the auditors.

    Also whoever asked for it. The newest anchor is in the message, which leaves the database.
    """
    began = now()
    anchor_record()
    findings = _found()
    kept = list(islice(findings, MOST_KEPT))
    many = len(kept) + sum(1 for _finding in findings)
    anchor, sealed = newest_anchor(), Anchor.objects.aggregate(rows=Sum("entries"))
    with change() as at:
        before = _newest()
        row = RecordCheck.objects.create(
            began_at=began, recorded_at=at, rows=sealed["rows"] or 0, found=many,
            findings=[list(each) for each in kept], anchor_number=anchor.number if anchor else 0,
            anchor_hash=anchor.hash if anchor else "",
        )  # fmt: skip
        announce(_message(row), officers=_told(before), at=at)
    return row


def _found() -> Iterator[Finding]:
    """What differs, and each anchor that an earlier check told otherwise."""
    yield from audit()
    same = Anchor.objects.filter(number=OuterRef("anchor_number"), hash=OuterRef("anchor_hash"))
    told = RecordCheck.objects.exclude(anchor_number=0).exclude(Exists(same))
    numbers = told.order_by("anchor_number").values_list("anchor_number", flat=True).distinct()
    yield from (finding(Anchor, number, Difference.TOLD) for number in numbers)


def _newest() -> RecordCheck | None:
    return RecordCheck.objects.order_by("-began_at").first()


def _is_due() -> bool:
    newest, at = _newest(), now()
    if newest is None or newest.began_at < _last_night(at):
        return True
    return CheckRequest.objects.filter(asked_at__gt=newest.began_at).exists()


def _last_night(at: datetime) -> datetime:
    """The newest three o'clock in the night that has passed."""
    local = timezone.localtime(at)
    night = timezone.make_aware(datetime.combine(local.date(), _NIGHT))
    return night if night <= at else night - timedelta(days=1)


def _told(before: RecordCheck | None) -> set[int]:
    """The auditors, and who asked since the check before."""
    asked = CheckRequest.objects.all()
    if before is not None:
        asked = asked.filter(asked_at__gt=before.began_at)
    auditors = Officer.objects.filter(is_active=True, role=Role.AUDITOR)
    return {*auditors.values_list("pk", flat=True), *asked.values_list("officer", flat=True)}


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

"""Marking notices as read."""

from collections.abc import Iterable

from coordination.delivery.models import Notice
from coordination.delivery.queries import notices_of
from coordination.staff.models import Officer
from projects.record.clock import change
from projects.record.finding import get_or_missing


def open_notice(*, notice: int, by: Officer) -> Notice:
    """Mark the notice as read and return it. Raises Missing if it is not his."""
    with change() as at:
        row = get_or_missing(notices_of(by).select_for_update(), pk=notice)
        if row.read_at is None:
            row.read_at = at
            row.save(update_fields=["read_at"])
        return row


def mark_read(*, notices: Iterable[int] | None = None, by: Officer) -> int:
    """Mark these of his notices, or all, as read. Returns how many were unread."""
    with change() as at:
        rows = notices_of(by).filter(read_at=None)
        if notices is not None:
            rows = rows.filter(pk__in=list(notices))
        return rows.update(read_at=at)

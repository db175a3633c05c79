"""Addresses of the tickets that a bulletin's figure counts: entries of the check-off ledger."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from projects.house.blocks import Path, Period

NOBODY: Final = "(none)"  # the key of tickets that no group has

type Link = Callable[[Any, Path], str]


def entries_by_kind(column: str) -> Link:
    """The entries of a ledger's column in a row with a kind's key, or in all without one."""

    def address(period: Period, key: Path) -> str:
        return entries(column, period, {"by": "kind", "key": key[0]} if key else {})

    return address


def entries_by_group(column: str) -> Link:
    """The entries of a ledger's column in a row with a group's code, or in all without one."""

    def address(period: Period, key: Path) -> str:
        row = {"by": "group", "key": "none"} if key == (NOBODY,) else {"code": "".join(key)}
        return entries(column, period, row if key else {})

    return address


def entries(column: str, period: Period, row: dict[str, str]) -> str:
    """The entries of one figure of the period: the ledger's column, and of which row."""
    moments = {
        "since": timezone.localtime(period.start).isoformat(),
        "week": timezone.localtime(period.end).isoformat(),
    }
    return f"{reverse('admin:ledger_entries', args=[column])}?{urlencode(moments | row)}"


def one_ticket(_period: Any, key: Path) -> str:
    """The queue with this ticket alone; the key is its number."""
    query = urlencode({"status": "", "q": key[0]})
    return f"{reverse('admin:tickets_ticket_changelist')}?{query}"
